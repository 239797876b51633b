import {
  HIDDEN_VALUE,
  isSecretName,
  maskCard,
  maskField,
  maskText as maskSecretsIn,
  replaceRepeated,
  SECRET_WORDS,
} from '../contracts/index.js';

/** Variables the client never shows, in addition to SECRET_WORDS. */
const FURTHER_SECRETS = [
  'HMAC',
  'DATEVAL',
  'DATENAISS',
  'SHA-1',
  '3DCAVV',
  'ADRESSEIPAUTHENT',
  'ADRESSEPORTEUR',
  'CODEPOSTALPORTEUR',
  'ADRESSELIVRAISON',
  'CODEPOSTALLIVRAISON',
] as const;

const word = (words: readonly string[]): string => `(?:(?<![A-Z0-9])|(?<=%26))(?:${words.join('|')})(?![A-Z0-9])`;

const FURTHER = new RegExp(word(FURTHER_SECRETS), 'i');
const isSecret = (name: string): boolean => isSecretName(name) || FURTHER.test(name);
const CARD = new RegExp(word(['PORTEUR']), 'i');

const NAMES = word([...SECRET_WORDS, ...FURTHER_SECRETS, 'PORTEUR']);

/** `NAME=value` in a text, as written in a form, in a percent-encoded form or in JSON. */
const NAMED = new RegExp(`(${NAMES}[\\\\"']*\\s*(?:[=:]|%3D)\\s*[\\\\"']*)[^\\s&"'<>,;]+`, 'gi');

function maskValue(name: string, value: string): string {
  if (value === '') return value;
  if (isSecret(name)) return HIDDEN_VALUE;
  // A token charges a card as its number does. It has 11 characters, and maskCard hides values of fewer than 13 completely.
  if (CARD.test(name)) return /\d/.test(value) ? maskField('PORTEUR', value) : maskCard(value);
  return maskField(name, value);
}

/**
 * Variables in loggable form: CVV, keys, expiry and birth date are hidden, card numbers are masked in every variable, and of variables that the
 * gateway does not know only the length is shown.
 */
export function maskVariables(variables: Iterable<readonly [name: string, value: string]>): Record<string, string> {
  return Object.fromEntries(Array.from(variables, ([name, value]) => [name, maskValue(name, value)]));
}

/** Removes the secrets of one question from a text and leaves the rest unchanged. */
export type Scrub = (text: string) => string;

/** Shorter values appear in many harmless texts, so they are removed only after the name of their variable. */
const MIN_SECRET_LENGTH = 8;

/**
 * Makes a {@link Scrub} for a question. It removes the question's card number or token, key and signature anywhere in a text, and
 * secrets of any length after the name of their variable.
 *
 * @param further other secrets: the signing key
 */
export function scrubberOf(variables: readonly (readonly [name: string, value: string])[], further: readonly string[] = []): Scrub {
  const named = variables.filter(([name]) => CARD.test(name) || isSecret(name)).map(([, value]) => value);
  const secrets = [...named, ...further].filter(({ length }) => length >= MIN_SECRET_LENGTH);
  return (text) => secrets.reduce((left, secret) => replaceRepeated(left, secret, HIDDEN_VALUE), text).replace(NAMED, `$1${HIDDEN_VALUE}`);
}

/** A text with spaces for control characters, which a terminal or a log would obey. */
export const withoutControls = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

/** A human-readable text without control characters and the question's secrets, and with every card number masked. */
export const displayText = (scrub: Scrub, text: string): string => maskSecretsIn(scrub(withoutControls(text)));
