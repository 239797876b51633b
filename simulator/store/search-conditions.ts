import { tenDigits } from '../../contracts/index.js';
import type { SearchWord } from '../journal/search-word.js';

/** A condition in SQL that every database understands, a `?` for each of its values. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');
const like = (column: string, pattern: string): SqlCondition => ({ sql: `${column} LIKE ? ESCAPE '\\'`, values: [pattern] });
const holds = (column: string, text: string): SqlCondition => like(column, `%${escaped(text)}%`);
// Some databases tell upper from lower case in LIKE, others do not.
const holdsInAnyCase = (column: string, text: string): SqlCondition => ({
  sql: `lower(${column}) LIKE lower(?) ESCAPE '\\'`,
  values: [`%${escaped(text)}%`],
});
const isOneOf = (column: string, values: readonly (string | number)[]): SqlCondition[] =>
  values.length === 0 ? [] : [{ sql: `${column} IN (${values.map(() => '?').join(', ')})`, values }];

const either = (conditions: readonly SqlCondition[]): SqlCondition => ({
  sql: `(${conditions.map(({ sql }) => sql).join(' OR ')})`,
  values: conditions.flatMap(({ values }) => values),
});

const anyDigits = (digits: string, length: number): string => (digits === '' ? '_'.repeat(length) : digits);

const maskIn = (column: string, { first, last }: NonNullable<SearchWord['card']>, before: string, after: string): SqlCondition =>
  like(column, `${before}${anyDigits(first, 6)}%*${anyDigits(last, 4)}${after}`);

// Whether a variable of a request has a value, between the signs that part it from the others.
const VARIABLES = "('&' || request || '&')";

const amountIn = (amount: number): SqlCondition[] =>
  [String(amount), tenDigits(amount)].map((text) => holds(VARIABLES, `&MONTANT=${text}&`));

/** The rows of a journal that meet every word: as `entryMeets` says it. */
export function journalConditions(words: readonly SearchWord[]): readonly SqlCondition[] {
  return words.map(({ text, code, amounts, card, number }) =>
    either([
      holdsInAnyCase('REFERENCE', text),
      ...isOneOf('CODEREPONSE', code === undefined ? [] : [code]),
      ...isOneOf('payment', number === undefined ? [] : [number]),
      ...amounts.flatMap(amountIn),
      ...(card ? [maskIn(VARIABLES, card, '%&PORTEUR=', '&%')] : []),
    ]),
  );
}

/** The first transactions of the payments that meet every word: as `paymentMeets` says it. */
export function paymentConditions(words: readonly SearchWord[]): readonly SqlCondition[] {
  return words.map(({ text, code, amounts, card, number }) =>
    either([
      holdsInAnyCase("coalesce(REFERENCE, '')", text),
      holdsInAnyCase("coalesce(REFABONNE, '')", text),
      ...isOneOf('CODEREPONSE', code === undefined ? [] : [code]),
      ...isOneOf('MONTANT', amounts),
      ...(card ? [maskIn('card_mask', card, '', '')] : []),
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
