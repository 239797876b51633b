import creditCardType from 'credit-card-type';
import { isLuhn } from './luhn.js';

/** The lowest number of digits in a card number. */
const SHORTEST_CARD = 12;

/** Card numbers that begin with `low` to `high` (each filled up to eight digits), and the lengths that they have. */
interface CardRange {
  readonly low: number;
  readonly high: number;
  readonly lengths: readonly number[];
}

const PREFIX_LENGTH = 8;
const ZERO = 0x30;

function rangeOf(pattern: number | readonly number[], lengths: readonly number[]): CardRange {
  const [low = 0, high = low] = typeof pattern === 'number' ? [pattern] : pattern;
  return {
    low: Number(String(low).padEnd(PREFIX_LENGTH, '0')),
    high: Number(String(high).padEnd(PREFIX_LENGTH, '9')),
    lengths,
  };
}

// The library's last pattern of Maestro is every number that begins with 6: of any length it would match many order numbers.
const ANY_SIX = 6;

/** Ranges that the library does not have: Visa of 13 digits, early JCB, cards of smaller schemes, and the published test cards. */
const FURTHER_RANGES: readonly CardRange[] = [
  rangeOf(4, [13]),
  rangeOf(2131, [15]),
  rangeOf(1800, [15]),
  rangeOf(ANY_SIX, [16, 19]),
  rangeOf(111122, [16]),
];

function schemeRanges(): CardRange[] {
  return Object.values(creditCardType.types).flatMap((type) => {
    const { patterns, lengths } = creditCardType.getTypeInfo(type);
    return patterns.filter((pattern) => pattern !== ANY_SIX).map((pattern) => rangeOf(pattern as number | number[], lengths));
  });
}

/** The ranges by their first digit. Made on first use, so that a page that masks nothing does not wait for it. */
let rangesByDigit: readonly (readonly CardRange[])[] | undefined;

function rangesOf(firstDigit: number): readonly CardRange[] {
  if (!rangesByDigit) {
    const all = [...schemeRanges(), ...FURTHER_RANGES];
    const first = (value: number): number => Math.floor(value / 10 ** (PREFIX_LENGTH - 1));
    rangesByDigit = Array.from({ length: 10 }, (_, digit) => all.filter(({ low, high }) => first(low) <= digit && digit <= first(high)));
  }
  return rangesByDigit[firstDigit] as readonly CardRange[];
}

/** The length of the longest card number that begins at a position; undefined if none does. */
function longestCardAt(digits: string, at: number): number | undefined {
  const ranges = rangesOf(digits.charCodeAt(at) - ZERO);
  if (ranges.length === 0) return undefined;
  const prefix = Number(digits.slice(at, at + PREFIX_LENGTH));
  let longest: number | undefined;
  for (const { low, high, lengths } of ranges) {
    if (prefix < low || prefix > high) continue;
    for (const length of lengths)
      if (length > (longest ?? 0) && at + length <= digits.length && isLuhn(digits.slice(at, at + length))) longest = length;
  }
  return longest;
}

/** A part of a text: the positions of its first character and of the one after its last. */
export type Span = readonly [start: number, end: number];

/**
 * Finds card numbers in digits: every 12 to 19 of them, at any position, that have the first digits and a length of a card scheme and a
 * valid Luhn digit. Those within a longer one are left out.
 */
export function cardsInDigits(digits: string): Span[] {
  const found: Span[] = [];
  for (let at = 0; at + SHORTEST_CARD <= digits.length; at++) {
    const length = longestCardAt(digits, at);
    if (length !== undefined && at + length > (found.at(-1)?.[1] ?? 0)) found.push([at, at + length]);
  }
  return found;
}

// What people, forms and programs write between the digits of a card: spaces, invisible characters and dashes of any kind, . , / _ + \ and
// percent-encoded characters. Not line breaks and colons, which stand between numbers that have nothing to do with each other: see GROUPS.
const SEPARATOR = '[\\t+.,/_\\\\\\p{Zs}\\p{Cf}\\p{Pd}\\u2212]|%(?!3\\d)[\\dA-F]{2}|\\\\u(?:00a0|202f)';
const RUN = new RegExp(`\\d(?:(?:${SEPARATOR}){0,3}\\d){${SHORTEST_CARD - 1},}`, 'giu');
const DIGIT_OR_SEPARATOR = new RegExp(`${SEPARATOR}|(\\d)`, 'giu');

/**
 * Groups as they are on a card, with the same characters between all of them, whichever these are: line breaks, colons, `","`. A number with such
 * groups that is a card number as a whole is one.
 */
const ESCAPED = '%(?!3\\d)[\\dA-F]{2}|\\\\u[\\dA-F]{4}';
const GROUPS = new RegExp(`(?<!\\d)\\d{4}((?:${ESCAPED}|\\D){1,8})\\d{4,6}(?:\\1\\d{1,6}){1,3}(?!\\d)`, 'gi');
const DIGIT_OR_ESCAPED = new RegExp(`${ESCAPED}|(\\d)`, 'gi');

