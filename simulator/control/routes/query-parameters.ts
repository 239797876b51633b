import { accountId, operationBy } from '../../../contracts/index.js';
import { readParisTime } from '../../engine/calendar.js';
import { DEFAULT_PAGE } from '../../gateway/gateway.js';
import type { JournalFilter } from '../../journal/entry.js';
import { isStepOperation } from '../../journal/step.js';
import { ControlError } from '../errors.js';
import type { ControlRequest } from '../route.js';

const MAX_PAGE = 1000;

/** Describes the `limit` parameter of the routes that list entries. */
export const LIMIT = { limit: `Maximum number of results, 1 to ${MAX_PAGE}. Default: ${DEFAULT_PAGE}.` };

/**
 * Reads the `limit` parameter. Default: {@link DEFAULT_PAGE}.
 *
 * @throws ControlError (400) if it is not an integer from 1 to 1000
 */
export function limitOf({ query }: ControlRequest): number {
  const text = query('limit');
  if (text === undefined) return DEFAULT_PAGE;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE)
    throw new ControlError(400, `limit: ${text} is not a whole number from 1 to ${MAX_PAGE}.`);
  return limit;
}

/**
 * Reads a time parameter (ISO 8601, Europe/Paris unless it has an offset) as milliseconds since the epoch, or undefined if it is missing.
 *
 * @throws ControlError (400) if it is not a time
 */
export function timeOf({ query }: ControlRequest, name: string): number | undefined {
  const text = query(name);
  if (text === undefined) return undefined;
  try {
    return readParisTime(text);
  } catch {
    throw new ControlError(
      400,
      `${name}: ${text} is not an ISO 8601 time. Write 2026-03-28T12:00 (Paris time), or a time with an offset; in a URL, write + as %2B.`,
    );
  }
}

/**
 * Reads the `TYPE` parameter, a number or the name of an operation or of a step of an authentication, as a condition on journal entries.
 * Empty if it is missing.
 *
 * @throws ControlError (400) if it is not an operation
 */
export function typeFilter({ query }: ControlRequest): Pick<JournalFilter, 'TYPE' | 'operation'> {
  const text = query('TYPE');
  if (text === undefined) return {};
  if (isStepOperation(text)) return { operation: text };
  const operation = operationBy(text);
  if (!operation) throw new ControlError(400, `TYPE: ${text} is not an operation; \`paybox-sim operations\` lists them.`);
  return { TYPE: operation.TYPE };
}

/**
 * Reads the `before` parameter of the journal, the seq of an entry, or undefined if it is missing.
 *
 * @throws ControlError (400) if it is not a number
 */
export function seqOf({ query }: ControlRequest): number | undefined {
  const text = query('before');
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new ControlError(400, `before: ${text} is not the seq of a journal entry.`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

/** Returns the id of the account that a request names as SITE/RANG, with or without leading zeros; undefined: it names none. */
export function accountOf({ query }: ControlRequest): string | undefined {
  const [site = '', rang = ''] = query('account')?.split('/') ?? [];
  return query('account') === undefined ? undefined : accountId(site, rang);
}
