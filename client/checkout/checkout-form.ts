import { HIDDEN_VALUE, maskText } from '../../contracts/index.js';
import { type BrowserField, BrowserForm } from '../browser-form.js';

/** Who pays and with what, and the proof that the shop asked for it. */
const HIDDEN: ReadonlySet<string> = new Set(['PBX_PORTEUR', 'PBX_BILLING', 'PBX_REFABONNE', 'PBX_TOKEN', 'PBX_DATEVAL', 'PBX_HMAC']);

/**
 * What the customer's browser must post to the hosted page. `fields` and `html` contain data of the customer; its JSON, its text and what
 * Node's `inspect` shows are masked.
 *
 * @example
 * const checkout = client.checkout({ amount, reference, customer, urls });
 * response.setHeader('Cache-Control', 'no-store');
 * response.end(`<!doctype html><title>Payment</title>${checkout.html({ button: 'Pay' })}`);
 */
export class CheckoutForm extends BrowserForm {
  protected override defaultId(): string {
    return 'checkout';
  }

  protected override mask([name, value]: BrowserField): string {
    return HIDDEN.has(name) ? HIDDEN_VALUE : maskText(value);
  }

  override toString(): string {
    return `Checkout at ${this.url}`;
  }
}
