import { percentEncode } from './form.js';
import { latin1Bytes, latin1Text } from './latin1.js';

/** The variables of a reply in the order of the gateway. Observed. See docs/protocol.md#section-1. */
export const REPLY_ORDER = [
  'NUMTRANS',
  'NUMAPPEL',
  'NUMQUESTION',
  'SITE',
  'RANG',
  'AUTORISATION',
  'CODEREPONSE',
  'COMMENTAIRE',
  'REFABONNE',
  'PORTEUR',
  'PAYS',
  'TYPECARTE',
  'SHA-1',
  'STATUS',
  'REMISE',
] as const;

/** The variables of a reply. One that is undefined is absent from the body. */
export type ReplyFields = { readonly [name in (typeof REPLY_ORDER)[number]]?: string };

const [SPACE, AMPERSAND, LESS, GREATER, QUESTION_MARK, DELETE, LAST] = [0x20, 0x26, 0x3c, 0x3e, 0x3f, 0x7f, 0xff];

/**
 * Whether a character is sent as a space: control characters, `&`, `<` and `>`, because the values of a reply are not percent-encoded and
 * these would break its structure. Only a malformed request contains them, so well-formed values are echoed verbatim.
 */
const isSentAsSpace = (unit: number): boolean => unit < SPACE || unit === AMPERSAND || unit === LESS || unit === GREATER || unit === DELETE;

/** The code of the character that is sent for a character. One that ISO-8859-1 does not have becomes `?`. */
function sentCode(unit: number): number {
  if (unit > LAST) return QUESTION_MARK;
  return isSentAsSpace(unit) ? SPACE : unit;
}

/** Whether a reply repeats a character of this value as a space. */
export function isRepeatedWithSpaces(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (isSentAsSpace(value.charCodeAt(i))) return true;
  return false;
}

/** Whether a value can be sent unchanged. A loop, because values are short and nearly all of them can. */
function isSafe(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (sentCode(unit) !== unit) return false;
  }
  return true;
}

const safeValue = (value: string): string =>
  isSafe(value) ? value : value.replace(/./gs, (character) => String.fromCharCode(sentCode(character.charCodeAt(0))));

/**
 * Writes the body of a reply as text, one character per byte: `KEY=value&KEY=value`, values not percent-encoded.
 *
 * @param urlEncode whether to percent-encode the values (`URL_ENCODE=O`). Default: false.
 */
export function replyText(reply: ReplyFields, urlEncode = false): string {
  const pairs: string[] = [];
  for (const name of REPLY_ORDER) {
    const value = reply[name];
    if (value !== undefined) pairs.push(`${name}=${urlEncode ? percentEncode(value, 'iso-8859-1') : safeValue(value)}`);
  }
  return pairs.join('&');
}

/**
 * Writes names and values as {@link replyText} does, whatever the names are. Characters of a name that would break the text become `_`.
 */
export function namedValuesText(pairs: Iterable<readonly [name: string, value: string]>): string {
  return Array.from(pairs, ([name, value]) => `${safeValue(name).replace(/[=\s]/g, '_')}=${safeValue(value)}`).join('&');
}

/**
 * Encodes the body of a reply in ISO-8859-1. See {@link replyText}.
 *
 * @param urlEncode whether to percent-encode the values (`URL_ENCODE=O`). Default: false.
 */
export function encodeReply(reply: ReplyFields, urlEncode = false): Uint8Array<ArrayBuffer> {
  return latin1Bytes(replyText(reply, urlEncode));
}

/** The names and values of the text of a reply. What has no name is left out. */
function* pairsOf(text: string): Generator<readonly [name: string, value: string]> {
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=');
    if (at > 0) yield [pair.slice(0, at), pair.slice(at + 1)];
  }
}

/**
 * Parses the text of a reply: splits at `&` and at the first `=`, and decodes no percent-encoding.
 *
 * @param text the body, one character per byte
 * @returns the variables in the order received. If a variable is repeated, the first value counts.
 */
export function readReplyText(text: string): Map<string, string> {
  const reply = new Map<string, string>();
  for (const [name, value] of pairsOf(text)) if (!reply.has(name)) reply.set(name, value);
  return reply;
}

/** The variables that decide what a reply means. COMMENTAIRE is a text for people. */
const DECIDING: ReadonlySet<string> = new Set(REPLY_ORDER.filter((name) => name !== 'COMMENTAIRE'));

/**
 * Returns the names of the variables that a reply states twice with different values, of those that decide what it means. Such a reply
 * cannot be trusted: CODEREPONSE may say that a payment is approved, and that it is refused.
 */
export function contradictionsIn(body: Uint8Array): string[] {
  const text = latin1Text(body);
  const first = readReplyText(text);
  const differing = new Set<string>();
  for (const [name, value] of pairsOf(text)) if (DECIDING.has(name) && first.get(name) !== value) differing.add(name);
  return [...differing];
}

/** Decodes the body of a reply from ISO-8859-1 and parses it. See {@link readReplyText}. */
export function decodeReply(body: Uint8Array): Map<string, string> {
  return readReplyText(latin1Text(body));
}
