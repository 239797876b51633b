import {
  type Credentials,
  currencyNumber,
  MAX_INSTALMENTS,
  MPI_VARIABLE_BY_NAME,
  PBX_LANGUAGES,
  PBX_VARIABLES,
  RENEWAL,
  type SubscriptionTerms,
  subscriptionText,
  withHmac,
} from '../../contracts/index.js';
import { type BrowserField, escapeMarkup } from '../browser-form.js';
import {
  acceptedNames,
  booleanProblem,
  type Check,
  choiceProblem,
  countryProblem,
  emailProblem,
  type FieldSource,
  FormWriter,
  integerProblem,
  isRecord,
  noProblem,
  type UnknownRecord,
  urlProblem,
  type VariableLimits,
} from '../form-fields.js';
import { type Money, moneyProblem } from '../money.js';
import { CHALLENGE_CODES, type ChallengeWish, type Instalment } from './checkout-parameters.js';
import { DEFAULT_RESULT_FIELDS, readResultFields } from './result-fields.js';

const writer = new FormWriter('checkout');

// The result comes back in ISO-8859-1. PBX_CMD carries the subscription too, in variables that are named within the text.
const referenceProblem: Check = (value) => {
  if (typeof value !== 'string') return 'must be a string';
  if (!/^[\x20-\x7e\xa0-\xff]+$/.test(value)) return 'must be printable characters of ISO-8859-1';
  return value.includes('PBX_') ? 'must not contain PBX_' : undefined;
};

const addressProblem: Check = (value) => urlProblem(value) ?? (String(value).includes('#') ? 'must not contain #' : undefined);

const fieldsProblem: Check = (value) => {
  const fields = readResultFields(value);
  return 'problem' in fields ? fields.problem : undefined;
};

const patternProblem =
  (pattern: RegExp, expected: string): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? undefined : `must be ${expected}`;

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const dateProblem: Check = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && isDate(value) ? undefined : 'must be a date YYYY-MM-DD';

/** The members of `subscription` that are numbers: the value that is sent for none, and the limits. */
const SUBSCRIPTION: Readonly<Record<Exclude<keyof SubscriptionTerms, 'MONT'>, readonly [string, number, number, number]>> = {
  NBPAIE: ['renewals', 0, 1, 99],
  FREQ: ['months', 1, 1, 99],
  QUAND: ['day', 0, 1, 31],
  DELAIS: ['delay', 0, 0, 999],
};

function subscriptionOf({ subscription }: UnknownRecord): string {
  if (!isRecord(subscription)) return '';
  const terms = Object.entries(SUBSCRIPTION).map(([term, [member, none, min, max]]) => {
    const value = subscription[member] ?? none;
    const problem = subscription[member] === undefined ? undefined : integerProblem(min, max)(value);
    if (problem !== undefined) throw writer.misuse(`subscription.${member} ${problem} (PBX_CMD)`);
    return [term, value] as const;
  });
  const MONT = (subscription.amount as Money | undefined)?.value ?? 0;
  return subscriptionText({ ...Object.fromEntries(terms), MONT } as unknown as SubscriptionTerms);
}

const limitsOf = (name: string, like = name): VariableLimits => {
  const known = MPI_VARIABLE_BY_NAME.get(like);
  if (!known) throw new Error(`${like} is not a variable of RemoteMPI.`);
  return { name, format: known.format, length: known.length };
};

/** The elements of PBX_BILLING in their order. Their limits are those of 3-D Secure 2. See docs/protocol.md#section-9. */
const BILLING: readonly (FieldSource & { readonly element: VariableLimits })[] = [
  { element: limitsOf('FirstName'), path: ['customer', 'firstName'] },
  { element: limitsOf('LastName'), path: ['customer', 'lastName'] },
  { element: limitsOf('Address1'), path: ['customer', 'address'] },
  { element: limitsOf('Address2', 'Address1'), path: ['customer', 'address2'], isOptional: true },
  { element: limitsOf('ZipCode'), path: ['customer', 'zipCode'] },
  { element: limitsOf('City'), path: ['customer', 'city'] },
  { element: limitsOf('CountryCode'), path: ['customer', 'country'], check: countryProblem },
  {
    element: { name: 'CountryCodeMobilePhone', format: 'text', length: [2, 4] },
    path: ['customer', 'mobilePhone', 'countryCode'],
    check: patternProblem(/^\+[1-9]\d{0,2}$/, 'a plus and one to three digits: +33'),
    isOptional: true,
  },
  { element: { name: 'MobilePhone', format: 'digits', length: [4, 20] }, path: ['customer', 'mobilePhone', 'number'], isOptional: true },
];

const xml = (root: string, content: string): string => `<?xml version="1.0" encoding="utf-8"?><${root}>${content}</${root}>`;

function billingOf(parameters: UnknownRecord): string {
  const elements = BILLING.flatMap(({ element, ...source }) => writer.write(element, source, parameters));
  return xml('Billing', `<Address>${elements.map(([name, value]) => `<${name}>${escapeMarkup(value)}</${name}>`).join('')}</Address>`);
}

