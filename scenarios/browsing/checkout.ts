import {
  type HashName,
  HOSTED_PAGE_PATHS,
  hmacHex,
  hmacMessage,
  isHashName,
  latin1Text,
  RETURN_LETTERS,
  UNSUBSCRIBE_PATH,
} from '../../contracts/index.js';
import type { CaseContext } from '../case-context.js';
import { DEFAULT_CARD } from '../default-variables.js';
import type { CheckoutStep } from '../scenario.js';
import { BankError } from './authenticate.js';
import { timeLeft } from './authentication-record.js';
import { type Customer, visit } from './bank.js';
import { checkoutOf } from './checkout-record.js';
import { customerOf } from './customer.js';
import type { PageRequest } from './customer-browser.js';
import { cardForm, type HostedAct, type PageCard, type PageCustomer } from './hosted-page.js';
import { ShopCheckout } from './shop-checkout.js';
import type { CustomerVisit } from './shop-visit.js';

const FORM = 'application/x-www-form-urlencoded';

/** All letters, each under its own name. The signature is last. */
const EVERY_LETTER = [...Object.keys(RETURN_LETTERS).filter((letter) => letter !== 'K'), 'K'].map((letter) => `${letter}:${letter}`);

const CART = '<shoppingcart><total><totalQuantity>1</totalQuantity></total></shoppingcart>';
const BILLING =
  '<Billing><Address><FirstName>Zoe</FirstName><LastName>Martin</LastName><Address1>1 rue de la Paix</Address1>' +
  '<ZipCode>75002</ZipCode><City>Paris</City><CountryCode>250</CountryCode></Address></Billing>';

const gatewayAddress = ({ endpoint }: CaseContext, path: string): string => new URL(`.${path}`, endpoint.url).href;

/** Signs variables as they are sent, in their order. A signature of the step's own stays. */
function signed(variables: Readonly<Record<string, string>>, hmacKey: string): Record<string, string> {
  if (variables.PBX_HMAC !== undefined) return { ...variables };
  const name = (variables.PBX_HASH ?? '').toUpperCase();
  const hash: HashName = isHashName(name) ? name : 'SHA512';
  const bytes = (text: string): string => latin1Text(new TextEncoder().encode(text));
  const fields = Object.entries(variables).map(([key, value]) => ({ name: key, raw: bytes(value) }));
  return { ...variables, PBX_HMAC: hmacHex(hash, hmacKey, hmacMessage(fields)) };
}

async function variablesOf(step: CheckoutStep, context: CaseContext, order: string): Promise<Record<string, string>> {
  const { account } = context.endpoint;
  const listener = await context.listener();
  const variables = {
    PBX_SITE: account.site,
    PBX_RANG: account.rang,
    PBX_IDENTIFIANT: account.identifiant ?? '',
    PBX_TOTAL: '1000',
    PBX_DEVISE: '978',
    PBX_CMD: context.unique.reference,
    PBX_PORTEUR: 'zoe@example.com',
    PBX_RETOUR: EVERY_LETTER.join(';'),
    PBX_HASH: 'SHA512',
    PBX_TIME: context.now().toISOString(),
    PBX_SHOPPINGCART: CART,
    PBX_BILLING: BILLING,
    ...listener.returnAddressesOf(order),
    ...step.checkout,
  };
  const omitted = new Set(step.without);
  const kept = (all: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(all).filter(([name]) => !omitted.has(name)));
  return kept(signed(kept(variables), account.hmacKey ?? ''));
}

async function start(step: CheckoutStep, context: CaseContext): Promise<ShopCheckout> {
  await context.clock();
  const order = context.newOrder();
  const now = async (): Promise<Date> => {
    await context.clock();
    return context.now();
  };
  const sent = await variablesOf(step, context, order);
  const shop = new ShopCheckout({ order, sent, control: context.control(), listener: await context.listener(), now });
  context.checkouts.set(order, shop);
  return shop;
}

