import { percentDecode } from './frame/form.js';
import { latin1Bytes, latin1Text, utf8OrLatin1Text } from './frame/latin1.js';
import { RESULT_ORDER, type ResultFields } from './three-d-secure.js';

const lowerHex = (byte: number): string => `%${byte.toString(16).padStart(2, '0')}`;

const UNRESERVED = /[A-Za-z0-9\-_.~]/;

/** Percent-encodes with lower-case hex digits, as the gateway does. `kept` matches further characters that stay. */
function encodeLower(text: string, kept?: RegExp): string {
  let encoded = '';
  for (const byte of latin1Bytes(text)) {
    const character = String.fromCharCode(byte);
    encoded += UNRESERVED.test(character) || kept?.test(character) ? character : lowerHex(byte);
  }
  return encoded;
}

/** The names and values of a result in their order. Absent variables are left out. */
function pairsInOrder(fields: ResultFields): (readonly [name: string, value: string])[] {
  return RESULT_ORDER.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]] as const]));
}

/**
 * The text that `Check` signs: the variables in their order, not encoded. Encoded in ISO-8859-1 it is what the gateway signs.
 * See docs/protocol.md#section-7.
 */
export function signedText(fields: ResultFields): string {
  return pairsInOrder(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/**
 * The query of the gateway's call to URLHttpDirect: percent-encoded ISO-8859-1 with lower-case hex digits, `%20` for a space. `=` stays in
 * values and is encoded in `Check`.
 */
export function resultQuery(fields: ResultFields, check: string): string {
  const pairs = pairsInOrder(fields).map(([name, value]) => `${name}=${encodeLower(value, /=/)}`);
  return [...pairs, `Check=${encodeLower(check)}`].join('&');
}

/**
 * The fields of the form that the customer's browser posts to URLRetour. The browser encodes them once more, so `Check`, which is already
 * encoded here, arrives encoded twice.
 */
export function resultFormFields(fields: ResultFields, check: string): (readonly [name: string, value: string])[] {
  return [...pairsInOrder(fields), ['Check', encodeLower(check)]];
}

/** A result as it was received: its variables, and what its signature covers. */
export interface ReceivedResult {
  /** The decoded variables from IdSession on, without `Check`. The first of a repeated one. */
  readonly fields: ResultFields;
  /** Names of variables that occur more than once. */
  readonly repeated: readonly string[];
  /** The bytes that `Check` signs, one character per byte. */
  readonly signedText: string;
  /** `Check` in base64. */
  readonly check: string;
}

const decodeOnce = (text: string): string => percentDecode(text.replace(/\+/g, ' '));

/**
 * Reads a result: the raw query of the gateway's call or the raw body of the browser's POST. What comes before `IdSession` (the shop's own
 * variables) is left out. The signature is not checked.
 *
 * @param raw as it was received, not decoded. A `?` or a URL before the query is ignored
 * @returns undefined when there is no IdSession or no Check after it
 */
export function readResult(raw: string): ReceivedResult | undefined {
  const query = latin1Text(new TextEncoder().encode(raw.replace(/#.*$/s, '')));
  const start = /(?:^|[?&])(?=IdSession=)/.exec(query);
  if (!start) return undefined;
  const fromSession = query.slice(start.index + start[0].length);
  const end = fromSession.indexOf('&Check=');
  if (end < 0) return undefined;
  const encoded = fromSession.slice(0, end);
  const check = fromSession.slice(end + '&Check='.length).split('&', 1)[0] ?? '';
  const fields: Record<string, string> = {};
  const repeated: string[] = [];
  for (const pair of encoded.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    if (Object.hasOwn(fields, name)) repeated.push(name);
    else fields[name] = utf8OrLatin1Text(decodeOnce(rest.join('=')));
  }
  // Base64 has no `%`, so decoding a second time changes only what the browser encoded twice.
  return { fields, repeated, signedText: decodeOnce(encoded), check: percentDecode(percentDecode(check)) };
}
