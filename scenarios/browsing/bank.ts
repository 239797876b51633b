import type { CustomerBrowser } from './customer-browser.js';
import { type FormPair, formsOf, leadingForm, type PageForm, type ReceivedPage } from './html-page.js';

/** What the customer can do at the bank. The first is the default. */
export const BANK_ACTS = ['confirm', 'decline', 'cancel', 'wrong-codes', 'leave', 'expire'] as const;

/** What the customer does at the bank. */
export type BankAct = (typeof BANK_ACTS)[number];

/** The code that the simulator's bank accepts. It shows it on its page. */
const TEST_CODE = '123456';
const WRONG_CODE = '000000';
/** More wrong codes than any bank allows. */
const MANY = 10;

/** Returns the form of the bank's page: the customer confirms or declines with it. Undefined: it is another page. */
export function bankForm(page: ReceivedPage): PageForm | undefined {
  return formsOf(page).find(({ buttons }) => buttons.some(([name, value]) => name === 'action' && value === 'confirm'));
}

/** The customer at the bank. */
export interface Customer {
  readonly browser: CustomerBrowser;
  /** Lets the time of the authentication of the page run out. */
  readonly expire: (page: ReceivedPage) => Promise<void>;
}

/** Returns the page after the act; undefined: the customer closed the window. */
type Act = (page: ReceivedPage, form: PageForm, customer: Customer) => Promise<ReceivedPage | undefined>;

const press =
  (action: string, code?: string): Act =>
  (page, form, { browser }) => {
    const typed: FormPair[] = code === undefined ? [] : [['code', code]];
    return browser.submit(page, form, [...typed, ['action', action]]);
  };

const enterWrongCodes: Act = async (page, form, customer) => {
  let [next, current]: [ReceivedPage, PageForm | undefined] = [page, form];
  for (let tries = 0; current && tries < MANY; tries++) {
    next = (await press('confirm', WRONG_CODE)(next, current, customer)) as ReceivedPage;
    current = bankForm(next);
  }
  return next;
};

const ACTS: Readonly<Record<BankAct, Act>> = {
  confirm: press('confirm', TEST_CODE),
  decline: press('decline'),
  cancel: press('cancel'),
  'wrong-codes': enterWrongCodes,
  leave: async () => undefined,
  // The page of the bank loads itself again when the time is over.
  expire: async (page, _, { browser, expire }) => {
    await expire(page);
    return browser.open({ url: page.url, method: 'GET' }, page);
  },
};

/** Where the customer's way ended. */
export interface Visit {
  readonly page: ReceivedPage;
  /** Whether the bank asked the customer. */
  readonly sawBank: boolean;
}

/** Follows the pages that lead on, and does the act where the bank asks. Resolves with the first page that does not lead on. */
export async function visit(first: ReceivedPage, act: BankAct, customer: Customer): Promise<Visit> {
  let page = first;
  let sawBank = false;
  for (;;) {
    const atBank = bankForm(page);
    const leading = atBank ? undefined : leadingForm(page);
    if (atBank && sawBank) return { page, sawBank };
    if (!atBank && !leading) return { page, sawBank };
    const next: ReceivedPage | undefined = atBank
      ? await ACTS[act](page, atBank, customer)
      : await customer.browser.submit(page, leading as PageForm);
    sawBank ||= atBank !== undefined;
    if (!next) return { page, sawBank };
    page = next;
  }
}
