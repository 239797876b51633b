import { percentEncode } from './form.js';
import { latin1Bytes, latin1Text } from './latin1.js';

/** The variables of a reply in the order the gateway writes them. Observed; protocol sheet, section 1. */
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

/** A variable of a reply. */
export type ReplyVariable = (typeof REPLY_ORDER)[number];

/** A reply: its variables, those left out being absent from the body. */
export type Reply = { readonly [name in ReplyVariable]?: string };

const [SPACE, AMPERSAND, LESS, GREATER, QUESTION_MARK, DELETE, LAST] = [0x20, 0x26, 0x3c, 0x3e, 0x3f, 0x7f, 0xff];

/**
 * What a character is sent as, by its code. Control characters, `&`, `<` and `>` would break a reply apart, whose values are not
 * percent-encoded; echoed values may hold them only in a malformed request, so a well-formed echo stays verbatim. What ISO-8859-1 does not
 * have becomes `?`.
 */
function sentAs(unit: number): number {
  if (unit > LAST) return QUESTION_MARK;
  return unit < SPACE || unit === AMPERSAND || unit === LESS || unit === GREATER || unit === DELETE ? SPACE : unit;
}

/** Whether a value can be sent as it is. A loop: nearly every value can, and none is long. */
function isSafe(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (sentAs(unit) !== unit) return false;
  }
  return true;
}

const safeValue = (value: string): string =>
  isSafe(value) ? value : value.replace(/./gs, (character) => String.fromCharCode(sentAs(character.charCodeAt(0))));

/**
 * A reply's body as text, one character a byte: `KEY=value&KEY=value`, values not percent-encoded.
 *
 * @param urlEncode percent-encode the values all the same (`URL_ENCODE=O`)
 */
export function replyText(reply: Reply, urlEncode = false): string {
  const pairs: string[] = [];
  for (const name of REPLY_ORDER) {
    const value = reply[name];
    if (value !== undefined) pairs.push(`${name}=${urlEncode ? percentEncode(value, 'iso-8859-1') : safeValue(value)}`);
  }
  return pairs.join('&');
}

/**
 * Writes a reply's body in ISO-8859-1, as {@link replyText} puts it together.
 *
 * @param urlEncode percent-encode the values all the same (`URL_ENCODE=O`)
 */
export function encodeReply(reply: Reply, urlEncode = false): Uint8Array<ArrayBuffer> {
  return latin1Bytes(replyText(reply, urlEncode));
}

/**
 * Reads a reply's text as a client should: split on `&` and on the first `=`, nothing percent-decoded.
 *
 * @param text one character a byte
 * @returns the variables in the order they came; of one that is repeated, the first
 */
export function readReplyText(text: string): Map<string, string> {
  const reply = new Map<string, string>();
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=');
    if (at > 0 && !reply.has(pair.slice(0, at))) reply.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return reply;
}

/** Reads a reply's body, which is in ISO-8859-1, as {@link readReplyText} does. */
export function decodeReply(body: Uint8Array): Map<string, string> {
  return readReplyText(latin1Text(body));
}
