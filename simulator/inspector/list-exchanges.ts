import type { JournalEntry, JournalFilter } from '../journal/entry.js';
import { newestEntry } from './events.js';
import type { PageContext } from './page-context.js';

/** How many rows a page of a listing has at most. */
export const ROWS = 50;

/** Among how many exchanges a search looks before it asks whether to go on. */
export const SEARCHED_EXCHANGES = 50_000;

/** A page of a listing. */
export interface ListedExchanges {
  readonly entries: readonly JournalEntry[];
  /** The newest of the journal, whether or not it is listed. */
  readonly newest: number;
  /** Where the next page begins; undefined: this is the last. */
  readonly before: string | undefined;
  /** Whether the search ended before the journal did. */
  readonly isCut: boolean;
}

const numberOf = (text: string): number | undefined => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);

/** The exchanges of this page of the listing that meet the conditions, newest first. */
export async function listExchanges(view: PageContext, conditions: Partial<JournalFilter>): Promise<ListedExchanges> {
  const { gateway } = view;
  const newest = await newestEntry(gateway);
  const before = numberOf(view.query('before'));
  const isSearch = Object.values(conditions).some((condition) => condition !== undefined);
  const after = isSearch ? Math.max(0, Math.min(before ?? Number.POSITIVE_INFINITY, newest + 1) - 1 - SEARCHED_EXCHANGES) : 0;
  const found = await gateway.journal({ ...conditions, before, ...(after > 0 && { after }), limit: ROWS + 1 });
  const entries = found.slice(0, ROWS);
  const hasMore = found.length > ROWS;
  const isCut = !hasMore && after > 0;
  const last = isCut ? after + 1 : entries.at(-1)?.seq;
  return { entries, newest, isCut, before: hasMore || isCut ? String(last) : undefined };
}
