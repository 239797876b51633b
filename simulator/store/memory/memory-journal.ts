import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { entryMatches, isRefusal } from '../../journal/search.js';
import { type NewStoredEntry, readRequestText, toJournalEntry, toStoredEntry } from '../../journal/stored-entry.js';
import { TimeSlice } from '../time-slice.js';

type JournalConditions = Omit<JournalFilter, 'limit' | 'before' | 'after'>;

type EntryCondition = (entry: NewStoredEntry) => boolean;

// Only for the conditions that are given: a journal has many entries to test.
function conditionsOf({
  since,
  until,
  isRefused,
  hasFindings,
  severity,
  isForced,
  words = [],
  ...equal
}: JournalConditions): readonly EntryCondition[] {
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
    ...(severity === undefined ? [] : [({ findings }: NewStoredEntry) => findings.some((found) => found.severity === severity)]),
    ...(isForced === undefined
      ? []
      : [({ findings }: NewStoredEntry) => findings.some(({ rule }) => rule === 'outcome-forced') === isForced]),
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
  readonly #limit: number;

  /** @param limit how many of the newest entries are kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  add(entry: NewStoredEntry): void {
    this.#entries.push(entry);
    const surplus = this.#entries.length - this.#limit;
    // Not at every entry: deleting copies the rest.
    if (surplus <= this.#limit / 10) return;
    this.#entries = this.#entries.slice(surplus);
    this.#first += surplus;
  }

  /** Lists entries, newest first. */
  async list({ limit, before, after = 0, ...filter }: JournalFilter): Promise<JournalEntry[]> {
    const conditions = conditionsOf(filter);
    // The array of this instant: deletions replace it.
    const [entries, first] = [this.#entries, this.#first];
    const from = Math.max(0, after + 1 - first);
    const found: JournalEntry[] = [];
    const slice = new TimeSlice();
    for (let i = Math.min(entries.length, (before ?? Number.POSITIVE_INFINITY) - first) - 1; i >= from; i--) {
      if (found.length >= limit) break;
      if (slice.isOver) await slice.giveWay();
      const entry = entries[i] as NewStoredEntry;
      if (conditions.every((isMet) => isMet(entry))) found.push(toJournalEntry({ ...entry, seq: first + i }));
    }
    return found;
  }

  /** Returns all entries of this instant, oldest first. They are parsed when they are taken. */
  all(): Iterable<JournalEntry> {
    const [entries, first, count] = [this.#entries, this.#first, this.#entries.length];
    return (function* () {
      for (let i = 0; i < count; i++) yield toJournalEntry({ ...(entries[i] as NewStoredEntry), seq: first + i });
    })();
  }

  /** Adds an entry of a snapshot. It keeps its number, so that new entries get higher ones. */
  restore(entry: JournalEntry): void {
    this.#entries.push(toStoredEntry(entry));
    this.#first = entry.seq - this.#entries.length + 1;
  }
}