function pageRequest(step: CheckoutStep, context: CaseContext, { sent }: ShopCheckout): PageRequest {
  const url = gatewayAddress(context, step.path ?? HOSTED_PAGE_PATHS[0]);
  const form = new URLSearchParams(sent).toString();
  if (step.method === 'GET') return { url: `${url}?${form}`, method: 'GET' };
  return { url, method: 'POST', headers: { 'Content-Type': FORM }, body: form };
}

/** Moves the gateway's clock over the time limit of a page. */
async function expire(context: CaseContext, address: string): Promise<void> {
  const record = await checkoutOf(context.control(), new URL(address).searchParams.get('id') ?? '');
  await context.clock();
  await context.clock('POST', '/clock/advance', { by: timeLeft(record, context.now()) });
}

/** The cards of a step as they are entered. The default is a test card that is accepted. */
const cardsOf = (card: string | readonly string[] = DEFAULT_CARD.PORTEUR): readonly PageCard[] =>
  [card].flat().map((PORTEUR) => ({ ...DEFAULT_CARD, PORTEUR }));

/** Returns what a customer does on the hosted page. */
export function pageCustomer(
  context: CaseContext,
  { act = 'pay', card }: { readonly act?: HostedAct | undefined; readonly card?: string | readonly string[] | undefined },
): PageCustomer {
  return { act, cards: cardsOf(card), expire: (_, form) => expire(context, form.action) };
}

/** Ends the subscription of an earlier step. Resolves with the answer of the gateway as the last page. */
async function unsubscribe(context: CaseContext, checkout: ShopCheckout, { browser }: Customer): Promise<CustomerVisit> {
  const { account } = context.endpoint;
  const body = new URLSearchParams({
    VERSION: '001',
    TYPE: '001',
    SITE: account.site,
    MACH: account.rang.padStart(3, '0'),
    IDENTIFIANT: account.identifiant ?? '',
    ABONNEMENT: checkout.id ?? '0',
  });
  const url = gatewayAddress(context, UNSUBSCRIBE_PATH);
  const page = await browser.open({ url, method: 'POST', headers: { 'Content-Type': FORM }, body: body.toString() });
  return { first: page, visit: { page, sawBank: false, attempts: 0 } };
}

async function comeBack({ address = '' }: ShopCheckout, step: CheckoutStep, customer: Customer): Promise<CustomerVisit> {
  const first = await customer.browser.open({ url: address, method: 'GET' });
  return { first, visit: await visit(first, step.bank ?? 'confirm', customer) };
}

async function setOut(checkout: ShopCheckout, step: CheckoutStep, context: CaseContext, customer: Customer): Promise<CustomerVisit> {
  const first = await customer.browser.open(pageRequest(step, context, checkout));
  checkout.started(first);
  return { first, visit: await visit(first, step.bank ?? 'confirm', customer) };
}

/**
 * Starts a payment on the hosted page, or continues that of an earlier step. The runner is the shop and the customer's browser.
 *
 * @throws BrowserError when a page does not come
 * @throws BankError when the step says what to do at the bank, and the bank does not ask
 */
export async function checkout(step: CheckoutStep, context: CaseContext): Promise<ShopCheckout> {
  context.hasBrowsed = true;
  const act = step.do === 'unsubscribe' ? undefined : step.do;
  const customer: Customer = { ...customerOf(context, context.closing), hosted: pageCustomer(context, { act, card: step.card }) };
  const before = step.on === undefined ? undefined : context.checkoutNamed(step.on);
  const shop = before ?? (await start(step, context));
  await shop.go(() => {
    if (!before) return setOut(shop, step, context, customer);
    return step.do === 'unsubscribe' ? unsubscribe(context, before, customer) : comeBack(before, step, customer);
  });
  if (step.bank !== undefined && shop.visit && !shop.visit.sawBank && !cardForm(shop.visit.page))
    throw new BankError(`The bank did not ask the customer, who was to ${step.bank}.`);
  return shop;
}
