import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { entryMeets, isRefusal } from '../../journal/search.js';
import { type NewStoredEntry, readRequestText, toJournalEntry, toStoredEntry } from '../../journal/stored-entry.js';

/** How many exchanges the journal of a memory store keeps, so that a long run stays within its memory. */
export const MEMORY_JOURNAL_LIMIT = 100_000;

type JournalConditions = Omit<JournalFilter, 'limit' | 'before' | 'after'>;

type Condition = (entry: NewStoredEntry) => boolean;

// Only what was asked for is looked at: a journal has many entries.
function conditionsOf({ since, until, isRefused, hasFindings, words = [], ...named }: JournalConditions): readonly Condition[] {
  const equal = (Object.entries(named) as [keyof typeof named, string | undefined][]).filter(([, value]) => value !== undefined);
  return [
    ...equal.map(
      ([name, value]): Condition =>
        (entry) =>
          entry[name] === value,
    ),
    ...(since === undefined ? [] : [({ at }: NewStoredEntry) => at >= since]),
    ...(until === undefined ? [] : [({ at }: NewStoredEntry) => at < until]),
    ...(isRefused === undefined ? [] : [(entry: NewStoredEntry) => isRefusal(entry) === isRefused]),
    ...(hasFindings ? [({ findings }: NewStoredEntry) => findings.length > 0] : []),
    ...(words.length === 0 ? [] : [(entry: NewStoredEntry) => entryMeets(entry, () => readRequestText(entry.request), words)]),
  ];
}

/** The journal of a memory store. */
export class MemoryJournal {
  /** Numbered one after another, so that a place tells the number. */
  #entries: NewStoredEntry[] = [];
  /** Number of the first of them. */
  #first = 1;

  add(entry: NewStoredEntry): void {
    this.#entries.push(entry);
    const tooMany = this.#entries.length - MEMORY_JOURNAL_LIMIT;
    if (tooMany <= MEMORY_JOURNAL_LIMIT / 10) return;
    this.#entries = this.#entries.slice(tooMany);
    this.#first += tooMany;
  }

  /** Newest first. */
  list({ limit, before, after = 0, ...filter }: JournalFilter): JournalEntry[] {
    const conditions = conditionsOf(filter);
    const from = Math.max(0, after + 1 - this.#first);
    const found: JournalEntry[] = [];
    for (let i = Math.min(this.#entries.length, (before ?? Number.POSITIVE_INFINITY) - this.#first) - 1; i >= from; i--) {
      if (found.length >= limit) break;
      const entry = this.#entries[i] as NewStoredEntry;
      if (conditions.every((holds) => holds(entry))) found.push(toJournalEntry({ ...entry, seq: this.#first + i }));
    }
    return found;
  }

  /** Oldest first. */
  dump(): JournalEntry[] {
    return this.list({ limit: Number.POSITIVE_INFINITY }).reverse();
  }

  load(entries: readonly JournalEntry[]): void {
    // The last keeps its number, so that none is given again.
    this.#first = (entries.at(-1)?.seq ?? 0) - entries.length + 1;
    this.#entries = entries.map((entry) => toStoredEntry(entry));
  }
}
