import { isIntegerUpTo, isTextOrNull, readJson, rowCheck } from './row-checks.js';

/** The tables that have rows of each gateway, in the column `gateway`. */
export const GATEWAY_TABLES = [
  'transactions',
  'questions',
  'subscribers',
  'cards',
  'tokens',
  'authentications',
  'checkouts',
  'journal',
] as const;

/** The name of a table that has rows of each gateway. */
export type GatewayTable = (typeof GATEWAY_TABLES)[number];

/** A row of `gateways`, without the name. */
export interface GatewayRow {
  readonly id: number;
  /** How many transaction numbers were given. */
  readonly sequence: number;
  /** How many journal entries were written. */
  readonly entries: number;
  /** The text of the gateway's configuration. */
  readonly shared: string | null;
}

/** The columns of a {@link GatewayRow}. */
export const GATEWAY_COLUMNS = ['id', 'sequence', 'entries', 'shared'] as const satisfies readonly (keyof GatewayRow)[];

const checkGateway = rowCheck('gateways', {
  id: isIntegerUpTo(Number.MAX_SAFE_INTEGER),
  // Transaction numbers have ten digits at most and start well above zero.
  sequence: isIntegerUpTo(9_900_000_000),
  entries: isIntegerUpTo(Number.MAX_SAFE_INTEGER),
  shared: isTextOrNull,
});

/** The configuration that was checked last: it is read with every transaction and rarely changes. */
let lastChecked: string | null = null;

/** Notes a configuration that this process writes, so that it is not checked when it is read back. */
export function noteWritten(shared: string | undefined): void {
  if (shared !== undefined) lastChecked = shared;
}

/** Checks a row of `gateways` and returns it. */
export function readGateway<Row extends GatewayRow>(row: Row): Row {
  checkGateway(row);
  if (row.shared !== null && row.shared !== lastChecked) readJson('gateways', 'shared', row.shared);
  lastChecked = row.shared;
  return row;
}
