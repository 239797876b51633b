import { maskCard, maskCardsIn, maskField, SECRET_WORDS } from '../contracts/index.js';
import type { WireVariables } from './wire-variables.js';

const HIDDEN = '***';

/** What the client never shows, beside what nobody does. */
const FURTHER_SECRETS = ['HMAC', 'DATEVAL', 'DATENAISS', 'SHA-1', '3DCAVV'] as const;

const word = (words: readonly string[]): string => `(?:(?<![A-Z0-9])|(?<=%26))(?:${words.join('|')})(?![A-Z0-9])`;

const SECRET = new RegExp(word([...SECRET_WORDS, ...FURTHER_SECRETS]), 'i');
const CARD = new RegExp(word(['PORTEUR']), 'i');

const NAMES = word([...SECRET_WORDS, ...FURTHER_SECRETS, 'PORTEUR']);

/** `NAME=value` in a text, as a form (itself encoded or not) or JSON write it. */
const NAMED = new RegExp(`(${NAMES}[\\\\"']*\\s*(?:[=:]|%3D)\\s*[\\\\"']*)[^\\s&"'<>,;]+`, 'gi');

function maskValue(name: string, value: string): string {
  if (value === '') return value;
  if (SECRET.test(name)) return HIDDEN;
  // A token is as good as a card number, so it goes whole, whatever it is made of.
  return CARD.test(name) ? maskCard(value) : maskCardsIn(maskField(name, value));
}

/** Variables as they may be logged: card number masked, CVV, keys, expiry and birth date hidden, card numbers elsewhere masked. */
export function maskVariables(variables: Iterable<readonly [name: string, value: string]>): Record<string, string> {
  return Object.fromEntries(Array.from(variables, ([name, value]) => [name, maskValue(name, value)]));
}

/** Takes the secrets of one question out of a text that came from elsewhere, and leaves the rest as it is. */
export type Scrub = (text: string) => string;

/** Values shorter than this stand in too many innocent texts to be taken out where nothing names them. */
const SHORTEST_SECRET = 8;

/**
 * A {@link Scrub} for a question: takes out its card number or token, its key and its signature wherever they stand, and
 * every secret, however short, that stands behind its name.
 *
 * @param further other secrets: the key it was signed with
 */
export function scrubberOf(variables: WireVariables, further: readonly string[] = []): Scrub {
  const own = Object.entries(variables).filter(([name]) => CARD.test(name) || SECRET.test(name));
  const secrets = [...own.map(([, value]) => value ?? ''), ...further].filter(({ length }) => length >= SHORTEST_SECRET);
  return (text) => secrets.reduce((left, secret) => left.replaceAll(secret, HIDDEN), text).replace(NAMED, `$1${HIDDEN}`);
}

/** A text for people to read: without the question's secrets, and with every card number masked. */
export const readable = (scrub: Scrub, text: string): string => maskCardsIn(scrub(text));
