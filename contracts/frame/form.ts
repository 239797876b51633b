import { VARIABLE_INDEX_BY_NAME } from '../variables.js';
import { latin1Bytes, latin1Text, utf8OrLatin1Text } from './latin1.js';

/** A variable of a request. */
export interface FormField {
  readonly name: string;
  /** Index of the variable in `VARIABLES`. Undefined: the gateway does not know the variable. */
  readonly index: number | undefined;
  /** The decoded value. */
  readonly value: string;
  /** The value's bytes after percent-decoding, one character per byte. The HMAC is computed over them. */
  readonly raw: string;
  /** The value in the body, before percent-decoding. */
  readonly encoded: string;
}

/** A parsed request body. */
export interface Form {
  /** In the order sent. */
  readonly fields: readonly FormField[];
  /** Whether a `%` is not followed by two hex digits. Such a `%` is kept unchanged. */
  readonly badEscape: boolean;
}

/** Decodes percent-encoding to one character per byte. A `%` that is not followed by two hex digits is kept unchanged. */
export const percentDecode = (text: string): string =>
  text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const decodeComponent = (text: string): string => percentDecode(text.replace(/\+/g, ' '));

function decodeField(encodedName: string, encoded: string): FormField {
  const raw = decodeComponent(encoded);
  const name = utf8OrLatin1Text(decodeComponent(encodedName));
  return { name, index: VARIABLE_INDEX_BY_NAME.get(name), value: utf8OrLatin1Text(raw), raw, encoded };
}

const [LF, CR] = [0x0a, 0x0d];

// A loop, because a regular expression takes quadratic time on line breaks that are not at the end of the body.
function withoutLineEnd(body: Uint8Array): Uint8Array {
  let end = body.length;
  while (end > 0 && (body[end - 1] === LF || body[end - 1] === CR)) end--;
  return end === body.length ? body : body.subarray(0, end);
}

const NEEDS_DECODING = /[%+\x80-\xff]/;

/** Reads the field between two positions of a body. Splitting the body instead costs 1.5 % of the replies per second. */
function readField(text: string, start: number, end: number, isPlain: boolean): FormField {
  const found = text.indexOf('=', start);
  const equals = found < 0 || found > end ? end : found;
  const name = text.slice(start, equals);
  const value = text.slice(equals + 1, end);
  if (!isPlain) return decodeField(name, value);
  return { name, index: VARIABLE_INDEX_BY_NAME.get(name), value, raw: value, encoded: value };
}

/**
 * Parses a body of `application/x-www-form-urlencoded`. Accepts any bytes and never throws.
 * Values may be UTF-8 or ISO-8859-1, percent-encoded or not. See docs/protocol.md#section-1.
 */
export function decodeForm(body: Uint8Array): Form {
  const text = latin1Text(withoutLineEnd(body));
  // Most bodies need no decoding, so one test of the body replaces one for each field.
  const isPlain = !NEEDS_DECODING.test(text);
  const fields: FormField[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('&', start);
    const end = found < 0 ? text.length : found;
    if (end > start) fields.push(readField(text, start, end, isPlain || !NEEDS_DECODING.test(text.slice(start, end))));
    start = end + 1;
  }
  return { fields, badEscape: !isPlain && /%(?![0-9a-fA-F]{2})/.test(text) };
}

const UNRESERVED = /[A-Za-z0-9\-_.~]/;
const ALL_UNRESERVED = /^[A-Za-z0-9\-_.~]*$/;

function encodeComponent(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text += UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** Percent-encodes the bytes of a value in the given charset. Default: UTF-8. */
export function percentEncode(value: string, charset: 'utf-8' | 'iso-8859-1' = 'utf-8'): string {
  // Most values need no encoding.
  if (ALL_UNRESERVED.test(value)) return value;
  return encodeComponent(charset === 'utf-8' ? new TextEncoder().encode(value) : latin1Bytes(value));
}

/**
 * Encodes a request body: the variables in the given order, names and values percent-encoded.
 *
 * @param charset the charset that is percent-encoded. Default: UTF-8.
 */
export function encodeForm(
  pairs: Iterable<readonly [name: string, value: string]>,
  charset: 'utf-8' | 'iso-8859-1' = 'utf-8',
): Uint8Array<ArrayBuffer> {
  const encoded = Array.from(pairs, ([name, value]) => `${percentEncode(name, charset)}=${percentEncode(value, charset)}`);
  return latin1Bytes(encoded.join('&'));
}

/** The message of the HMAC: every variable except HMAC, in the order sent, not percent-encoded. See docs/protocol.md#section-5. */
export function hmacMessage(fields: readonly Pick<FormField, 'name' | 'raw'>[]): string {
  return fields
    .filter(({ name }) => name !== 'HMAC')
    .map(({ name, raw }) => `${name}=${raw}`)
    .join('&');
}
