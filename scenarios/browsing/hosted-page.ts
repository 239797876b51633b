import type { CustomerBrowser } from './customer-browser.js';
import { type FormPair, formsOf, linksOf, type PageForm, type ReceivedPage } from './html-page.js';

/** What the customer can do on the hosted page. The first is the default. */
export const HOSTED_ACTS = ['pay', 'twice', 'close', 'cancel', 'leave', 'expire'] as const;

/**
 * What the customer does on the hosted page: pays with each card until one is accepted; presses the button to pay twice; pays and closes the
 * window before it leads back to the shop; cancels; closes the window without paying; lets the time run out.
 */
export type HostedAct = (typeof HOSTED_ACTS)[number];

/** A card as it is entered on the hosted page. */
export interface PageCard {
  readonly PORTEUR: string;
  /** MMYY. */
  readonly DATEVAL: string;
  readonly CVV: string;
}

/** The customer on the hosted page. */
export interface PageCustomer {
  readonly act: HostedAct;
  /** The cards to pay with, one after the other was refused. */
  readonly cards: readonly PageCard[];
  /** Lets the time of the page run out. */
  readonly expire: (page: ReceivedPage, form: PageForm) => Promise<void>;
}

const hasButton = ({ buttons }: PageForm, action: string): boolean =>
  buttons.some(([name, value]) => name === 'action' && value === action);

/** Returns the form of the hosted page: the customer pays or cancels with it. Undefined: it is another page. */
export function cardForm(page: ReceivedPage): PageForm | undefined {
  return formsOf(page).find((form) => hasButton(form, 'pay'));
}

/** Whether the gateway refused to show the hosted page. */
export const isErrorPage = ({ status, text }: ReceivedPage): boolean => status !== 200 || /Erreur PAYBOX|Acc.{1,8}s refus/.test(text);

/** Returns the fields that the customer fills in. With a token the page asks for the CVV only. */
function entered({ visible }: PageForm, card: PageCard): FormPair[] {
  return Object.entries(card).filter(([name]) => visible.includes(name));
}

/** The address of the shop that the page has a link to, after a refusal. */
function shopLink(page: ReceivedPage): string | undefined {
  const { origin } = new URL(page.url);
  return linksOf(page).find((address) => /^https?:/.test(address) && new URL(address).origin !== origin);
}

/** A visit of the hosted page: what its customer has done so far. */
export class PageVisit {
  readonly #customer: PageCustomer;
  readonly #browser: CustomerBrowser;
  #paid = 0;
  #acted = false;

  constructor(customer: PageCustomer, browser: CustomerBrowser) {
    this.#customer = customer;
    this.#browser = browser;
  }

  /** How often the customer has paid, whether it was accepted or not. */
  get attempts(): number {
    return this.#paid;
  }

  /** Whether the customer has closed the window. */
  get hasClosedWindow(): boolean {
    return this.#customer.act === 'close' && this.#paid > 0;
  }

  /** Acts on the page. Undefined: the customer stays there, or closed the window. */
  async act(page: ReceivedPage, form: PageForm): Promise<ReceivedPage | undefined> {
    const { act, cards } = this.#customer;
    if (act === 'cancel' || act === 'leave' || act === 'expire') return this.#actOnce(page, form, act);
    const card = cards[this.#paid];
    if (card) {
      this.#paid += 1;
      return this.#pay(page, form, card);
    }
    const link = act === 'close' || this.#acted ? undefined : shopLink(page);
    this.#acted = true;
    return link === undefined ? undefined : this.#browser.open({ url: link, method: 'GET' }, page);
  }

  async #actOnce(page: ReceivedPage, form: PageForm, act: 'cancel' | 'leave' | 'expire'): Promise<ReceivedPage | undefined> {
    if (this.#acted || act === 'leave') return undefined;
    this.#acted = true;
    if (act === 'cancel') return this.#browser.submit(page, form, [['action', 'cancel']]);
    await this.#customer.expire(page, form);
    // The page loads itself again when the time is over.
    return this.#browser.open({ url: form.action, method: 'GET' }, page);
  }

  async #pay(page: ReceivedPage, form: PageForm, card: PageCard): Promise<ReceivedPage> {
    const press = () => this.#browser.submit(page, form, [...entered(form, card), ['action', 'pay']]);
    if (this.#customer.act !== 'twice') return press();
    // A browser shows the answer to the second click.
    const [, second] = await Promise.all([press(), press()]);
    return second;
  }
}
