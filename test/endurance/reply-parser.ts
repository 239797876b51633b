import { latin1Text, REPLY_ORDER } from '../../contracts/index.js';

const FIVE_DIGITS = /^\d{5}$/;
const TEN_DIGITS = /^\d{10}$/;

/**
 * Parses the body of a reply strictly: printable ISO-8859-1, `KEY=value&KEY=value`, only known keys, in their order, each once.
 * See docs/protocol.md#section-1. Does not use the decoder of the project.
 *
 * @throws Error with the first deviation
 */
export function parseReply(body: Uint8Array): Readonly<Record<string, string>> {
  const text = latin1Text(body);
  if (/[\x00-\x1f\x7f<>]/.test(text)) throw new Error(`Not printable: ${JSON.stringify(text)}.`);
  const reply: Record<string, string> = {};
  let last = -1;
  for (const pair of text.split('&')) {
    const [, name = '', value = ''] = /^([A-Z0-9-]+)=(.*)$/.exec(pair) ?? [];
    const index = (REPLY_ORDER as readonly string[]).indexOf(name);
    if (index <= last)
      throw new Error(`${JSON.stringify(pair)} is not a variable of replies, or is not in its order, in ${JSON.stringify(text)}.`);
    last = index;
    reply[name] = value;
  }
  if (!FIVE_DIGITS.test(reply.CODEREPONSE ?? '')) throw new Error(`No CODEREPONSE in ${JSON.stringify(text)}.`);
  if (!TEN_DIGITS.test(reply.NUMTRANS ?? '') || !TEN_DIGITS.test(reply.NUMAPPEL ?? ''))
    throw new Error(`No numbers in ${JSON.stringify(text)}.`);
  for (const name of ['NUMQUESTION', 'SITE', 'RANG', 'AUTORISATION', 'COMMENTAIRE', 'REFABONNE', 'PORTEUR']) {
    if (reply[name] === undefined) throw new Error(`No ${name} in ${JSON.stringify(text)}.`);
  }
  return reply;
}
