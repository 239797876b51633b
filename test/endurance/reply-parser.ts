import { latin1Text, REPLY_ORDER } from '../../contracts/index.js';

// Five digits, or letters too if ERRORCODETEST has them.
const CODE = /^[0-9A-Za-z]{5}$/;
const TEN_DIGITS = /^\d{10}$/;
const HEAD = ['NUMQUESTION', 'SITE', 'RANG', 'AUTORISATION', 'COMMENTAIRE'];
const ECHO = ['REFABONNE', 'PORTEUR'];
/** The texts of the replies that end after COMMENTAIRE. See docs/protocol.md#refusal-3. */
const SHORT = ['Invalid+data', 'Some+values+exceed+max+length'];

function checkPresence(reply: Readonly<Record<string, string>>, text: string): void {
  // Percent-encoded if the question has URL_ENCODE=O.
  const isShort = SHORT.includes((reply.COMMENTAIRE ?? '').replaceAll('%2B', '+'));
  const missing = [...HEAD, ...(isShort ? [] : ECHO)].find((name) => reply[name] === undefined);
  if (missing) throw new Error(`No ${missing} in ${JSON.stringify(text)}.`);
  const surplus = isShort ? ECHO.find((name) => reply[name] !== undefined) : undefined;
  if (surplus) throw new Error(`${surplus} after COMMENTAIRE in ${JSON.stringify(text)}.`);
}

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
  if (!CODE.test(reply.CODEREPONSE ?? '')) throw new Error(`No CODEREPONSE in ${JSON.stringify(text)}.`);
  if (!TEN_DIGITS.test(reply.NUMTRANS ?? '') || !TEN_DIGITS.test(reply.NUMAPPEL ?? ''))
    throw new Error(`No numbers in ${JSON.stringify(text)}.`);
  checkPresence(reply, text);
  return reply;
}
