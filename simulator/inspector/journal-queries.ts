import type { Authentication } from '../engine/authentication.js';
import type { Gateway } from '../gateway/gateway.js';
import type { JournalEntry, JournalFilter } from '../journal/entry.js';
import { readStep } from '../journal/step.js';
import type { PageContext } from './page-context.js';

/** Maximum number of rows of a list on one page. */
export const ROWS_PER_PAGE = 50;

/** Number of exchanges that one search reads. The page then offers to continue the search. */
export const SEARCHED_EXCHANGES = 50_000;

/** Exchanges for one page of a list. */
export interface ExchangeList {
  /** Newest first. */
  readonly entries: readonly JournalEntry[];
  /** The seq of the newest exchange of the journal, whether or not it is in the list. */
  readonly newest: number;
  /** The `before` parameter of the next page; undefined: this is the last page. */
  readonly before: string | undefined;
  /** Whether the search stopped before the start of the journal. */
  readonly isCut: boolean;
}

/** Returns the seq of the newest exchange, or 0 if the journal is empty. */
export async function newestSeq(gateway: Pick<Gateway, 'journal'>): Promise<number> {
  return (await gateway.journal({ limit: 1 }))[0]?.seq ?? 0;
}

/** Maximum number of entries of an authentication that are shown. */
const MAX_STEPS = 200;

/** Returns the steps of an authentication in the journal, oldest first. */
export async function stepsOf(
  gateway: Pick<Gateway, 'journal'>,
  { ID3D, IdSession, account }: Authentication,
): Promise<readonly JournalEntry[]> {
  const entries = await gateway.journal({ REFERENCE: IdSession, limit: MAX_STEPS });
  const isOwn = (entry: JournalEntry): boolean => {
    const step = readStep(entry);
    return step !== undefined && entry.account === account && (step.ID3D === '' || step.ID3D === ID3D);
  };
  return entries.filter(isOwn).reverse();
}

/** Reads the seq of an exchange from a parameter; undefined if it is missing or not a number. */
export function parseSeq(text: string | undefined): number | undefined {
  return /^\d{1,15}$/.test(text ?? '') ? Number(text) : undefined;
}

/** Returns the exchanges that meet the conditions, for the page of the list that the `before` parameter asks for. */
export async function listExchanges({ gateway, query }: PageContext, conditions: Partial<JournalFilter>): Promise<ExchangeList> {
  const newest = await newestSeq(gateway);
  const before = parseSeq(query('before'));
  const isSearch = Object.values(conditions).some((condition) => condition !== undefined);
  const after = isSearch ? Math.max(0, Math.min(before ?? Number.POSITIVE_INFINITY, newest + 1) - 1 - SEARCHED_EXCHANGES) : 0;
  const found = await gateway.journal({ ...conditions, before, ...(after > 0 && { after }), limit: ROWS_PER_PAGE + 1 });
  const entries = found.slice(0, ROWS_PER_PAGE);
  const hasMore = found.length > ROWS_PER_PAGE;
  const isCut = !hasMore && after > 0;
  const last = isCut ? after + 1 : entries.at(-1)?.seq;
  return { entries, newest, isCut, before: hasMore || isCut ? String(last) : undefined };
}