const cartOf = (quantity: number): string => xml('shoppingcart', `<total><totalQuantity>${quantity}</totalQuantity></total>`);

const optional = (path: FieldSource['path'], more: Omit<FieldSource, 'path'> = {}): FieldSource => ({ path, isOptional: true, ...more });

const instalmentSources = (at: number): readonly (readonly [string, FieldSource])[] => [
  [
    `PBX_2MONT${at + 1}`,
    optional(['instalments', String(at), 'amount'], { check: noProblem, write: ({ value }: Money) => String(value).padStart(3, '0') }),
  ],
  [
    `PBX_DATE${at + 1}`,
    optional(['instalments', String(at), 'date'], { check: noProblem, write: (date: string) => date.split('-').reverse().join('/') }),
  ],
];

/** The variables that are not written from a parameter: the client signs with them. */
const SIGNATURE: ReadonlySet<string> = new Set(['PBX_TIME', 'PBX_HASH', 'PBX_HMAC']);

const SOURCES: Readonly<Record<string, FieldSource>> = {
  PBX_SITE: { path: ['account', 'SITE'] },
  PBX_RANG: { path: ['account', 'RANG'] },
  PBX_IDENTIFIANT: { path: ['account', 'IDENTIFIANT'] },
  PBX_TOTAL: { path: ['amount', 'value'], check: noProblem, write: (value: number) => String(value).padStart(3, '0') },
  PBX_DEVISE: { path: ['amount', 'devise'], check: noProblem },
  PBX_CMD: { path: ['reference'], check: referenceProblem, write: (value: string, parameters) => value + subscriptionOf(parameters) },
  PBX_PORTEUR: { path: ['customer', 'email'], check: emailProblem },
  PBX_RETOUR: { path: ['fields'], check: fieldsProblem },
  PBX_SHOPPINGCART: { path: ['customer', 'quantity'], check: integerProblem(1, 99), write: cartOf },
  PBX_BILLING: { path: ['customer'], check: noProblem, write: (_: unknown, parameters) => billingOf(parameters) },
  PBX_EFFECTUE: { path: ['urls', 'paid'], check: addressProblem },
  PBX_REFUSE: { path: ['urls', 'refused'], check: addressProblem },
  PBX_ANNULE: { path: ['urls', 'cancelled'], check: addressProblem },
  PBX_ATTENTE: optional(['urls', 'pending'], { check: addressProblem }),
  PBX_REPONDRE_A: optional(['urls', 'notification'], { check: addressProblem }),
  PBX_RUF1: optional(['notifyByPost'], { check: booleanProblem, write: (isPost: boolean) => (isPost ? 'POST' : undefined) }),
  PBX_TYPEPAIEMENT: optional(['means']),
  PBX_TYPECARTE: optional(['cardType']),
  PBX_LANGUE: optional(['language'], { check: choiceProblem(PBX_LANGUAGES) }),
  PBX_SOURCE: optional(['source']),
  PBX_DISPLAY: optional(['display'], { check: integerProblem(1, 99_999) }),
  PBX_SOUHAITAUTHENT: optional(['challenge'], {
    check: choiceProblem(Object.keys(CHALLENGE_CODES)),
    write: (wish: ChallengeWish) => CHALLENGE_CODES[wish],
  }),
  PBX_AUTOSEULE: optional(['authorizeOnly'], { check: booleanProblem, write: (isOnly: boolean) => (isOnly ? 'O' : undefined) }),
  PBX_DIFF: optional(['deferral'], { check: integerProblem(0, 99), write: (days: number) => String(days).padStart(2, '0') }),
  ...Object.fromEntries([0, 1, 2].flatMap(instalmentSources)),
  PBX_ARCHIVAGE: optional(['archiving']),
  PBX_REFABONNE: optional(['subscriber']),
  PBX_TOKEN: optional(['token', 'token']),
  PBX_DATEVAL: optional(['token', 'expiry'], { check: patternProblem(/^(0[1-9]|1[0-2])\d\d$/, 'MMYY') }),
  PBX_ERRORCODETEST: optional(['errorCodeTest'], { check: patternProblem(/^[0-9A-Z]{5}$/, 'five digits or letters') }),
};

const BILLING_SOURCES = Object.fromEntries(BILLING.map(({ element, ...source }) => [element.name, source]));

const ACCEPTED = acceptedNames(
  { ...SOURCES, ...BILLING_SOURCES, subscription: { path: ['subscription'] } },
  { own: ['account'], objects: ['customer', 'urls', 'token'] },
);

const SUBSCRIPTION_MEMBERS = ['amount', ...Object.values(SUBSCRIPTION).map(([member]) => member)];

/** Checks an amount: positive and, if a currency is given, in that currency. */
function checkMoney(where: string, value: unknown, currency?: string): void {
  const problem = moneyProblem(value);
  if (problem !== undefined) throw writer.misuse(`${where}: ${problem}`);
  const money = value as Money;
  if (money.value === 0) throw writer.misuse(`${where} must be more than 0`);
  if (currency !== undefined && money.currency !== currency) throw writer.misuse(`${where} must have the currency of the first payment`);
}

