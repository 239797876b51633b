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

/**
 * Characters that would break a reply apart, whose values are not percent-encoded. Echoed values may hold
 * them only in a malformed request, so a well-formed echo stays verbatim.
 */
const UNSAFE = /[\x00-\x1f\x7f&<>]/g;

/**
 * Writes a reply's body: `KEY=value&KEY=value` in ISO-8859-1, values not percent-encoded.
 *
 * @param urlEncode percent-encode the values all the same (`URL_ENCODE=O`)
 */
export function encodeReply(reply: Reply, urlEncode = false): Uint8Array<ArrayBuffer> {
  const pairs: string[] = [];
  for (const name of REPLY_ORDER) {
    const value = reply[name];
    if (value === undefined) continue;
    pairs.push(`${name}=${urlEncode ? percentEncode(value, 'iso-8859-1') : value.replace(UNSAFE, ' ')}`);
  }
  return latin1Bytes(pairs.join('&'));
}

/**
 * Reads a reply's body as a client should: ISO-8859-1, split on `&` and on the first `=`, nothing percent-decoded.
 *
 * @returns the variables in the order they came; of one that is repeated, the first
 */
export function decodeReply(body: Uint8Array): Map<string, string> {
  const reply = new Map<string, string>();
  for (const pair of latin1Text(body).split('&')) {
    const at = pair.indexOf('=');
    if (at > 0 && !reply.has(pair.slice(0, at))) reply.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return reply;
}
