import { JOURNAL_COLUMNS, TRANSACTION_COLUMNS } from '../rows.js';

const NUMBERS = 'bigint';
const TEXTS = 'text';

/** A column beside `gateway`, and what it holds. */
type Column = readonly [name: string, type: typeof NUMBERS | typeof TEXTS];

const columns = (names: readonly string[], numbers: readonly string[]): readonly Column[] =>
  names.map((name) => [name, numbers.includes(name) ? NUMBERS : TEXTS]);

/** The tables that hold rows of a gateway, with their columns in the order rows of them are written. */
export const TABLES = {
  transactions: columns(
    ['payment', 'position', ...TRANSACTION_COLUMNS],
    ['payment', 'position', 'NUMTRANS', 'NUMAPPEL', 'MONTANT', 'at', 'DIFFERE', 'expires_at'],
  ),
  questions: columns(['day', 'account', 'NUMQUESTION', 'TYPE'], ['NUMQUESTION']),
  subscribers: columns(
    [
      'account',
      'REFABONNE',
      'PORTEUR',
      'card_mask',
      'card_sha1',
      'TYPECARTE',
      'PAYS',
      'DATEVAL',
      'registered_at',
      'forced_code',
      'forced_type',
    ],
    ['registered_at'],
  ),
  cards: columns(['day', 'account', 'card_sha1'], []),
  journal: columns(JOURNAL_COLUMNS, ['seq', 'at']),
} as const;

/** A table that holds rows of a gateway. */
export type Table = keyof typeof TABLES;

/** The columns of a table as they are selected: in the letters of their names, which PostgreSQL makes small. */
export const selected = (table: Table): string => TABLES[table].map(([name]) => `t.${name} AS "${name}"`).join(', ');
