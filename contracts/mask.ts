import { isLuhn } from './luhn.js';

/** Fewer characters hold no card number. */
export const SHORTEST_CARD = 13;

/** Whether a text is written as a card number is, whatever its digits: 13 to 19 of them and nothing else. */
export const isCardShaped = (text: string): boolean => /^\d{13,19}$/.test(text);

/**
 * A card number as it may be shown and kept: `111122******4444`.
 * A value too short to keep ten digits back is masked whole.
 */
export function maskCard(porteur: string): string {
  return porteur.length < SHORTEST_CARD
    ? '*'.repeat(porteur.length)
    : `${porteur.slice(0, 6)}${'*'.repeat(porteur.length - 10)}${porteur.slice(-4)}`;
}

// Whether there is anything to look at: most texts are shown as they are.
const MAY_HOLD_CARD = /\d(?:[ -]?\d){12}/;

const mayHoldCard = (text: string): boolean => text.length >= SHORTEST_CARD && MAY_HOLD_CARD.test(text);

// Where thirteen digits or more begin, and the runs of 13 to 19 digits that may begin there.
const STARTS = /(?<!\d)(?=\d(?:[ -]?\d){12})/g;
const RUNS = Array.from({ length: 7 }, (_, more) => new RegExp(`\\d(?:[ -]?\\d){${12 + more}}(?!\\d)`, 'y'));

/** Where the digits stand that a card number beginning at `start` must not show. */
function* hiddenFrom(text: string, start: number): Generator<number> {
  for (const run of RUNS) {
    run.lastIndex = start;
    const found = run.exec(text)?.[0] ?? '';
    if (!isLuhn(found.replace(/\D/g, ''))) continue;
    const digits = Array.from(found.matchAll(/\d/g), ({ index }) => start + index);
    yield* digits.slice(6, -4);
  }
}

/**
 * Masks every run of 13 to 19 digits (a space or a hyphen allowed between them) that ends in its Luhn digit, also where
 * other digits stand before or after it: `4012001037141112 123` becomes `401200******1112 123`.
 */
export function maskCardsIn(text: string): string {
  if (!mayHoldCard(text)) return text;
  const hidden = new Set(Array.from(text.matchAll(STARTS), ({ index }) => [...hiddenFrom(text, index)]).flat());
  return hidden.size === 0 ? text : Array.from({ length: text.length }, (_, at) => (hidden.has(at) ? '*' : text.charAt(at))).join('');
}

// Numbers that card schemes give out, and the published test cards: a timestamp or an order number is rarely one of them.
const LIKELY = /^(?:4\d{15}|4\d{18}|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|6\d{15}|111122\d{10})$/;

/**
 * Masks the numbers in a text that are very likely cards: of a scheme's length and first digits, and ending in their Luhn
 * digit. For texts that are the user's own (order references), where {@link maskCardsIn} would hide innocent numbers.
 */
export function maskLikelyCardsIn(text: string): string {
  if (!mayHoldCard(text)) return text;
  return text.replace(/(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)/g, (run) => {
    const digits = run.replace(/\D/g, '');
    return LIKELY.test(digits) && isLuhn(digits) ? maskCard(digits) : run;
  });
}
