import type { CaseContext } from '../case-context.js';
import { DEFAULT_CARD } from '../default-variables.js';
import type { AuthenticateStep } from '../scenario.js';
import { authenticationOf } from './authentication-record.js';
import { type BankAct, type Customer, visit } from './bank.js';
import { customerOf } from './customer.js';
import type { PageRequest } from './customer-browser.js';
import type { ReceivedPage } from './html-page.js';
import { type CustomerVisit, ShopAuthentication } from './shop-authentication.js';

/** The bank did not ask the customer, who was to do something there. */
export class BankError extends Error {
  override readonly name = 'BankError';
}

const FORM = 'application/x-www-form-urlencoded';

/** Returns the address of a page of the gateway of a case. */
function gatewayPage(context: CaseContext, path: string): string {
  return new URL(`cgi/${path}`, context.endpoint.url).href;
}

async function start(context: CaseContext, step: AuthenticateStep): Promise<ShopAuthentication> {
  const order = context.newOrder();
  const listener = await context.listener();
  const variables = {
    IdMerchant: context.endpoint.account.identifiant ?? '',
    IdSession: `${context.unique.reference}-${order}`,
    Amount: '1000',
    Currency: '978',
    CCNumber: DEFAULT_CARD.PORTEUR,
    CCExpDate: DEFAULT_CARD.DATEVAL,
    CVVCode: DEFAULT_CARD.CVV,
    ...listener.addressesOf(order),
    ...step.authenticate,
  };
  const omitted = new Set(step.without);
  const sent = Object.fromEntries(Object.entries(variables).filter(([name]) => !omitted.has(name)));
  const now = async (): Promise<Date> => {
    await context.clock();
    return context.now();
  };
  return new ShopAuthentication({ order, sent }, context.control(), listener, now);
}

function mpiRequest(context: CaseContext, { sent }: ShopAuthentication): PageRequest {
  const body = new URLSearchParams(sent).toString();
  return { url: gatewayPage(context, 'RemoteMPI.cgi'), method: 'POST', headers: { 'Content-Type': FORM }, body };
}

async function goTo(open: () => Promise<ReceivedPage>, act: BankAct, customer: Customer): Promise<CustomerVisit> {
  const first = await open();
  return { first, visit: await visit(first, act, customer) };
}

/** The customer opens the page of the bank of an earlier authentication again. */
async function comeBack(context: CaseContext, before: ShopAuthentication, { browser }: Customer): Promise<ReceivedPage> {
  const record = await authenticationOf(context.control(), before.IdSession);
  return browser.open({ url: gatewayPage(context, `ACS.cgi?ID3D=${record?.ID3D ?? ''}`), method: 'GET' });
}

/**
 * Starts an authentication at RemoteMPI, or continues that of an earlier step. The runner is the shop and the customer's browser.
 *
 * @throws BrowserError when a page does not come
 * @throws BankError when the step says what to do at the bank, and the bank does not ask
 */
export async function authenticate(step: AuthenticateStep, context: CaseContext): Promise<ShopAuthentication> {
  const customer = customerOf(context, context.closing);
  const before = step.on === undefined ? undefined : context.authenticationNamed(step.on);
  const authentication = before ?? (await start(context, step));
  const open = before ? () => comeBack(context, before, customer) : () => customer.browser.open(mpiRequest(context, authentication));
  await authentication.go(() => goTo(open, step.do ?? 'confirm', customer));
  const ended = authentication.visit;
  if (step.do !== undefined && ended && !ended.sawBank && ended.page.status === 200 && !ended.page.text.includes('Erreur'))
    throw new BankError(`The bank did not ask the customer, who was to ${step.do}.`);
  return authentication;
}
