import { tenDigits } from '../../contracts/index.js';
import type { SearchWord } from '../journal/entry.js';
import { AMOUNT_NAMES, CARD_NAMES } from '../journal/search.js';

/** A part of a statement, in SQL that SQLite and PostgreSQL understand, with a `?` for each of its values in their order. */
export interface SqlFragment {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Joins fragments with a separator. */
export const joinFragments = (fragments: readonly SqlFragment[], separator: string): SqlFragment => ({
  sql: fragments.map(({ sql }) => sql).join(separator),
  values: fragments.flatMap(({ values }) => values),
});

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
const like = (column: string, pattern: string): SqlFragment => ({ sql: `${column} LIKE ? ESCAPE '\\'`, values: [pattern] });
const contains = (column: string, text: string): SqlFragment => like(column, `%${escaped(text)}%`);
// LIKE is case-sensitive in PostgreSQL and not in SQLite.
const containsInAnyCase = (column: string, text: string): SqlFragment => ({
  sql: `lower(${column}) LIKE lower(?) ESCAPE '\\'`,
  values: [`%${escaped(text)}%`],
});
const isOneOf = (column: string, values: readonly (string | number)[]): SqlFragment[] =>
  values.length === 0 ? [] : [{ sql: `${column} IN (${values.map(() => '?').join(', ')})`, values }];

function anyOf(conditions: readonly SqlFragment[]): SqlFragment {
  const { sql, values } = joinFragments(conditions, ' OR ');
  return { sql: `(${sql})`, values };
}

const anyDigits = (digits: string, length: number): string => (digits === '' ? '_'.repeat(length) : digits);

const hasMask = (column: string, { first, last }: NonNullable<SearchWord['card']>, before: string, after: string): SqlFragment =>
  like(column, `${before}${anyDigits(first, 6)}%*${anyDigits(last, 4)}${after}`);

// A request with a separator before and after each variable, so that `%&NAME=value&%` matches whole variables only.
const VARIABLES = "('&' || request || '&')";

const hasAmount = (amount: number): SqlFragment[] =>
  [...AMOUNT_NAMES].flatMap((name) => [String(amount), tenDigits(amount)].map((text) => contains(VARIABLES, `&${name}=${text}&`)));

/** Conditions for the rows of `journal` that match every word, as `entryMatches` defines it. */
export function journalWordConditions(words: readonly SearchWord[]): readonly SqlFragment[] {
  return words.map(({ text, code, amounts, card, number }) =>
    anyOf([
      containsInAnyCase('REFERENCE', text),
      ...isOneOf('CODEREPONSE', code === undefined ? [] : [code]),
      ...isOneOf('payment', number === undefined ? [] : [number]),
      ...amounts.flatMap(hasAmount),
      ...(card ? [...CARD_NAMES].map((name) => hasMask(VARIABLES, card, `%&${name}=`, '&%')) : []),
    ]),
  );
}

/**
 * Conditions for the payments that match every word, as `paymentMatches` defines it. They apply to the rows of first transactions, in a
 * statement that names the table `first`.
 */
export function paymentWordConditions(words: readonly SearchWord[]): readonly SqlFragment[] {
  return words.map(({ text, code, amounts, card, number }) =>
    anyOf([
      containsInAnyCase("coalesce(REFERENCE, '')", text),
      containsInAnyCase("coalesce(REFABONNE, '')", text),
      ...isOneOf('CODEREPONSE', code === undefined ? [] : [code]),
      ...isOneOf('MONTANT', amounts),
      ...(card ? [hasMask('card_mask', card, '', '')] : []),
      ...(number === undefined
        ? []
        : [
            ...isOneOf('payment', [Number(number)]),
            {
              sql: 'EXISTS (SELECT 1 FROM transactions later WHERE later.gateway = first.gateway AND later.NUMTRANS = ? AND later.position > 0 AND later.payment = first.payment)',
              values: [Number(number)],
            },
          ]),
    ]),
  );
}
