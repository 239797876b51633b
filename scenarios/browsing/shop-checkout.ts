import { bankForm, type Visit } from './bank.js';
import { checkoutOf, isPageLate } from './checkout-record.js';
import { callsDelivered } from './delivered-calls.js';
import { cardForm, isErrorPage } from './hosted-page.js';
import type { ReceivedPage } from './html-page.js';
import type { Arrival } from './result-listener.js';
import { type Notified, readNotified, receivedFields } from './return-values.js';
import { ShopVisit } from './shop-visit.js';

/** Where the customer is, by the last page. */
const PAGES: readonly (readonly [name: string, is: (visit: Visit) => boolean])[] = [
  ['error', ({ page }) => isErrorPage(page)],
  ['bank', ({ page }) => bankForm(page) !== undefined],
  ['refused', ({ page, attempts }) => cardForm(page) !== undefined && attempts > 0],
  ['card', ({ page }) => cardForm(page) !== undefined],
];

/** Values of a checkout beside those of what the shop received. */
export const CHECKOUT_VALUES = ['page', 'status', 'html', 'first', 'server', 'browser', 'id'] as const;

/** A payment on the hosted page that a step started: its customer and what its shop receives. */
export class ShopCheckout extends ShopVisit {
  /** The number in the address of the page. Undefined: the page was refused. */
  id: string | undefined;
  /** The address of the page, where the customer can come back to it. */
  address: string | undefined;

  /** Reads the address of the page from the first answer of the gateway. */
  started(page: ReceivedPage): void {
    this.address = cardForm(page)?.action;
    this.id = this.address === undefined ? undefined : (new URL(this.address).searchParams.get('id') ?? undefined);
  }

  /** Reads a result that the shop received. */
  async read(arrival: Arrival): Promise<Notified> {
    return readNotified(arrival, this.sent.PBX_RETOUR ?? '', await this.control.text('/public-key.pem'));
  }

  async fields(): Promise<ReadonlyMap<string, string>> {
    const arrivals = this.listener.arrivalsOf(this.order);
    const received = receivedFields(await Promise.all(arrivals.map(async (arrival) => [arrival.way, await this.read(arrival)] as const)));
    const own = { page: this.#pageName(), status: this.visit && String(this.visit.page.status), html: this.seen?.first.text, id: this.id };
    return new Map([...received, ...Object.entries(own).filter((pair): pair is [string, string] => pair[1] !== undefined)]);
  }

  protected async isPageLate(): Promise<boolean> {
    if (this.id === undefined) return false;
    return isPageLate(await checkoutOf(this.control, this.id), this.asked, await this.now());
  }

  protected async receiveResults(): Promise<void> {
    await callsDelivered(this.control);
  }

  #pageName(): string {
    const { visit } = this;
    if (!visit) return 'waiting';
    if (this.listener.owns(visit.page.url)) return 'return';
    return PAGES.find(([, is]) => is(visit))?.[0] ?? 'receipt';
  }
}
