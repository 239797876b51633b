import type { CustomerBrowser } from './customer-browser.js';
import { cardForm, type PageCustomer, PageVisit } from './hosted-page.js';
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
  /** What the customer does on the hosted page. Undefined: the customer stays there. */
  readonly hosted?: PageCustomer;
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
  /** How often the customer paid on the hosted page. */
  readonly attempts: number;
}

/** Longest time until a page leads on by itself that the customer waits for, in seconds. A page with a time limit has a longer one. */
const LEADS_ON_WITHIN = 5;

/**
 * Opens the page that a page leads to by itself: by its form, or after seconds. Undefined: it does not lead on.
 *
 * @param waits whether the customer waits for the seconds
 */
function followed(page: ReceivedPage, browser: CustomerBrowser, waits: boolean): Promise<ReceivedPage> | undefined {
  const form = leadingForm(page);
  if (form) return browser.submit(page, form);
  const { refresh } = page;
  return waits && refresh && refresh.seconds <= LEADS_ON_WITHIN ? browser.open({ url: refresh.url, method: 'GET' }, page) : undefined;
}

/** Follows the pages that lead on, and acts on the hosted page and at the bank. Resolves with the first page that does not lead on. */
export async function visit(first: ReceivedPage, act: BankAct, customer: Customer): Promise<Visit> {
  const { browser, hosted } = customer;
  const onPage = hosted && new PageVisit(hosted, browser);
  let page = first;
  let sawBank = false;
  /** Whether the bank asked since the customer paid last. */
  let isAsked = false;

  const nextOf = async (): Promise<ReceivedPage | undefined> => {
    const [atBank, atCard] = [bankForm(page), cardForm(page)];
    if (atCard) {
      isAsked = false;
      return onPage?.act(page, atCard);
    }
    if (!atBank) return followed(page, browser, !onPage?.hasClosedWindow);
    if (isAsked) return undefined;
    sawBank = isAsked = true;
    return ACTS[act](page, atBank, customer);
  };

  for (let next: ReceivedPage | undefined = page; next; next = await nextOf()) page = next;
  return { page, sawBank, attempts: onPage?.attempts ?? 0 };
}
