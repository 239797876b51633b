import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { entryMatches, isRefusal } from '../../journal/search.js';
import { type NewStoredEntry, readRequestText, toJournalEntry, toStoredEntry } from '../../journal/stored-entry.js';

/** How many of the newest entries the journal of a memory store keeps. It bounds the memory that a long run needs. */
export const MEMORY_JOURNAL_LIMIT = 100_000;

type JournalConditions = Omit<JournalFilter, 'limit' | 'before' | 'after'>;

type EntryCondition = (entry: NewStoredEntry) => boolean;

// Only for the conditions that are given: a journal has many entries to test.
function conditionsOf({ since, until, isRefused, hasFindings, words = [], ...equal }: JournalConditions): readonly EntryCondition[] {
  const given = (Object.entries(equal) as [keyof typeof equal, string | undefined][]).filter(([, value]) => value !== undefined);
  return [
    ...given.map(
      ([name, value]): EntryCondition =>
        (entry) =>
          entry[name] === value,
    ),
    ...(since === undefined ? [] : [({ at }: NewStoredEntry) => at >= since]),
    ...(until === undefined ? [] : [({ at }: NewStoredEntry) => at < until]),
    ...(isRefused === undefined ? [] : [(entry: NewStoredEntry) => isRefusal(entry) === isRefused]),
    ...(hasFindings ? [({ findings }: NewStoredEntry) => findings.length > 0] : []),
    ...(words.length === 0 ? [] : [(entry: NewStoredEntry) => entryMatches(entry, () => readRequestText(entry.request), words)]),
  ];
}

/** The journal of a memory store. */
export class MemoryJournal {
  /** Numbered without gaps, so that the index gives the number. */
  #entries: NewStoredEntry[] = [];
  /** Number of the first entry in `#entries`. */
  #first = 1;

  add(entry: NewStoredEntry): void {
    this.#entries.push(entry);
    const surplus = this.#entries.length - MEMORY_JOURNAL_LIMIT;
    // Not at every entry: deleting copies the rest.
    if (surplus <= MEMORY_JOURNAL_LIMIT / 10) return;
    this.#entries = this.#entries.slice(surplus);
    this.#first += surplus;
  }

  /** Lists entries, newest first. */
  list({ limit, before, after = 0, ...filter }: JournalFilter): JournalEntry[] {
    const conditions = conditionsOf(filter);
    const from = Math.max(0, after + 1 - this.#first);
    const found: JournalEntry[] = [];
    for (let i = Math.min(this.#entries.length, (before ?? Number.POSITIVE_INFINITY) - this.#first) - 1; i >= from; i--) {
      if (found.length >= limit) break;
      const entry = this.#entries[i] as NewStoredEntry;
      if (conditions.every((isMet) => isMet(entry))) found.push(toJournalEntry({ ...entry, seq: this.#first + i }));
    }
    return found;
  }

  /** Returns all entries, oldest first. */
  dump(): JournalEntry[] {
    return this.list({ limit: Number.POSITIVE_INFINITY }).reverse();
  }

  load(entries: readonly JournalEntry[]): void {
    // The last entry keeps its number, so that new entries get higher ones.
    this.#first = (entries.at(-1)?.seq ?? 0) - entries.length + 1;
    this.#entries = entries.map((entry) => toStoredEntry(entry));
  }
}
