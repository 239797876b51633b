import {
  latin1Text,
  outcomeEntry,
  percentDecode,
  RESULT_ORDER,
  type ReceivedResult,
  type ResultFields,
  readResult,
} from '../../contracts/index.js';
import { MisuseError } from '../errors/client-error.js';
import { isId3d } from '../numbers.js';
import { checkPublicKey, isSameText, isSigned } from '../signed-text.js';
import type { AuthenticationFailed, AuthenticationInvalid, AuthenticationPassed, AuthenticationResult } from './authentication-result.js';

/** Options of {@link readAuthentication}. */
export interface ReadOptions {
  /** The `session` of the authentication that the result is expected for. A result with another IdSession is invalid. */
  readonly session?: string | undefined;
}

/** The kind of a result, and the values that its variables have. The first that applies. */
type KindRule<Kind> = readonly [kind: Kind, values: ResultFields];

const statusOf = (outcome: Parameters<typeof outcomeEntry>[0]): string | undefined => outcomeEntry(outcome).fields.StatusPBX;

const TO_AUTHORIZE = { StatusPBX: statusOf('authenticated') };
const NOT_TO_AUTHORIZE = { StatusPBX: statusOf('declined') };

// Only StatusPBX decides whether the payment is allowed. The other variables say why.
const PASSED: readonly KindRule<AuthenticationPassed['kind']>[] = [
  ['not-enrolled', { ...TO_AUTHORIZE, '3DENROLLED': 'N' }],
  ['authenticated', { ...TO_AUTHORIZE, '3DSTATUS': 'Y' }],
  ['attempted', { ...TO_AUTHORIZE, '3DSTATUS': 'A' }],
  ['unavailable', TO_AUTHORIZE],
];

const FAILED: readonly KindRule<AuthenticationFailed['kind']>[] = [
  ['timeout', { StatusPBX: statusOf('timeout') }],
  ['rejected', { ...NOT_TO_AUTHORIZE, '3DSTATUS': 'R' }],
  ['error', { ...NOT_TO_AUTHORIZE, '3DSTATUS': 'U' }],
  ['declined', NOT_TO_AUTHORIZE],
  ['unknown-status', {}],
];

function kindOf<Kind>(rules: readonly KindRule<Kind>[], fields: ResultFields): Kind | undefined {
  const matches = (values: ResultFields): boolean => RESULT_ORDER.every((name) => (values[name] ?? fields[name]) === fields[name]);
  return rules.find(([, values]) => matches(values))?.[0];
}

const MESSAGES: Readonly<Record<AuthenticationInvalid['reason'], string>> = {
  signature: 'Check is not the signature of the result with this public key',
  session: 'IdSession is not that of the expected authentication',
  malformed: 'it is not a result of an authentication',
  repeated: 'a variable of the result occurs more than once',
};

const invalid = (reason: AuthenticationInvalid['reason'], detail: string = MESSAGES[reason]): AuthenticationInvalid => ({
  kind: 'invalid',
  mayPay: false,
  reason,
  message: `The result is not accepted: ${detail}.`,
});

const misuse = (problem: string): MisuseError => new MisuseError(`readAuthentication: ${problem}.`);

// Bytes that are not percent-encoded are part of the signed text as they are.
function rawText(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  if (!(raw instanceof Uint8Array)) throw misuse('the result must be the raw query or body, as a string or a Uint8Array');
  return latin1Text(raw).replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
}

const RESULT_NAMES: ReadonlySet<string> = new Set([...RESULT_ORDER, 'Check']);

/** Returns the names of the result's variables in pairs `NAME=value`. */
function resultNamesIn(pairs: readonly string[]): string[] {
  return pairs.filter((pair) => pair.includes('=')).flatMap((pair) => pair.split('=', 1).filter((name) => RESULT_NAMES.has(name)));
}

const hasRepeated = (names: readonly string[]): boolean => new Set(names).size < names.length;

// The names are compared decoded, as the program that received the result may read them.
const namesInRaw = (raw: string): string[] => resultNamesIn(raw.split(/[?&]/).map((pair) => percentDecode(pair.replace(/\+/g, ' '))));

/**
 * Finds what makes the reading of a result ambiguous. `Check` signs the decoded text, in which a separator and an encoded `&` are the same.
 * So the customer's browser, which carries the result, could move the limits of the values without breaking the signature.
 */
function ambiguityOf(raw: string, { fields, repeated, signedText }: ReceivedResult): AuthenticationInvalid | undefined {
  const signedNames = resultNamesIn(signedText.split('&'));
  if (repeated.length > 0 || hasRepeated(namesInRaw(raw)) || hasRepeated(signedNames)) return invalid('repeated');
  if (signedNames.some((name) => !Object.hasOwn(fields, name))) return invalid('malformed', 'a value contains another variable');
  return undefined;
}

function resultOf(fields: ResultFields): AuthenticationResult {
  const { IdSession, StatusPBX, '3DECI': eci, ID3D } = fields;
  if (IdSession === undefined || StatusPBX === undefined) return invalid('malformed', 'it has no StatusPBX');
  const id3d = isId3d(ID3D) ? ID3D : undefined;
  const details = { session: IdSession, status: StatusPBX, eci };
  const withVariables = <R extends object>(result: R) =>
    Object.defineProperty(result, 'variables', { value: Object.freeze({ ...fields }) }) as R & Pick<AuthenticationPassed, 'variables'>;
  const passed = kindOf(PASSED, fields);
  if (passed === undefined)
    return withVariables({ kind: kindOf(FAILED, fields) ?? 'unknown-status', mayPay: false as const, ...details, id3d });
  if (id3d === undefined) return invalid('malformed', 'it allows the payment and has no ID3D');
  return withVariables({ kind: passed, mayPay: true as const, ...details, id3d });
}

/**
 * Reads the result of an authentication and verifies its signature. Accepts both forms: the raw query of the gateway's call to URLHttpDirect,
 * and the raw body of the POST of the browser to URLRetour. Both say the same and may both come: pay on the first valid one, once.
 *
 * The result names neither amount nor card. Give `session`, and keep the amount of each session in your own records: what the browser
 * posted may have been changed.
 *
 * @param raw as it was received, not decoded. Your own variables may come before the result, a URL before the query
 * @param publicKey the gateway's public key, PEM (`-----BEGIN PUBLIC KEY-----`); of a simulator `TEST_PUBLIC_KEY`
 * @returns a result with `mayPay`, decided by StatusPBX alone. A result that is not authentic is of kind `invalid`, not an error
 * @throws MisuseError if the arguments are not valid or the key cannot be read
 */
export async function readAuthentication(
  raw: string | Uint8Array,
  publicKey: string,
  { session }: ReadOptions = {},
): Promise<AuthenticationResult> {
  const text = rawText(raw);
  checkPublicKey('readAuthentication', publicKey);
  if (session !== undefined && typeof session !== 'string') throw misuse('session must be a string');
  const received = readResult(text);
  if (!received) return invalid('malformed', 'it has no IdSession or no Check after it');
  const ambiguity = ambiguityOf(text, received);
  if (ambiguity) return ambiguity;
  if (!(await isSigned('readAuthentication', received.signedText, received.check, publicKey))) return invalid('signature');
  if (session !== undefined && !isSameText(received.fields.IdSession ?? '', session)) return invalid('session');
  return resultOf(received.fields);
}
