import { HIDDEN_VALUE, maskField, maskText } from '../../contracts/index.js';
import { type BrowserField, BrowserForm } from '../browser-form.js';

const MASKS: Readonly<Record<string, (value: string) => string>> = {
  IdMerchant: maskText,
  IdSession: maskText,
  Amount: String,
  Currency: String,
  CCNumber: (value) => maskField('PORTEUR', value),
  URLHttpDirect: maskText,
  URLRetour: maskText,
};

/**
 * What the customer's browser must post to RemoteMPI to start an authentication. `fields` and `html` contain the card; its JSON, its text
 * and what Node's `inspect` shows are masked.
 *
 * @example
 * const authentication = client.authentication({ amount, card, session });
 * response.setHeader('Cache-Control', 'no-store');
 * response.end(`<!doctype html>${authentication.html()}<script src="/submit.js"></script>`);
 */
export class Authentication extends BrowserForm {
  protected override defaultId(): string {
    return 'authentication';
  }

  protected override mask([name, value]: BrowserField): string {
    return MASKS[name]?.(value) ?? HIDDEN_VALUE;
  }

  override toString(): string {
    return `Authentication at ${this.url}`;
  }
}
