import {
  accountId,
  type Form,
  isCurrency,
  maskCardData,
  maskName,
  PBX_LANGUAGES,
  PBX_VARIABLE_BY_NAME,
  PBX_VARIABLES,
  type PbxVariable,
  type ReturnField,
  readOrderReference,
  readReturnFields,
} from '../../contracts/index.js';
import { nearest } from '../../contracts/nearest.js';
import { type Account, type Accounts, hasIdentifiant } from './account.js';
import { readParisTime } from './calendar.js';
import type { DuePayment } from './checkout.js';
import { isTime } from './clock-range.js';
import { type Finding, finding } from './finding.js';
import { isMultipart } from './frame-findings.js';
import { checkHmac } from './hmac.js';
import type { LookupResult } from './lookup.js';
import { isZeros, type Question } from './question.js';
import { quoteForMessage } from './refusal.js';
import { CHECKOUT } from './rule.js';

/** A request to the hosted page: its variables. Card numbers in them are masked. */
export type PbxRequest = Pick<Question, 'get' | 'has' | 'form' | 'host' | 'isByGet' | 'problem' | 'contentType'>;

/** The page that a request is refused with. See docs/protocol.md#section-9. */
export type PbxErrorPage = 'no-variables' | 'missing' | 'identification';

/** Why a request to the hosted page is refused. */
export interface PbxRefusal {
  readonly page: PbxErrorPage;
  readonly reason: Finding;
}

/**
 * Reads a request to the hosted page from its form. Of a repeated variable the first value counts.
 *
 * @param sent where and how it was sent. The TYPE of such a request is {@link CHECKOUT}
 */
export function readPbxRequest(form: Form, sent: Pick<Question, 'host' | 'isByGet' | 'problem' | 'contentType'>): PbxRequest {
  const values = new Map([['TYPE', CHECKOUT]]);
  for (const { name, value } of form.fields) if (!values.has(name)) values.set(name, maskCardData(value));
  return { ...sent, form, get: (name) => values.get(name) ?? '', has: (name) => values.has(name) };
}

const refuse = (page: PbxErrorPage, reason: Finding): PbxRefusal => ({ page, reason });

const PREFIX = 'PBX_';

const isPbxName = (name: string): boolean => name.startsWith(PREFIX);

function checkPresence(request: PbxRequest): PbxRefusal | undefined {
  if (request.problem === 'too-large') return refuse('no-variables', finding('checkout-refused', 'tooLarge'));
  if (isMultipart(request)) return refuse('no-variables', finding('not-a-form', 'multipart'));
  if (!request.form.fields.some(({ name }) => /^PBX_/i.test(name))) return refuse('no-variables', finding('checkout-refused', 'empty'));
  const absent = PBX_VARIABLES.find(({ name, isMandatory }) => isMandatory && request.get(name) === '');
  if (!absent) return undefined;
  const { name } = absent;
  const otherwise = request.form.fields.find((field) => field.name !== name && field.name.toUpperCase() === name);
  return refuse(
    'missing',
    otherwise ? finding('checkout-refused', 'spelled', { name, sent: otherwise.name }) : finding('checkout-refused', 'missing', { name }),
  );
}

function formatProblem(request: PbxRequest, { name, format, length: [min, max] }: PbxVariable): Finding | undefined {
  const value = request.get(name);
  if (value === '') return undefined;
  if (name === 'PBX_TOTAL' && /^\d+[.,]\d*$/.test(value))
    return finding('checkout-refused', 'minorUnits', { value: quoteForMessage(value) });
  if (name === 'PBX_TOKEN' && /^\S+ +\d{4} +---$/.test(value)) return finding('checkout-refused', 'wholeToken');
  if (format === 'digits' && !/^\d+$/.test(value)) return finding('checkout-refused', 'notDigits', { name });
  if (value.length > max) return finding('checkout-refused', 'tooLong', { name, length: value.length, max });
  return value.length < min ? finding('checkout-refused', 'tooShort', { name, length: value.length, min }) : undefined;
}