/** Full-width and Arabic digits. The last four bits of each are its value. */
const FOREIGN_DIGIT = /[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g;
const FIRST_FOREIGN = 0x660;
const isForeignDigit = (unit: number): boolean => {
  const ten = unit & 0xfff0;
  return (ten === 0xff10 || ten === 0x660 || ten === 0x6f0) && (unit & 0xf) < 10;
};
const withLatinDigits = (text: string): string => text.replace(FOREIGN_DIGIT, (digit) => String(digit.charCodeAt(0) & 0xf));

function hasDigitsOfCard(text: string): boolean {
  if (text.length < SHORTEST_CARD) return false;
  let left = SHORTEST_CARD;
  // Few values have 12 digits, so this loop is all that runs for most of them.
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (((unit >= ZERO && unit <= ZERO + 9) || (unit >= FIRST_FOREIGN && isForeignDigit(unit))) && --left === 0) return true;
  }
  return false;
}

const UUID = /(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-f])/gi;

/** The lengths of IBANs in France and in the countries that it trades with most. */
const IBAN_LENGTHS: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 16,
  CH: 21,
  DE: 22,
  ES: 24,
  FR: 27,
  GB: 22,
  IE: 22,
  IT: 27,
  LU: 20,
  MC: 27,
  NL: 18,
  PL: 28,
  PT: 25,
};

const IBAN = /(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}/g;

function isIban(text: string): boolean {
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) remainder = Number(`${remainder}${Number.parseInt(character, 36)}`) % 97;
  return remainder === 1;
}

function* ibansIn(text: string): Generator<Span> {
  for (const { 0: match, index } of text.matchAll(IBAN)) {
    const length = IBAN_LENGTHS[match.slice(0, 2)] ?? Number.POSITIVE_INFINITY;
    const characters = Array.from(match.matchAll(/[A-Z0-9]/g));
    const end = characters[length - 1]?.index;
    if (end !== undefined && isIban(characters.slice(0, length).join(''))) yield [index, index + end + 1];
  }
}

const DAY_AND_MONTH = '(?:0[1-9]|[12]\\d|3[01])(?:0[1-9]|1[0-2])';
const MONTH_AND_DAY = '(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const YEAR = '20[0-4]\\d';
const TIME = '(?:[01]\\d|2[0-3])[0-5]\\d[0-5]\\d(?:\\d{3})?';
/** DATEQ, and the same with the year first. */
const TIMESTAMP = new RegExp(`(?<!\\d)(?:${DAY_AND_MONTH}${YEAR}|${YEAR}${MONTH_AND_DAY})${TIME}(?!\\d)`, 'g');

/** Numbers that are something else: UUIDs, timestamps, and IBANs with their country's length and valid check digits. */
function harmlessSpans(text: string): Span[] {
  const matches = [UUID, TIMESTAMP].flatMap((pattern) => Array.from(text.matchAll(pattern)));
  return [...matches.map(({ 0: match, index }): Span => [index, index + match.length]), ...ibansIn(text)];
}

const isDigits = (text: string): boolean => /^\d+$/.test(text);

const NO_CARDS: readonly (readonly number[])[] = [];

/** The positions of the digits of a card number in groups that have the same characters between them. */
function* cardsInGroups(text: string): Generator<readonly number[]> {
  for (const { 0: match, index } of text.matchAll(GROUPS)) {
    const found = Array.from(match.matchAll(DIGIT_OR_ESCAPED)).filter(([, digit]) => digit !== undefined);
    const positions = found.map((digit) => index + digit.index);
    const [card] = cardsInDigits(positions.map((at) => text[at]).join(''));
    if (card && card[0] === 0 && card[1] === positions.length) yield positions;
  }
}

/** The positions of the digits of each card number in a text, in groups and beside other digits too. See {@link cardsInDigits}. */
export function cardsIn(shown: string): readonly (readonly number[])[] {
  if (!hasDigitsOfCard(shown)) return NO_CARDS;
  const text = withLatinDigits(shown);
  if (isDigits(text) && cardsInDigits(text).length === 0) return NO_CARDS;
  const cards: (readonly number[])[] = [];
  let harmless: Span[] | undefined;
  const add = (positions: readonly number[]): void => {
    harmless ??= harmlessSpans(text);
    const [first, last] = [positions[0] ?? 0, positions.at(-1) ?? 0];
    if (!harmless.some(([from, to]) => from <= first && last < to)) cards.push(positions);
  };
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const found = Array.from(run.matchAll(DIGIT_OR_SEPARATOR)).filter(([, digit]) => digit !== undefined);
    const digits = found.map(([, digit]) => digit).join('');
    for (const [start, end] of cardsInDigits(digits)) add(found.slice(start, end).map((digit) => index + digit.index));
  }
  for (const positions of cardsInGroups(text)) add(positions);
  return cards;
}

/** Whether a text contains a card number. See {@link cardsIn}. */
export const containsCard = (text: string): boolean => cardsIn(text).length > 0;
