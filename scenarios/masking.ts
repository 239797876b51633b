import { describeBody, HIDDEN_VALUE, isCardShaped, maskCard, maskField, maskName, maskText } from '../contracts/index.js';
import type { TargetAccount } from './target.js';

/** A variable that is safe to show and to store. */
export type MaskedField = readonly [name: string, value: string];

// Other names occur when JSON, XML or multipart was parsed as a form: the names then do not tell which parts are secret.
const FORM_NAME = /^[\w.[\]() -]{0,64}$/;

/** Whether a body is a form: the names of its variables are names. */
export const isForm = (text: string): boolean => text.split('&').every((pair) => FORM_NAME.test(pair.split('=', 1)[0] ?? ''));

/**
 * Masks the variables of a question or a reply. If the body is not a form, returns one field named `(body)` with its
 * length and the names of the gateway's variables in it.
 */
export function maskFields(fields: ReadonlyMap<string, string>): readonly MaskedField[] {
  const pairs = Array.from(fields);
  if (pairs.every(([name]) => FORM_NAME.test(name))) return pairs.map(([name, value]) => [maskName(name, value), maskField(name, value)]);
  return [['(body)', describeBody(pairs.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&'))]];
}

// The author of a scenario chose these names, and reads them in its reports.
const SHOW_UNKNOWN = { showUnknown: true } as const;

/** Masks a value of an examples row. Every value with the length of a card number is treated as one. */
export function maskExample(name: string, value: string): string {
  return isCardShaped(value) ? maskCard(value) : maskField(name, value, undefined, SHOW_UNKNOWN);
}

/** Shorter keys appear in many texts by chance. No real one is so short. */
const SHORTEST_KEY = 4;

const literally = (text: string): string => text.replace(/[^\w]/g, '\\$&');

/** Returns a function that removes the keys of an account from a text, in small or capital letters and percent-encoded too. */
export function keyScrubber({ cle = '', hmacKey = '' }: TargetAccount): (text: string) => string {
  const keys = [cle, hmacKey].filter(({ length }) => length >= SHORTEST_KEY).flatMap((key) => [key, encodeURIComponent(key)]);
  if (keys.length === 0) return (text) => text;
  const anyKey = new RegExp(keys.map(literally).join('|'), 'gi');
  return (text) => text.replace(anyKey, HIDDEN_VALUE);
}

const TAIL_LENGTH = 500;

/** The last characters of an output, masked. What may be a part of a secret at the start is left out: only whole ones are recognized. */
export function maskedTail(output: string): string {
  const text = maskText(output.trim());
  if (text.length <= TAIL_LENGTH) return text;
  const tail = text.slice(-TAIL_LENGTH);
  return tail.includes('\n') ? tail.slice(tail.indexOf('\n') + 1) : tail.replace(/^\S+/, '…');
}

/** Returns a copy of a JSON value in which card numbers, CVV and keys are masked at every depth. */
export function maskDeep<Value>(value: Value): Value {
  const masked = JSON.stringify(value, (name, item: unknown) => {
    if (name === 'hmacKey') return HIDDEN_VALUE;
    if (typeof item !== 'string' && typeof item !== 'number') return item;
    const text = String(item);
    const shown = maskField(name, text, undefined, SHOW_UNKNOWN);
    return shown === text ? item : shown;
  });
  return JSON.parse(masked) as Value;
}
