import {
  latin1Text,
  outcomeEntry,
  RENEWAL,
  type ReturnEncoding,
  type ReturnField,
  type ReturnValues,
  returnQuery,
  SUCCESS,
  signatureParameter,
} from '../../contracts/index.js';
import { type Authentication, outcomeAt } from '../engine/authentication.js';
import { parisTime } from '../engine/calendar.js';
import type { Checkout, CheckoutAttempt, CheckoutFault } from '../engine/checkout.js';
import type { Payment } from '../engine/payment.js';
import { withQuery } from '../notifications/call-shop.js';
import type { Signer } from '../notifications/signer.js';

/** What a result of the hosted page is about. */
export interface ReturnedResult {
  readonly checkout: Checkout;
  /** The response code: that of the attempt, or of a checkout that ended without one. */
  readonly code: string;
  readonly attempt?: CheckoutAttempt | undefined;
  readonly payment?: Payment | undefined;
  readonly authentication?: Authentication | undefined;
}

const CARD_TYPES: Readonly<Record<string, string>> = {
  MASTERCARD: 'EUROCARD_MASTERCARD',
  MAESTRO: 'EUROCARD_MASTERCARD',
  VISA: 'VISA',
  AMEX: 'AMEX',
};

const unpadded = (number: string): string => number.replace(/^0+(?=\d)/, '');

const turned = (dateval: string): string => dateval.slice(2) + dateval.slice(0, 2);

/** F, G and O: how the cardholder was authenticated, whether the payment is guaranteed, and whether the card is enrolled. */
function authenticationValues(authentication: Authentication | undefined, now: number): Pick<ReturnValues, 'F' | 'G' | 'O'> {
  const outcome = authentication ? outcomeAt(authentication, now) : '';
  if (outcome === '') return { F: 'N', G: 'N', O: 'U' };
  const { fields } = outcomeEntry(outcome);
  const status = fields['3DSTATUS'];
  return {
    F: status === '' || status === 'R' ? 'N' : status,
    G: status === 'Y' || status === 'A' ? 'O' : 'N',
    O: fields['3DENROLLED'] || 'N',
  };
}

function paymentValues({ checkout, attempt, payment }: ReturnedResult, at: number): ReturnValues {
  const [first] = payment?.transactions ?? [];
  const card = payment?.card ?? checkout.card;
  const [date = '', time = ''] = parisTime(attempt?.at ?? at).split('T');
  const isPaid = attempt?.code === SUCCESS;
  return {
    T: unpadded(first?.NUMAPPEL ?? '0'),
    S: unpadded(first?.NUMTRANS ?? '0'),
    // Absent after a refusal, and not empty.
    A: isPaid ? (first?.AUTORISATION ?? '') : undefined,
    C: card ? (CARD_TYPES[card.TYPECARTE] ?? 'CB') : undefined,
    P: 'CARTE',
    D: checkout.DATEVAL === '' ? undefined : turned(checkout.DATEVAL),
    H: card?.sha1,
    I: 'FRA',
    J: card?.mask.slice(-2),
    N: card?.mask.slice(0, 6) ?? '',
    Q: time.slice(0, 8),
    U: checkout.registeredToken === '' ? undefined : `${checkout.registeredToken}  ${turned(checkout.DATEVAL)}  ---`,
    W: date.split('-').reverse().join(''),
    Y: card?.PAYS,
  };
}

/** How many payments of a checkout were accepted before an attempt. */
function acceptedBefore({ attempts }: Checkout, attempt: CheckoutAttempt): number {
  const place = attempts.findIndex(({ at, payment }) => at === attempt.at && payment === attempt.payment);
  return attempts.slice(0, Math.max(0, place)).filter(({ code }) => code === SUCCESS).length;
}

const NO_PAYMENT: ReturnValues = { S: '0', T: '0', N: '', P: 'CARTE' };

