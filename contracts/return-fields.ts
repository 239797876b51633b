import { percentDecode, percentEncode } from './frame/form.js';
import { latin1Bytes, latin1Text, utf8OrLatin1Text } from './frame/latin1.js';
import { RENEWAL } from './subscription.js';

/** What a letter of PBX_RETOUR stands for. See docs/protocol.md#section-9. */
export const RETURN_LETTERS = {
  M: 'amount in minor units',
  R: 'reference',
  T: 'call number, NUMAPPEL of Direct',
  S: 'transaction number, NUMTRANS of Direct',
  A: 'authorization number',
  B: 'subscription number',
  C: 'card type',
  P: 'means of payment',
  D: 'expiry of the card, YYMM',
  E: 'response code',
  F: 'authentication: Y, A, U or N',
  G: 'guarantee: O or N',
  H: 'fingerprint of the card',
  I: 'country of the IP address',
  J: 'last two digits of the card',
  N: 'first six digits of the card',
  K: 'signature',
  O: 'enrolled: Y, N or U',
  Q: 'time of the transaction, HH:MM:SS',
  U: 'token of the subscriber',
  W: 'date of the transaction, DDMMYYYY',
  Y: 'country of the bank',
  Z: 'index of several payments',
} as const;

/** A letter of PBX_RETOUR. */
export type ReturnLetter = keyof typeof RETURN_LETTERS;

/** One field of PBX_RETOUR: the name under which a value comes back. */
export interface ReturnField {
  readonly name: string;
  readonly letter: ReturnLetter;
}

/**
 * Reads PBX_RETOUR: `Mt:M;Ref:R;Erreur:E;Sign:K`.
 *
 * @returns the fields in their order, or the part that is not `name:letter`
 */
export function readReturnFields(text: string): readonly ReturnField[] | { readonly wrong: string } {
  const fields: ReturnField[] = [];
  for (const part of text.split(';')) {
    if (part === '' && fields.length > 0) continue;
    const [, name = '', letter = ''] = /^([^:&=;#]+):([A-Z])$/.exec(part) ?? [];
    if (name === '' || !Object.hasOwn(RETURN_LETTERS, letter)) return { wrong: part };
    fields.push({ name, letter: letter as ReturnLetter });
  }
  return fields;
}

/** The values that come back, by their letters. One that is undefined is absent. */
export type ReturnValues = { readonly [Letter in Exclude<ReturnLetter, 'K'>]?: string | undefined };

/** How values are encoded: the variant `returnEncoding`. */
export type ReturnEncoding = 'raw' | 'reserved';

const UNRESERVED = /[A-Za-z0-9\-_.~]/;
const KEPT_RAW = /[@/:,]/;

function encodeValue(letter: ReturnLetter, value: string, encoding: ReturnEncoding): string {
  let encoded = '';
  for (const byte of latin1Bytes(value)) {
    const character = String.fromCharCode(byte);
    const isKept = UNRESERVED.test(character) || (encoding === 'raw' && KEPT_RAW.test(character));
    if (isKept) encoded += character;
    // The token is the only value in which spaces were seen as a plus.
    else if (letter === 'U' && character === ' ') encoded += '+';
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** The query of a result, in the order of PBX_RETOUR and without the signature. See docs/protocol.md#section-9. */
export function returnQuery(fields: readonly ReturnField[], values: ReturnValues, encoding: ReturnEncoding = 'raw'): string {
  return fields
    .flatMap(({ name, letter }) => {
      const value = letter === 'K' ? undefined : values[letter];
      return value === undefined ? [] : [`${percentEncode(name)}=${encodeValue(letter, value, encoding)}`];
    })
    .join('&');
}

/** The signature as it follows a query: base64, percent-encoded. */
export const signatureParameter = (name: string, signature: string): string => `${percentEncode(name)}=${percentEncode(signature)}`;

/** A result of the hosted page as it was received. */
export interface ReceivedReturn {
  /** The decoded values by their names, those of the shop's own parameters too, without the signature. The first of a repeated one. */
  readonly values: Readonly<Record<string, string>>;
  /** Names that occur more than once, the one of the signature too. */
  readonly repeated: readonly string[];
  /**
   * The text that the signature covers in the four addresses of the browser: everything before it. One character per byte. In the call to
   * the shop it covers less: see {@link withoutOwnParameters}.
   */
  readonly signedText: string;
  /** The signature in base64. */
  readonly signature: string;
  /** What follows the signature, as received. Empty: nothing, as the gateway sends it. */
  readonly rest: string;
}

const decodeOnce = (text: string): string => utf8OrLatin1Text(percentDecode(text.replace(/\+/g, ' ')));

/** The decoded name of a pair `NAME=value`. */
const nameOf = (pair: string): string => decodeOnce(pair.split('=', 1)[0] ?? '');

/** An address or the target of a request before its query. A `?` in a query is not the end of one. */
const BEFORE_QUERY = /^(?:[a-z][a-z0-9+.-]*:\/\/[^?]*|\/[^?]*)?\?/i;

/**
 * Reads a result of the hosted page: the raw query, or the raw body of a POST. The signature is not checked.
 *
 * @param raw as it was received, not decoded. A URL before the query is ignored
 * @param signatureName the name that PBX_RETOUR gives to K
 * @returns undefined when it has no signature
 */
export function readReturn(raw: string | Uint8Array, signatureName: string): ReceivedReturn | undefined {
  const text = latin1Text(typeof raw === 'string' ? new TextEncoder().encode(raw) : raw);
  const query = text.replace(/#.*$/s, '').replace(BEFORE_QUERY, '');
  const marker = `&${percentEncode(signatureName)}=`;
  const at = query.lastIndexOf(marker);
  if (at < 0) return undefined;
  const signedText = query.slice(0, at);
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  for (const pair of signedText.split('&')) {
    const name = nameOf(pair);
    if (values.has(name) || name === signatureName) repeated.add(name);
    if (!values.has(name)) values.set(name, decodeOnce(pair.slice(pair.indexOf('=') + 1 || pair.length)));
  }
  const [encoded = '', ...rest] = query.slice(at + marker.length).split('&');
  const signature = percentDecode(encoded).replace(/ /g, '+');
  return { values: Object.fromEntries(values), repeated: [...repeated], signedText, signature, rest: rest.join('&') };
}

/**
 * The text that the signature covers in the gateway's call to the shop (PBX_REPONDRE_A): from the first field of the result on, without the
 * parameters of the shop's own address that come before. See docs/protocol.md#section-9.
 *
 * @param signedText that of {@link readReturn}
 * @param fields those of PBX_RETOUR
 * @returns the empty text when there is no field
 */
export function withoutOwnParameters(signedText: string, fields: readonly ReturnField[]): string {
  const names = new Set([RENEWAL.name, ...fields.map(({ name }) => name)]);
  const pairs = signedText.split('&');
  const at = pairs.findIndex((pair) => names.has(nameOf(pair)));
  return at < 0 ? '' : pairs.slice(at).join('&');
}

/** E of a payment that the customer cancelled. See docs/protocol.md#section-9. */
export const CANCELLED_CODE = '00001';
/** E of a payment whose time was over. */
export const TIMEOUT_CODE = '00030';
/** E of a payment that is pending. */
export const PENDING_CODE = '99999';
