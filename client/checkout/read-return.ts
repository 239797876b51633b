import {
  CANCELLED_CODE,
  isResponseCode,
  PENDING_CODE,
  RENEWAL,
  type ReceivedReturn,
  type ReturnField,
  type ReturnValues,
  readOrderReference,
  readReturn as readReceived,
  SUCCESS,
  TIMEOUT_CODE,
  tenDigits,
  withoutOwnParameters,
} from '../../contracts/index.js';
import { MisuseError } from '../errors/client-error.js';
import { type Money, moneyProblem } from '../money.js';
import { isNumber, isZeroNumber, readNumbers, type TransactionNumbers } from '../numbers.js';
import { checkPublicKey, isSameText, isSigned } from '../signed-text.js';
import type { CheckoutReturn, InvalidReturn, PaidReturn, UnpaidReturn } from './checkout-return.js';
import { DEFAULT_RESULT_FIELDS, readResultFields } from './result-fields.js';

/** Options of {@link readReturn}. */
export interface ReadReturnOptions {
  /**
   * How the result came: they are signed differently.
   *
   * - `notification`: the gateway called PBX_REPONDRE_A.
   * - `return`: the customer's browser opened one of the other addresses.
   */
  readonly kind: 'notification' | 'return';
  /** The `fields` of the checkout. Default: {@link DEFAULT_RESULT_FIELDS}. */
  readonly fields?: string | undefined;
  /** What your own records say. A result with another reference or amount is invalid. */
  readonly expected?: { readonly reference?: string | undefined; readonly amount?: Money | undefined } | undefined;
}

const misuse = (problem: string): MisuseError => new MisuseError(`readReturn: ${problem}.`);

const MESSAGES: Readonly<Record<InvalidReturn['reason'], string>> = {
  signature: 'K is not the signature of the result with this public key',
  reference: 'the reference is not the expected one',
  amount: 'the amount is not the expected one',
  malformed: 'it is not a result of the hosted page',
  repeated: 'a field occurs more than once',
};

const invalid = (reason: InvalidReturn['reason'], detail: string = MESSAGES[reason]): InvalidReturn => ({
  kind: 'invalid',
  reason,
  message: `The result is not accepted: ${detail}.`,
});

/** The kinds of the response codes that have one of their own. Every other code is a refusal. */
const KINDS: Readonly<Record<string, Exclude<CheckoutReturn['kind'], 'invalid' | 'refused'>>> = {
  [SUCCESS]: 'paid',
  [CANCELLED_CODE]: 'cancelled',
  [TIMEOUT_CODE]: 'timeout',
  [PENDING_CODE]: 'pending',
};

function readFields(text: string): readonly ReturnField[] {
  const fields = readResultFields(text);
  if ('problem' in fields) throw misuse(`fields ${fields.problem}`);
  return fields;
}

const OPTIONS: readonly string[] = ['kind', 'fields', 'expected'] satisfies (keyof ReadReturnOptions)[];

function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw misuse('the options must be an object with kind');
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw misuse(`does not accept ${unknown}; it accepts ${OPTIONS.join(', ')}`);
  const { kind, expected } = options as ReadReturnOptions;
  if (kind !== 'notification' && kind !== 'return') throw misuse("kind must be 'notification' or 'return'");
  if (expected === undefined) return;
  if (typeof expected !== 'object' || expected === null) throw misuse('expected must be an object');
  const { reference, amount, ...rest } = expected;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw misuse(`expected does not accept ${other}; it accepts reference, amount`);
  if (reference !== undefined && typeof reference !== 'string') throw misuse('expected.reference must be a string');
  const problem = amount === undefined ? undefined : moneyProblem(amount);
  if (problem !== undefined) throw misuse(`expected.amount: ${problem}`);
}

/** Finds what makes a result ambiguous: a program that reads it otherwise than the client could be deceived. */
function ambiguityOf({ repeated, rest }: ReceivedReturn, fields: readonly ReturnField[]): InvalidReturn | undefined {
  const names = new Set([RENEWAL.name, ...fields.map(({ name }) => name)]);
  if (repeated.some((name) => names.has(name))) return invalid('repeated');
  return rest === '' ? undefined : invalid('malformed', 'something follows the signature');
}

const valuesOf = ({ values }: ReceivedReturn, fields: readonly ReturnField[]): ReturnValues =>
  Object.fromEntries(
    fields.flatMap(({ name, letter }) => (letter !== 'K' && Object.hasOwn(values, name) ? [[letter, values[name]] as const] : [])),
  );