function checkFormats(request: PbxRequest): PbxRefusal | undefined {
  for (const variable of PBX_VARIABLES) {
    const problem = formatProblem(request, variable);
    if (problem) return refuse('missing', problem);
  }
  const currency = request.get('PBX_DEVISE');
  if (!isCurrency(currency)) return refuse('missing', finding('checkout-refused', 'currency', { value: quoteForMessage(currency) }));
  const fields = readReturnFields(request.get('PBX_RETOUR'));
  return 'wrong' in fields
    ? refuse('missing', finding('checkout-refused', 'returnFields', { part: quoteForMessage(fields.wrong) }))
    : undefined;
}

function checkToken(request: PbxRequest, { subscriber }: LookupResult): PbxRefusal | undefined {
  const token = request.get('PBX_TOKEN');
  if (token === '') return undefined;
  if (request.get('PBX_DATEVAL') === '') return refuse('missing', finding('checkout-refused', 'missing', { name: 'PBX_DATEVAL' }));
  return subscriber?.PORTEUR === token ? undefined : refuse('missing', finding('checkout-refused', 'token'));
}

const DAY = 24 * 60 * 60_000;
const INSTALMENTS = ['1', '2', '3'] as const;

/** Reads a date dd/mm/yyyy: midnight in Paris, in milliseconds since the epoch; undefined if it is not one. */
function readDate(text: string): number | undefined {
  const [, day, month, year] = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  try {
    const at = readParisTime(`${year}-${month}-${day}T00:00`);
    return isTime(at) ? at : undefined;
  } catch {
    return undefined;
  }
}

function checkInstalments(request: PbxRequest): PbxRefusal | undefined {
  for (const n of INSTALMENTS) {
    const [amount, date] = [`PBX_2MONT${n}`, `PBX_DATE${n}`];
    const value = request.get(date);
    if (value === '' && request.get(amount) === '') continue;
    if (readDate(value) === undefined)
      return refuse('missing', finding('checkout-refused', 'date', { name: date, value: quoteForMessage(value) }));
    if (!(Number(request.get(amount)) > 0)) return refuse('missing', finding('checkout-refused', 'amount', { name: amount, date }));
  }
  return undefined;
}

/** What is doubtful about the dates of instalments. The request was checked. */
function instalmentFindings(request: PbxRequest, now: number): Finding[] {
  return INSTALMENTS.map((n) => `PBX_DATE${n}`)
    .filter((name) => (readDate(request.get(name)) ?? now) + DAY <= now)
    .map((name) => finding('checkout-doubtful', 'past', { name, value: quoteForMessage(request.get(name)) }));
}

/** The instalments that follow the first payment, in the order of their dates. The request was checked. */
export function instalmentsOf(request: PbxRequest): readonly DuePayment[] {
  const sent = INSTALMENTS.flatMap((n) => {
    const at = readDate(request.get(`PBX_DATE${n}`));
    return at === undefined ? [] : [{ at, MONTANT: Number(request.get(`PBX_2MONT${n}`)) }];
  });
  return sent.sort((a, b) => a.at - b.at).map((due, position) => ({ ...due, index: position + 1 }));
}

/** The fields of PBX_RETOUR. The request was checked. */
export function returnFieldsOf(request: PbxRequest): readonly ReturnField[] {
  const fields = readReturnFields(request.get('PBX_RETOUR'));
  return 'wrong' in fields ? [] : fields;
}

/** The account that a request names; undefined: there is none. */
export function pbxAccount(request: PbxRequest, accounts: Accounts): Account | undefined {
  return accounts.get(accountId(request.get('PBX_SITE'), request.get('PBX_RANG')));
}

function checkAccount(request: PbxRequest, account: Account | undefined): PbxRefusal | undefined {
  const [site, rang] = [quoteForMessage(request.get('PBX_SITE')), quoteForMessage(request.get('PBX_RANG'))];
  if (!account) return refuse('identification', finding('checkout-refused', 'account', { site, rang }));
  const sent = request.get('PBX_IDENTIFIANT');
  if (!hasIdentifiant(account, sent)) {
    const values = { sent: quoteForMessage(sent), account: account.id, known: account.IDENTIFIANT };
    return refuse('identification', finding('checkout-refused', 'identifiant', values));
  }
  // Only the variables of the hosted page are signed, not the name of a button and the like.
  const fields = request.form.fields.filter(({ name }) => isPbxName(name));
  const wrong = checkHmac({ fields, names: { hmac: 'PBX_HMAC', hash: 'PBX_HASH' } }, account);
  return wrong && refuse('identification', wrong);
}