/** The values that come back, by their letters. See docs/protocol.md#section-9. */
function returnValues(result: ReturnedResult, now: number): ReturnValues {
  const { checkout, code, attempt, payment, authentication } = result;
  return {
    M: String(payment?.transactions[0].MONTANT ?? checkout.MONTANT),
    R: checkout.REFERENCE,
    B: checkout.plan?.kind === 'subscription' ? unpadded(checkout.id) : '0',
    E: code,
    Z: String(attempt ? acceptedBefore(checkout, attempt) + 1 : 1),
    ...authenticationValues(authentication, now),
    ...(attempt ? paymentValues(result, now) : NO_PAYMENT),
  };
}

/** Whether a result is that of a renewal: the subscription began with an earlier payment. */
const isRenewal = ({ checkout, attempt }: ReturnedResult): boolean =>
  checkout.plan?.kind === 'subscription' && attempt !== undefined && acceptedBefore(checkout, attempt) > 0;

const SIGNATURE_LETTER = 'K';

const nameOfSignature = (fields: readonly ReturnField[]): string | undefined =>
  fields.find(({ letter }) => letter === SIGNATURE_LETTER)?.name;

function faultyValues(values: ReturnValues, { amount, session }: CheckoutFault): ReturnValues {
  return {
    ...values,
    ...(amount === 'other' && { M: String(Number(values.M) + 1) }),
    ...(session === 'other' && { R: `${values.R}-0` }),
  };
}

const utf8Values = (values: ReturnValues): ReturnValues =>
  Object.fromEntries(
    Object.entries(values).map(([letter, value]) => [letter, value === undefined ? value : latin1Text(new TextEncoder().encode(value))]),
  );

/** What is sent of a result. */
export interface SentResult {
  /** The query that is added to the address, with the signature if PBX_RETOUR asks for it. */
  readonly query: string;
  /** The values that were sent, by the names of PBX_RETOUR. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
}

/**
 * Makes the query of a result.
 *
 * @param address the shop's address. The signature covers everything after its `?` if `coversAddress`, else only the fields of PBX_RETOUR
 */
async function makeQuery(
  result: ReturnedResult,
  { address, coversAddress }: { readonly address: string; readonly coversAddress: boolean },
  {
    fault = {},
    encoding,
    signer,
    now,
  }: { readonly fault?: CheckoutFault | undefined; readonly encoding: ReturnEncoding; readonly signer: Signer; readonly now: number },
): Promise<SentResult> {
  const { returnFields } = result.checkout;
  const values = faultyValues(returnValues(result, now), fault);
  const fields = returnQuery(returnFields, fault.charset === 'utf-8' ? utf8Values(values) : values, encoding);
  const query = isRenewal(result) ? `${RENEWAL.name}=${RENEWAL.value}&${fields}` : fields;
  const pairs = returnFields.flatMap(({ name, letter }) => {
    const value = letter === SIGNATURE_LETTER ? undefined : values[letter];
    return value === undefined ? [] : [[name, value] as const];
  });
  const name = nameOfSignature(returnFields);
  if (name === undefined) return { query, pairs };
  const own = coversAddress ? new URL(withQuery(address, query)).search.slice(1) : query;
  const signature = await signer.sign(fault.check === 'wrong' ? `${own}0` : own);
  return { query: `${query}&${signatureParameter(name, signature)}`, pairs: [...pairs, [name, signature]] };
}

/** How results of an account are made. */
export interface ReturnOptions {
  readonly encoding: ReturnEncoding;
  readonly signer: Signer;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The result for the call to the shop's server: only the fields of PBX_RETOUR are signed. */
export function notificationOf(result: ReturnedResult, options: ReturnOptions): Promise<SentResult> {
  const { checkout } = result;
  const target = { address: checkout.addresses.PBX_REPONDRE_A, coversAddress: false };
  return makeQuery(result, target, { ...options, fault: checkout.faults.server });
}

/** The address that the browser is led to: everything after `?` is signed. Undefined: the shop gave none, or the result is lost. */
export async function returnAddress(result: ReturnedResult, address: string, options: ReturnOptions): Promise<string | undefined> {
  const { browser } = result.checkout.faults;
  if (address === '' || browser?.lost) return undefined;
  const { query } = await makeQuery(result, { address, coversAddress: true }, { ...options, fault: browser });
  return withQuery(address, query);
}