function transactionOf({ S, T }: ReturnValues): TransactionNumbers | undefined {
  const isGiven = isNumber(S) && isNumber(T) && !isZeroNumber(S) && !isZeroNumber(T);
  return isGiven ? readNumbers(tenDigits(S), tenDigits(T)) : undefined;
}

/** Reads U, `token  YYMM  ---`. */
function tokenOf({ U = '' }: ReturnValues): PaidReturn['token'] {
  const [, token, year, month] = /^(\S+)\s+(\d\d)(\d\d)(?:\s|$)/.exec(U) ?? [];
  return token === undefined ? undefined : { token, expiry: `${month}${year}` };
}

const withHidden = <Result extends object, Hidden extends object>(result: Result, hidden: Hidden): Result & Hidden =>
  Object.defineProperties(result, Object.fromEntries(Object.entries(hidden).map(([name, value]) => [name, { value }]))) as Result & Hidden;

/** Reads what an authentic result says. */
function resultOf(values: ReturnValues, isRenewal: boolean): PaidReturn | UnpaidReturn | InvalidReturn {
  const { E: code = '', R, M, A, B } = values;
  if (!isResponseCode(code)) return invalid('malformed', 'it has no response code of five digits or letters');
  if (R === undefined) return invalid('malformed', 'it has no reference');
  if (M !== undefined && !isNumber(M)) return invalid('malformed', 'its amount is not a number');
  const amount = M === undefined ? undefined : Number(M);
  const kind = Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
  const details = { code, reference: readOrderReference(R).reference, transaction: transactionOf(values), isRenewal };
  const hidden = { values: Object.freeze({ ...values }) };
  if (kind !== 'paid') return withHidden({ kind: kind ?? ('refused' as const), ...details, amount }, hidden);
  if (amount === undefined) return invalid('malformed', 'it has no amount');
  const paid = { kind, ...details, amount, authorization: A || undefined, subscription: B === undefined || /^0*$/.test(B) ? undefined : B };
  return withHidden(paid, { ...hidden, token: tokenOf(values) });
}

/** Returns why a result is not the expected one. */
function unexpected(result: PaidReturn | UnpaidReturn, expected: ReadReturnOptions['expected']): InvalidReturn | undefined {
  if (expected?.reference !== undefined && !isSameText(result.reference, expected.reference)) return invalid('reference');
  if (expected?.amount !== undefined && result.amount !== expected.amount.value) return invalid('amount');
  return undefined;
}

/**
 * Reads a result of the hosted page and verifies its signature: the gateway's call to PBX_REPONDRE_A, or what the customer's browser brought
 * back.
 *
 * The signature does not name your account, and the same result may come several times and by both ways. Give `expected` from your own
 * records, and treat a transaction once.
 *
 * @param raw the query or the body of a POST as it was received, not decoded. Your own parameters may come before the result, a URL before
 *   the query
 * @param publicKey the gateway's public key, PEM (`-----BEGIN PUBLIC KEY-----`); of a simulator `TEST_PUBLIC_KEY`
 * @returns a result that is not authentic or not the expected one is of kind `invalid`, not an error
 * @throws MisuseError if the arguments are not valid or the key cannot be read
 * @example
 * const result = await readReturn(request.url, publicKey, { kind: 'notification', expected: { reference: order.id, amount: order.amount } });
 * if (result.kind === 'paid') await markAsPaid(result.reference, result.transaction);
 */
export async function readReturn(raw: string | Uint8Array, publicKey: string, options: ReadReturnOptions): Promise<CheckoutReturn> {
  if (typeof raw !== 'string' && !(raw instanceof Uint8Array))
    throw misuse('the result must be the raw query or body, as a string or a Uint8Array');
  checkPublicKey('readReturn', publicKey);
  checkOptions(options);
  const fields = readFields(options.fields ?? DEFAULT_RESULT_FIELDS);
  const received = readReceived(raw, fields.at(-1)?.name ?? '');
  if (!received) return invalid('malformed', 'it has no signature after its fields');
  const ambiguity = ambiguityOf(received, fields);
  if (ambiguity) return ambiguity;
  const isNotification = options.kind === 'notification';
  const signedText = isNotification ? withoutOwnParameters(received.signedText, fields) : received.signedText;
  if (!(await isSigned('readReturn', signedText, received.signature, publicKey))) return invalid('signature');
  const isRenewal = isNotification && received.values[RENEWAL.name] === RENEWAL.value;
  const result = resultOf(valuesOf(received, fields), isRenewal);
  return result.kind === 'invalid' ? result : (unexpected(result, options.expected) ?? result);
}