function checkInstalments(given: unknown, currency: string): void {
  if (given === undefined) return;
  if (!Array.isArray(given) || given.length > MAX_INSTALMENTS) throw writer.misuse(`instalments must be an array of at most three`);
  for (const [at, instalment] of given.entries()) {
    const where = `instalments.${at}`;
    if (!isRecord(instalment)) throw writer.misuse(`${where} must be an object`);
    writer.checkMembers(`${where} `, instalment, ['amount', 'date']);
    checkMoney(`${where}.amount`, instalment.amount, currency);
    const before = (given[at - 1] as Instalment | undefined)?.date;
    const problem = dateProblem(instalment.date);
    if (problem !== undefined) throw writer.misuse(`${where}.date ${problem}`);
    if (before !== undefined && before >= String(instalment.date)) throw writer.misuse(`${where}.date must be after the one before`);
  }
}

function checkSubscription({ subscription, instalments }: UnknownRecord, currency: string): void {
  if (subscription === undefined) return;
  if (!isRecord(subscription)) throw writer.misuse('subscription must be an object');
  if (instalments !== undefined) throw writer.misuse('instalments and subscription cannot be combined');
  writer.checkMembers('subscription ', subscription, SUBSCRIPTION_MEMBERS);
  if (subscription.amount !== undefined) checkMoney('subscription.amount', subscription.amount, currency);
}

/** Checks that objects which can be left out are not incomplete. */
function checkPairs({ token, customer }: UnknownRecord): void {
  const pairs: readonly (readonly [where: string, value: unknown, members: readonly string[]])[] = [
    ['token', token, ['token', 'expiry']],
    ['customer.mobilePhone', isRecord(customer) ? customer.mobilePhone : undefined, ['countryCode', 'number']],
  ];
  for (const [where, value, members] of pairs) {
    if (value === undefined) continue;
    if (!isRecord(value)) throw writer.misuse(`${where} must be an object`);
    writer.checkMembers(`${where} `, value, members);
    const absent = members.find((member) => value[member] === undefined);
    if (absent !== undefined) throw writer.misuse(`${where}.${absent} is missing`);
  }
}

/** The result has the shop's own parameters and the fields in one query: they must be told apart by their names. */
function checkOwnParameters(urls: UnknownRecord, fieldsText: string): void {
  const fields = readResultFields(fieldsText);
  const names = new Set([RENEWAL.name, ...('problem' in fields ? [] : fields.map(({ name }) => name))]);
  for (const [member, url] of Object.entries(urls)) {
    if (typeof url !== 'string' || !URL.canParse(url)) continue;
    const clash = [...new URL(url).searchParams.keys()].find((name) => names.has(name));
    if (clash !== undefined) throw writer.misuse(`urls.${member} must not have a parameter with the name of a field, ${clash}`);
  }
}

/** What a request to the hosted page is signed for and with. */
export interface PbxAccount {
  readonly accountVariables: { readonly SITE: string; readonly RANG: string; readonly IDENTIFIANT?: string };
  readonly credentials: Credentials;
  /** The time of the signature. */
  readonly now: () => Date;
}

/**
 * Converts the parameters of a checkout to the variables of the hosted page, in the order of {@link PBX_VARIABLES}, and signs them:
 * PBX_TIME, PBX_HASH and PBX_HMAC are last.
 *
 * @throws MisuseError naming the parameter that is missing, not accepted or not valid, or if the account has no HMAC key or no IDENTIFIANT.
 *   Never shows a value of the customer
 */
export function pbxFieldsOf(given: unknown, { accountVariables, credentials, now }: PbxAccount): BrowserField[] {
  if (!isRecord(given)) throw writer.misuse('the parameters must be an object');
  writer.checkIdentifiant(accountVariables.IDENTIFIANT);
  if ('cle' in credentials) throw writer.misuse('needs the HMAC key of the account; set hmacKey in the options of createClient');
  writer.checkNames(given, ACCEPTED);
  checkMoney('amount', given.amount);
  const { value, currency } = given.amount as Money;
  checkInstalments(given.instalments, currency);
  checkSubscription(given, currency);
  checkPairs(given);
  const parameters: UnknownRecord = {
    ...given,
    account: accountVariables,
    amount: { value, devise: currencyNumber(currency) },
    fields: given.fields ?? DEFAULT_RESULT_FIELDS,
    means: given.means ?? (given.cardType === undefined ? undefined : 'CARTE'),
  };
  const fields = PBX_VARIABLES.filter(({ name }) => !SIGNATURE.has(name)).flatMap((variable) => {
    const source = SOURCES[variable.name];
    if (!source) throw new Error(`No parameter is defined for the variable ${variable.name}.`);
    return writer.write(variable, source, parameters);
  });
  checkOwnParameters(given.urls as UnknownRecord, String(parameters.fields));
  const time = now()
    .toISOString()
    .replace(/\.\d+Z$/, '+00:00');
  return withHmac([...fields, ['PBX_TIME', time]], credentials, 'PBX_');
}