/**
 * Returns why a request to the hosted page is refused, or undefined. See docs/protocol.md#section-9.
 *
 * @param found the subscriber of PBX_REFABONNE or PBX_TOKEN, if the request names one
 */
export function checkPbxRequest(request: PbxRequest, account: Account | undefined, found: LookupResult): PbxRefusal | undefined {
  return (
    checkPresence(request) ??
    checkAccount(request, account) ??
    checkFormats(request) ??
    checkInstalments(request) ??
    checkToken(request, found)
  );
}

const MINUTE = 60_000;
/** The names of the variables, without their prefix. */
const SHORT_NAMES: readonly string[] = PBX_VARIABLES.map(({ name }) => name.slice(PREFIX.length));
/** How many names a message shows. */
const MAX_NAMES = 8;
/** How far PBX_TIME may be from the clock of the gateway or of the machine. */
const TIME_TOLERANCE = 60 * MINUTE;

function timeFindings(value: string, now: number, realNow: number): readonly Finding[] {
  let sent: number;
  try {
    // A plus that was not encoded arrives as a space.
    sent = readParisTime(value.replace(/ (\d\d:?\d\d)$/, '+$1'));
  } catch {
    return [finding('checkout-doubtful', 'time', { value: quoteForMessage(value) })];
  }
  const away = Math.min(Math.abs(sent - now), Math.abs(sent - realNow));
  if (away <= TIME_TOLERANCE) return [];
  return [finding('checkout-doubtful', 'old', { value: quoteForMessage(value), minutes: Math.round(away / MINUTE) })];
}

const CART =
  /^\s*(<\?xml[^>]*>)?\s*<shoppingcart>\s*<total>\s*<totalQuantity>\s*([1-9]\d?)\s*<\/totalQuantity>\s*<\/total>\s*<\/shoppingcart>\s*$/;
const BILLING_ELEMENTS: readonly (readonly [element: string, isValid: RegExp])[] = [
  ['FirstName', /^.{1,45}$/],
  ['LastName', /^.{1,45}$/],
  ['Address1', /^.{1,50}$/],
  ['ZipCode', /^.{1,16}$/],
  ['City', /^.{1,50}$/],
  ['CountryCode', /^\d{1,3}$/],
];

function customerFindings(request: PbxRequest): Finding[] {
  const absent = ['PBX_SHOPPINGCART', 'PBX_BILLING'].filter((name) => request.get(name) === '');
  const findings = absent.map((name) => finding('checkout-doubtful', 'noCart', { name }));
  if (!absent.includes('PBX_SHOPPINGCART') && !CART.test(request.get('PBX_SHOPPINGCART')))
    findings.push(finding('checkout-doubtful', 'cart'));
  if (absent.includes('PBX_BILLING')) return findings;
  const billing = request.get('PBX_BILLING');
  const wrong = BILLING_ELEMENTS.find(([element, isValid]) => {
    const [, value = ''] = new RegExp(`<${element}>([^<]*)</${element}>`).exec(billing) ?? [];
    return !isValid.test(value.trim());
  });
  if (wrong) findings.push(finding('checkout-doubtful', 'billing', { element: wrong[0] }));
  return findings;
}

/** What is doubtful about the names that were sent: the real gateway reads and signs PBX_ variables, and PBX_HMAC ends them. */
function nameFindings({ form: { fields } }: PbxRequest): Finding[] {
  const names = fields.map(({ name }) => name);
  const shown = (some: readonly string[]): string => [...new Set(some.map((name) => maskName(name, '')))].slice(0, MAX_NAMES).join(', ');
  const others = names.filter((name) => !isPbxName(name));
  const late = names.slice(names.indexOf('PBX_HMAC') + 1).filter(isPbxName);
  const unknown = [...new Set(names.filter((name) => isPbxName(name) && !PBX_VARIABLE_BY_NAME.has(name)))];
  const [meant] = unknown.flatMap((sent) => {
    const name = nearest(sent.slice(PREFIX.length).toUpperCase(), SHORT_NAMES);
    return name === undefined ? [] : [{ sent: maskName(sent, ''), name: PREFIX + name }];
  });
  return [
    ...(late.length > 0 ? [finding('checkout-doubtful', 'afterHmac', { names: shown(late) })] : []),
    ...(others.length > 0 ? [finding('checkout-doubtful', 'notSent', { names: shown(others) })] : []),
    ...(meant ? [finding('checkout-doubtful', 'similarName', meant)] : []),
    ...(unknown.length > 0 && !meant ? [finding('checkout-doubtful', 'unknownNames', { names: shown(unknown) })] : []),
  ];
}

