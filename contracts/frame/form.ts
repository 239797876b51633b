import { PLACE_BY_NAME } from '../variables.js';
import { knownName } from './known-name.js';
import { latin1Bytes, latin1Text, textOfEither } from './latin1.js';

/** One variable of a request, in the order sent. */
export interface FormField {
  readonly name: string;
  /** Place of the variable among `VARIABLES`; undefined: it is none of the gateway's. Looked up once, as it is asked for of each field. */
  readonly place: number | undefined;
  /** The value as text. */
  readonly value: string;
  /** The value's bytes after percent-decoding, one character a byte: what the HMAC is computed over. */
  readonly raw: string;
  /** The value as it stood in the body, before percent-decoding. */
  readonly encoded: string;
}

/** A request body taken apart. */
export interface Form {
  readonly fields: readonly FormField[];
  /** Whether a `%` was not followed by two hex digits (it is kept as it is). */
  readonly badEscape: boolean;
}

/** Takes percent-encoding back: one character a byte. A `%` that is not followed by two hex digits stays. */
export const percentDecode = (text: string): string =>
  text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const decodeComponent = (text: string): string => percentDecode(text.replace(/\+/g, ' '));

function decodeField(encodedName: string, encoded: string): FormField {
  const raw = decodeComponent(encoded);
  const name = textOfEither(decodeComponent(encodedName));
  return { name, place: PLACE_BY_NAME.get(name), value: textOfEither(raw), raw, encoded };
}

const [LF, CR] = [0x0a, 0x0d];

// A loop, because a regular expression takes quadratic time on line ends that do not end the body.
function withoutLineEnd(body: Uint8Array): Uint8Array {
  let end = body.length;
  while (end > 0 && (body[end - 1] === LF || body[end - 1] === CR)) end--;
  return end === body.length ? body : body.subarray(0, end);
}

const [PERCENT, AMPERSAND, PLUS, EQUALS, LAST_OF_ASCII] = [0x25, 0x26, 0x2b, 0x3d, 0x7f];

function endOfField(body: Uint8Array, start: number): number {
  let end = start;
  while (end < body.length && body[end] !== AMPERSAND) end++;
  return end;
}

/** Reads the field between two places of a body, which is looked at byte by byte: so it costs half of what its text does. */
function readField(body: Uint8Array, text: string, start: number, end: number): FormField {
  let equals = end;
  // Nothing is percent-encoded, and all of it is ASCII: the bytes stand for themselves.
  let isPlain = true;
  for (let at = start; at < end; at++) {
    const byte = body[at] as number;
    if (byte === EQUALS) equals = Math.min(equals, at);
    else if (byte === PERCENT || byte === PLUS || byte > LAST_OF_ASCII) isPlain = false;
  }
  const value = text.slice(equals + 1, end);
  if (!isPlain) return decodeField(text.slice(start, equals), value);
  const known = knownName(body, start, equals);
  return { name: known ? known.name : text.slice(start, equals), place: known?.place, value, raw: value, encoded: value };
}

/**
 * Reads a body of `application/x-www-form-urlencoded`. Never throws: whatever bytes arrive, something is read.
 * Values may be percent-encoded UTF-8, percent-encoded ISO-8859-1, or bare bytes of either. Protocol sheet, section 1.
 */
export function decodeForm(body: Uint8Array): Form {
  const bytes = withoutLineEnd(body);
  const text = latin1Text(bytes);
  const fields: FormField[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = endOfField(bytes, start);
    if (end > start) fields.push(readField(bytes, text, start, end));
    start = end + 1;
  }
  return { fields, badEscape: /%(?![0-9a-fA-F]{2})/.test(text) };
}

const UNRESERVED = /[A-Za-z0-9\-_.~]/;

function encodeComponent(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text += UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

/** Percent-encodes a value in the given charset. */
export function percentEncode(value: string, charset: 'utf-8' | 'iso-8859-1' = 'utf-8'): string {
  return encodeComponent(charset === 'utf-8' ? new TextEncoder().encode(value) : latin1Bytes(value));
}

/**
 * Writes a request body: variables in the order given, values percent-encoded.
 *
 * @param charset what the values' bytes are before percent-encoding
 */
export function encodeForm(
  pairs: Iterable<readonly [name: string, value: string]>,
  charset: 'utf-8' | 'iso-8859-1' = 'utf-8',
): Uint8Array<ArrayBuffer> {
  const encoded = Array.from(pairs, ([name, value]) => `${percentEncode(name, charset)}=${percentEncode(value, charset)}`);
  return latin1Bytes(encoded.join('&'));
}

/** The message an HMAC is computed over: every variable but HMAC, in the order sent, not percent-encoded. Protocol sheet, section 5. */
export function hmacMessage(fields: readonly Pick<FormField, 'name' | 'raw'>[]): string {
  return fields
    .filter(({ name }) => name !== 'HMAC')
    .map(({ name, raw }) => `${name}=${raw}`)
    .join('&');
}
