import { isLuhn } from './luhn.js';
import { VARIABLE_BY_NAME, VARIABLE_INDEX_BY_NAME, VARIABLES } from './variables.js';

/** The lowest number of digits in a card number. */
export const SHORTEST_CARD = 13;

/** Whether a text has the shape of a card number: 13 to 19 digits and nothing else. The Luhn digit is not checked. */
export const isCardShaped = (text: string): boolean => /^\d{13,19}$/.test(text);

/**
 * Masks a card number so that it may be stored and shown: `111122******4444`.
 * A value of fewer than 13 characters is masked completely, because ten visible digits would be too many of it.
 */
export function maskCard(porteur: string): string {
  return porteur.length < SHORTEST_CARD
    ? '*'.repeat(porteur.length)
    : `${porteur.slice(0, 6)}${'*'.repeat(porteur.length - 10)}${porteur.slice(-4)}`;
}

// A cheap first test: most texts contain no card number and are returned unchanged.
const MAY_CONTAIN_CARD = /\d(?:[ -]?\d){12}/;

const mayContainCard = (text: string): boolean => text.length >= SHORTEST_CARD && MAY_CONTAIN_CARD.test(text);

// The positions where 13 or more digits begin, and the runs of 13 to 19 digits that may begin there.
const RUN_STARTS = /(?<!\d)(?=\d(?:[ -]?\d){12})/g;
const RUNS = Array.from({ length: 7 }, (_, more) => new RegExp(`\\d(?:[ -]?\\d){${12 + more}}(?!\\d)`, 'y'));

/** The positions of the digits to mask in the card numbers that begin at `start`. */
function* maskedPositions(text: string, start: number): Generator<number> {
  for (const run of RUNS) {
    run.lastIndex = start;
    const match = run.exec(text)?.[0] ?? '';
    if (!isLuhn(match.replace(/\D/g, ''))) continue;
    const digits = Array.from(match.matchAll(/\d/g), ({ index }) => start + index);
    yield* digits.slice(6, -4);
  }
}

/**
 * Masks every run of 13 to 19 digits that ends in its Luhn digit. A space or a hyphen may separate the digits, and other numbers may
 * precede or follow the run: `4012001037141112 123` becomes `401200******1112 123`.
 */
export function maskCardsIn(text: string): string {
  if (!mayContainCard(text)) return text;
  const masked = new Set(Array.from(text.matchAll(RUN_STARTS), ({ index }) => [...maskedPositions(text, index)]).flat());
  return masked.size === 0 ? text : Array.from({ length: text.length }, (_, at) => (masked.has(at) ? '*' : text.charAt(at))).join('');
}

// Lengths and first digits that card schemes issue, and the published test cards. Timestamps and order numbers rarely match.
const LIKELY_CARD =
  /^(?:4\d{15}|4\d{18}|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|6\d{15}|111122\d{10})$/;

/**
 * Masks the numbers in a text that are very likely card numbers: the length and first digits of a card scheme, and a valid Luhn digit.
 * For texts that the user chose (order references), in which {@link maskCardsIn} would mask harmless numbers.
 */
export function maskLikelyCardsIn(text: string): string {
  if (!mayContainCard(text)) return text;
  return text.replace(/(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)/g, (run) => {
    const digits = run.replace(/\D/g, '');
    return LIKELY_CARD.test(digits) && isLuhn(digits) ? maskCard(digits) : run;
  });
}

/** What replaces a value that is never stored or shown, such as the CVV. */
export const HIDDEN_VALUE = '***';

/** Variables whose value is never stored or shown, not even in part. */
export const SECRET_WORDS = ['CVV', 'CVC', 'CCV', 'CSC', 'CRYPTOGRAMME', 'SECURITYCODE', 'CLE'] as const;

const WORD = SECRET_WORDS.join('|');
// Matches the words within a name, so that `cvv2`, `CVVCode` and `data[CVV]` are hidden too. CLE must stand alone: `ARTICLE` is no secret.
const WITHIN = SECRET_WORDS.filter((word) => word !== 'CLE').join('|');
const SECRET_NAME = new RegExp(`${WITHIN}|SECURITY.CODE|(?<![A-Z0-9])CLE(?![A-Z0-9])`, 'i');
const SECRET_IN_BODY = new RegExp(`(${WORD})(\\W{0,200}?)(?!${WORD})\\w[^\\s"'&<>,;]{2,}`, 'gi');
const CARD_NAME = /(?<![A-Z0-9])PORTEUR(?![A-Z0-9])/i;

// A token has letters only, and zeros mean that there is no card. Any other value is masked, also one that is not all digits.
const maskPorteur = (value: string): string => (/\d/.test(value) && !/^0*$/.test(value) ? maskCard(value) : value);

type Mask = (value: string) => string;

const hide: Mask = (value) => (value === '' ? '' : HIDDEN_VALUE);

function maskOf(name: string): Mask {
  if (SECRET_NAME.test(name)) return hide;
  if (CARD_NAME.test(name)) return maskPorteur;
  return VARIABLE_BY_NAME.has(name) ? maskLikelyCardsIn : maskCardsIn;
}

/** The mask of each variable, in the order of `VARIABLES`. */
const MASKS: readonly Mask[] = VARIABLES.map(({ name }) => maskOf(name));

/**
 * Masks the value of a variable so that it may be stored and shown: card numbers are masked, CVV and account key are replaced by `***`.
 * A variable that the gateway does not know may contain anything, so every number that could be a card is masked in it.
 *
 * @param index the variable's index in `VARIABLES`, if the caller knows it
 */
export function maskField(name: string, value: string, index = VARIABLE_INDEX_BY_NAME.get(name)): string {
  return ((index === undefined ? undefined : MASKS[index]) ?? maskOf(name))(value);
}

/**
 * Masks a body that is not a form so that it may be stored and shown: every run of 12 or more digits, and what follows the name of a
 * CVV or an account key.
 */
export function maskBody(text: string): string {
  return text.replace(/\d(?:[ -]?\d){11,}/g, (run) => maskCard(run.replace(/\D/g, ''))).replace(SECRET_IN_BODY, `$1$2${HIDDEN_VALUE}`);
}
