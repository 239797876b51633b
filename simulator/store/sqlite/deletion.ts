import { GATEWAY_TABLES, type GatewayTable } from '../gateway-rows.js';
import { findGateway } from './queries.js';
import { FIRST_NAME, RETIRED_NAME } from './retired-names.js';
import type { Statements } from './statements.js';

/** So many rows of a gateway are deleted in the same transaction as the gateway. If it has more, they are deleted later, in slices. */
const AT_ONCE = 1000;

/** The primary keys of the tables, after `gateway`. */
const ROW_KEYS: Readonly<Record<GatewayTable, string>> = {
  transactions: 'payment, position',
  questions: 'day, account, NUMQUESTION, TYPE',
  subscribers: 'account, REFABONNE',
  cards: 'day, account, card_sha1',
  tokens: 'account, card_sha1',
  authentications: 'ID3D',
  checkouts: 'id',
  journal: 'seq',
};

const deleteFrom = (table: GatewayTable): string =>
  `DELETE FROM ${table} WHERE gateway = ? AND (${ROW_KEYS[table]}) IN (SELECT ${ROW_KEYS[table]} FROM ${table} WHERE gateway = ? LIMIT ?)`;

/** Deletes rows of a gateway. Returns whether it may have more. */
function deleteRows(statements: Statements, gateway: number, count: number): boolean {
  let remaining = count;
  for (const table of GATEWAY_TABLES) {
    remaining -= statements.prepare(deleteFrom(table)).run(gateway, gateway, remaining).changes;
    if (remaining <= 0) return true;
  }
  return false;
}

function retire(statements: Statements, gateway: number): void {
  statements.prepare(`UPDATE gateways SET name = ${RETIRED_NAME}, shared = NULL WHERE id = ?`).run(gateway);
}

/** Deletes a gateway with all its rows, if it exists. */
export function dropGateway(statements: Statements, name: string): void {
  const gateway = findGateway(statements, name);
  if (!gateway) return;
  if (deleteRows(statements, gateway.id, AT_ONCE)) retire(statements, gateway.id);
  else statements.prepare('DELETE FROM gateways WHERE id = ?').run(gateway.id);
}

/** Empties a gateway. Returns its id, which is another one if it has more rows than can be deleted at once. */
export function emptyGateway(statements: Statements, gateway: number): number {
  if (!deleteRows(statements, gateway, AT_ONCE)) return gateway;
  const name = statements.prepareColumn('SELECT name FROM gateways WHERE id = ?').get(gateway);
  retire(statements, gateway);
  return Number(statements.prepare('INSERT INTO gateways (name) VALUES (?)').run(name).lastInsertRowid);
}

/** Whether there are retired gateways. */
export function hasRetired(statements: Statements): boolean {
  return statements.prepare(`SELECT 1 FROM gateways WHERE name < '${FIRST_NAME}' LIMIT 1`).get() !== undefined;
}

/** Deletes a number of the rows of a retired gateway, and the gateway itself after its last row. */
export function deleteRetiredRows(statements: Statements, count: number): void {
  const id = statements.prepareColumn(`SELECT id FROM gateways WHERE name < '${FIRST_NAME}' LIMIT 1`).get() as number | undefined;
  if (id !== undefined && !deleteRows(statements, id, count)) statements.prepare('DELETE FROM gateways WHERE id = ?').run(id);
}
