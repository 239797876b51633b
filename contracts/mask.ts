import { isLuhn } from './luhn.js';

/**
 * A card number as it may be shown and kept: `111122******4444`.
 * A value too short to keep ten digits back is masked whole.
 */
export function maskCard(porteur: string): string {
  return porteur.length < 13 ? '*'.repeat(porteur.length) : `${porteur.slice(0, 6)}${'*'.repeat(porteur.length - 10)}${porteur.slice(-4)}`;
}

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
  const hidden = new Set(Array.from(text.matchAll(STARTS), ({ index }) => [...hiddenFrom(text, index)]).flat());
  return hidden.size === 0 ? text : Array.from({ length: text.length }, (_, at) => (hidden.has(at) ? '*' : text.charAt(at))).join('');
}
