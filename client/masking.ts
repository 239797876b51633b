import { maskCard, maskCardsIn } from '../contracts/index.js';
import type { WireVariables } from './wire-variables.js';

const HIDDEN = '***';

/** Variables whose value is never shown, in part or whole. */
const SECRET = /^(CVV|CLE|HMAC|DATEVAL|DATENAISS|SHA-1|3DCAVV)$/i;
const CARD = /^PORTEUR$/i;

function maskValue(name: string, value: string): string {
  if (value === '') return value;
  if (SECRET.test(name)) return HIDDEN;
  return CARD.test(name) ? maskCard(value) : maskCardsIn(value);
}

/** Variables as they may be logged: card number masked, CVV, keys, expiry and birth date hidden, card numbers elsewhere masked. */
export function maskVariables(variables: Iterable<readonly [name: string, value: string]>): Record<string, string> {
  return Object.fromEntries(Array.from(variables, ([name, value]) => [name, maskValue(name, value)]));
}

/** Takes the secrets of one question out of a text that came from elsewhere, and leaves the rest as it is. */
export type Scrub = (text: string) => string;

/** Values shorter than this stand in too many innocent texts to be taken out of them. */
const SHORTEST_SECRET = 8;

/**
 * A {@link Scrub} for a question: takes out its card number or token, its key and its signature wherever they stand.
 *
 * @param further other secrets: the key it was signed with
 */
export function scrubberOf(variables: WireVariables, further: readonly string[] = []): Scrub {
  const own = Object.entries(variables).filter(([name]) => CARD.test(name) || SECRET.test(name));
  const secrets = [...own.map(([, value]) => value ?? ''), ...further].filter(({ length }) => length >= SHORTEST_SECRET);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text);
}

/** A text for people to read: without the question's secrets, and with every card number masked. */
export const readable = (scrub: Scrub, text: string): string => maskCardsIn(scrub(text));