/** The addresses of the shop. */
export const PBX_ADDRESSES = ['PBX_EFFECTUE', 'PBX_REFUSE', 'PBX_ANNULE', 'PBX_ATTENTE', 'PBX_REPONDRE_A'] as const;

/** Whether a text is an address that the gateway can use. */
export const isWebAddress = (text: string): boolean => /^https?:\/\/[^\s/?#]+/i.test(text) && URL.canParse(text);

/** Variables that have no effect with another value, and their values. See docs/protocol.md#section-9. */
const VALUES: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['PBX_AUTOSEULE', ['O', 'N']],
  ['PBX_RUF1', ['POST']],
  ['PBX_LANGUE', PBX_LANGUAGES],
  ['PBX_SOUHAITAUTHENT', ['01', '02', '03', '04']],
];

function valueFindings(request: PbxRequest): Finding[] {
  const findings = VALUES.filter(([name, values]) => request.get(name) !== '' && !values.includes(request.get(name))).map(
    ([name, values]) =>
      finding('checkout-doubtful', 'value', { name, value: quoteForMessage(request.get(name)), expected: values.join(', ') }),
  );
  const { terms } = readOrderReference(request.get('PBX_CMD'));
  if (isZeros(request.get('PBX_TOTAL'))) findings.push(finding('checkout-doubtful', 'zero', { name: 'PBX_TOTAL' }));
  for (const { name, value } of request.form.fields)
    if (PBX_VARIABLE_BY_NAME.has(name) && name !== 'PBX_TOKEN' && maskCardData(value) !== value)
      findings.push(finding('checkout-doubtful', 'masked', { name }));
  const display = request.get('PBX_DISPLAY');
  if (display !== '' && isZeros(display)) findings.push(finding('checkout-doubtful', 'noTime', { value: display }));
  const isReadable = terms ? terms.FREQ > 0 && terms.QUAND <= 31 : !request.get('PBX_CMD').includes('PBX_2MONT');
  return isReadable ? findings : [...findings, finding('checkout-doubtful', 'subscription')];
}

/** What is doubtful about a request that is accepted. */
export function pbxFindings(request: PbxRequest, now: number, realNow: number): readonly Finding[] {
  const fields = returnFieldsOf(request);
  const repeated = fields.find(({ name }, index) => fields.findIndex((one) => one.name === name) < index);
  const findings = [
    ...timeFindings(request.get('PBX_TIME'), now, realNow),
    ...nameFindings(request),
    ...customerFindings(request),
    ...valueFindings(request),
    ...instalmentFindings(request, now),
    ...(repeated ? [finding('checkout-doubtful', 'repeatedField', { name: quoteForMessage(repeated.name) })] : []),
  ];
  if (!fields.some(({ letter }) => letter === 'K')) findings.push(finding('checkout-doubtful', 'noSignature'));
  else if (fields.at(-1)?.letter !== 'K') findings.push(finding('checkout-doubtful', 'signatureNotLast'));
  if (!/^[^@\s]+@[^@\s]+$/.test(request.get('PBX_PORTEUR'))) findings.push(finding('checkout-doubtful', 'email'));
  for (const name of PBX_ADDRESSES)
    if (request.get(name) !== '' && !isWebAddress(request.get(name))) findings.push(finding('checkout-doubtful', 'address', { name }));
  if (request.isByGet && request.form.fields.some(({ name }) => name === 'PBX_CARTE')) findings.push(finding('sent-by-get', 'query'));
  return findings;
}
