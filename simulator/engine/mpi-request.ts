import {
  cvvLength,
  type Form,
  isCardShaped,
  isCurrency,
  isLuhn,
  MPI_VARIABLE_BY_NAME,
  MPI_VARIABLES,
  maskCardData,
} from '../../contracts/index.js';
import { parisDay } from './calendar.js';
import { isValidExpiry } from './card-rules.js';
import { type Finding, finding } from './finding.js';
import { isMultipart } from './frame-findings.js';
import { isZeros, type Question } from './question.js';
import { quoteForMessage } from './refusal.js';
import { AUTHENTICATE } from './rule.js';

/** A request to RemoteMPI: its variables. Card numbers in variables other than CCNumber are masked. */
export interface MpiRequest extends Pick<Question, 'get' | 'has' | 'form' | 'host' | 'isByGet' | 'problem' | 'contentType'> {
  /** 2 if it has a variable that 3-D Secure 2 added. */
  readonly version: 1 | 2;
  /** Names of the variables other than CCNumber that contained a card number. */
  readonly cardExposedIn: readonly string[];
}

const isVersion2 = (name: string): boolean => MPI_VARIABLE_BY_NAME.get(name)?.needed === 'version2';

/**
 * Reads a request to RemoteMPI from its form. Of a repeated variable the first value counts.
 *
 * @param sent where and how it was sent. The TYPE of such a request is {@link AUTHENTICATE}
 */
export function readMpiRequest(form: Form, sent: Pick<Question, 'host' | 'isByGet' | 'problem' | 'contentType'>): MpiRequest {
  const values = new Map([['TYPE', AUTHENTICATE]]);
  const cardExposedIn: string[] = [];
  for (const { name, value } of form.fields) {
    if (values.has(name)) continue;
    // Card numbers only: what else the shop put into its addresses must come back to it.
    const safe = name === 'CCNumber' ? value : maskCardData(value);
    if (safe !== value) cardExposedIn.push(name);
    values.set(name, safe);
  }
  return {
    ...sent,
    form,
    version: form.fields.some(({ name, value }) => value !== '' && isVersion2(name)) ? 2 : 1,
    cardExposedIn,
    get: (name) => values.get(name) ?? '',
    has: (name) => values.has(name),
  };
}

/** Returns what is wrong with a request, or undefined. */
type MpiCheck = (request: MpiRequest, today: string) => Finding | undefined;

const checkBody: MpiCheck = (request) => {
  if (request.problem === 'too-large') return finding('authentication-refused', 'tooLarge');
  if (isMultipart(request)) return finding('not-a-form', 'multipart');
  return request.form.fields.length === 0 ? finding('authentication-refused', 'empty') : undefined;
};

function missing(request: MpiRequest, name: string): Finding {
  const otherwise = request.form.fields.find((field) => field.name.toLowerCase() === name.toLowerCase() && field.name !== name);
  return otherwise
    ? finding('authentication-refused', 'spelled', { name, sent: otherwise.name })
    : finding('authentication-refused', 'missing', { name });
}

const checkMissing: MpiCheck = (request) => {
  const isNeeded = (needed: string): boolean => needed === 'always' || (needed === 'version2' && request.version === 2);
  const absent = MPI_VARIABLES.find(({ name, needed }) => isNeeded(needed) && request.get(name) === '');
  return absent && missing(request, absent.name);
};

const checkAmount: MpiCheck = (request) => {
  const amount = request.get('Amount');
  if (/^\d+[.,]\d*$/.test(amount)) return finding('authentication-refused', 'minorUnits', { value: quoteForMessage(amount) });
  return isZeros(amount) ? finding('authentication-refused', 'zero') : undefined;
};

const checkCountry: MpiCheck = (request) => {
  const country = request.get('CountryCode');
  return /^\d*$/.test(country) ? undefined : finding('authentication-refused', 'country', { value: quoteForMessage(country) });
};

const checkFormats: MpiCheck = (request) => {
  for (const {
    name,
    format,
    length: [min, max],
  } of MPI_VARIABLES) {
    const value = request.get(name);
    const { length } = value;
    if (length > max) return finding('authentication-refused', 'tooLong', { name, length, max });
    if (format === 'digits' && !/^\d*$/.test(value)) return finding('authentication-refused', 'notDigits', { name });
    // The checks of these say more.
    const isChecked = name === 'Currency' || name === 'CCNumber' || name === 'CCExpDate' || name === 'CVVCode';
    if (length > 0 && length < min && !isChecked) return finding('authentication-refused', 'tooShort', { name, length, min });
  }
  return undefined;
};

const checkQuantity: MpiCheck = (request) =>
  /^0+$/.test(request.get('TotalQuantity')) ? finding('authentication-refused', 'quantity') : undefined;

const checkCurrency: MpiCheck = (request) => {
  const currency = request.get('Currency');
  return isCurrency(currency) ? undefined : finding('authentication-refused', 'currency', { value: quoteForMessage(currency) });
};

const checkCard: MpiCheck = (request, today) => {
  const card = request.get('CCNumber');
  if (!isCardShaped(card) || isZeros(card) || !isLuhn(card)) return finding('authentication-refused', 'card');
  const expiry = request.get('CCExpDate');
  if (!isValidExpiry(expiry, today)) return finding('authentication-refused', 'expiry', { value: quoteForMessage(expiry) });
  return request.get('CVVCode').length === cvvLength(card) ? undefined : finding('authentication-refused', 'cvv');
};

/** Whether a text is an address that the gateway can send a result to. */
function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+/i.test(text) && URL.canParse(text);
}

const checkAddresses: MpiCheck = (request) => {
  const wrong = ['URLHttpDirect', 'URLRetour'].find((name) => request.get(name) !== '' && !isWebAddress(request.get(name)));
  return wrong === undefined ? undefined : finding('authentication-refused', 'address', { name: wrong });
};

const CHECKS: readonly MpiCheck[] = [
  checkBody,
  checkMissing,
  checkAmount,
  checkCountry,
  checkFormats,
  checkQuantity,
  checkCurrency,
  checkCard,
  checkAddresses,
];

/**
 * Returns what is wrong with the variables of a request to RemoteMPI, or undefined. See docs/protocol.md#section-7.
 *
 * @param now milliseconds since the epoch
 */
export function checkMpiRequest(request: MpiRequest, now: number): Finding | undefined {
  const today = parisDay(now);
  for (const check of CHECKS) {
    const found = check(request, today);
    if (found) return found;
  }
  return undefined;
}
