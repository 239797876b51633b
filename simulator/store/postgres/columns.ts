import { AUTHENTICATIONS } from '../authentication-table.js';
import { CHECKOUTS } from '../checkout-table.js';
import type { GatewayTable } from '../gateway-rows.js';
import { JOURNAL_COLUMNS } from '../journal-rows.js';
import { SUBSCRIBER_COLUMNS } from '../subscriber-rows.js';
import { TRANSACTION_COLUMNS } from '../transaction-rows.js';

/** A column with its type in PostgreSQL. */
type TypedColumn = readonly [name: string, type: 'bigint' | 'text'];

const columns = (names: readonly string[], numbers: readonly string[]): readonly TypedColumn[] =>
  names.map((name) => [name, numbers.includes(name) ? 'bigint' : 'text']);

/** The columns of each table except `gateway`, in the order in which rows are written. */
export const COLUMNS: Readonly<Record<GatewayTable, readonly TypedColumn[]>> = {
  transactions: columns(
    ['payment', 'position', ...TRANSACTION_COLUMNS],
    ['payment', 'position', 'NUMTRANS', 'NUMAPPEL', 'MONTANT', 'at', 'DIFFERE', 'expires_at'],
  ),
  questions: columns(['day', 'account', 'NUMQUESTION', 'TYPE'], ['NUMQUESTION']),
  subscribers: columns(SUBSCRIBER_COLUMNS, ['registered_at']),
  cards: columns(['day', 'account', 'card_sha1'], []),
  tokens: columns(['account', 'card_sha1', 'PORTEUR'], []),
  authentications: columns(AUTHENTICATIONS.columns, ['ID3D']),
  checkouts: columns(CHECKOUTS.columns, ['id', 'due_at']),
  journal: columns(JOURNAL_COLUMNS, ['seq', 'at']),
};

/** Returns the select list for a table named `t`. Aliases restore the case of the names, which PostgreSQL folds to lower case. */
export const selectList = (table: GatewayTable): string => COLUMNS[table].map(([name]) => `t.${name} AS "${name}"`).join(', ');
