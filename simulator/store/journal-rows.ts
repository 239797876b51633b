import type { JournalEntry } from '../journal/entry.js';
import { type NewStoredEntry, type StoredEntry, toJournalEntry } from '../journal/stored-entry.js';
import { isInstant, isIntegerUpTo, isText, readJson, rowCheck } from './row-checks.js';

/** A row of `journal`. */
export interface JournalRow extends Omit<StoredEntry, 'findings'> {
  /** JSON. */
  readonly findings: string;
}

/** The columns of `journal` except `gateway`, in the order of {@link journalValues}. */
export const JOURNAL_COLUMNS = [
  'seq',
  'at',
  'account',
  'TYPE',
  'operation',
  'REFERENCE',
  'CODEREPONSE',
  'payment',
  'origin',
  'request',
  'reply',
  'findings',
] as const satisfies readonly (keyof JournalRow)[];

/** `findings` of an entry that has none. */
export const NO_FINDINGS = '[]';

/** Returns the column values of a journal entry. */
export function journalValues(seq: number, e: NewStoredEntry): unknown[] {
  const findings = e.findings.length === 0 ? NO_FINDINGS : JSON.stringify(e.findings);
  return [seq, e.at, e.account, e.TYPE, e.operation, e.REFERENCE, e.CODEREPONSE, e.payment, e.origin, e.request, e.reply, findings];
}

const checkEntry = rowCheck('journal', {
  seq: isIntegerUpTo(Number.MAX_SAFE_INTEGER),
  at: isInstant,
  account: isText,
  TYPE: isText,
  operation: isText,
  REFERENCE: isText,
  CODEREPONSE: isText,
  payment: isText,
  origin: (value) => value === '' || value === 'direct' || value === 'system',
  request: isText,
  reply: isText,
  findings: isText,
});

/** Reads a journal entry from its row. */
export function readEntry(row: JournalRow): JournalEntry {
  checkEntry(row);
  return toJournalEntry({ ...row, findings: readJson<StoredEntry['findings']>('journal', 'findings', row.findings) });
}
