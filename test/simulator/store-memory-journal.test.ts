import { expect, test } from 'vitest';
import type { NewStoredEntry } from '../../simulator/journal/stored-entry.js';
import { MEMORY_JOURNAL_LIMIT } from '../../simulator/store/memory/memory-journal.js';
import { MemoryStore } from '../../simulator/store/memory/memory-store.js';

const ENTRY: NewStoredEntry = {
  at: 0,
  account: '',
  TYPE: '',
  operation: '',
  REFERENCE: '',
  CODEREPONSE: '00014',
  payment: '',
  origin: '',
  request: '',
  reply: '',
  findings: [],
};

test('the journal in memory forgets its oldest entries before it grows without end, and keeps its numbering', async () => {
  const store = new MemoryStore();
  const many = MEMORY_JOURNAL_LIMIT * 1.5;
  for (let n = 0; n < many; n++) await store.transact(undefined, () => ({ facts: [], entry: ENTRY, result: undefined }));
  const kept = await store.journal({ limit: many });

  expect(kept.length).toBeGreaterThanOrEqual(MEMORY_JOURNAL_LIMIT);
  expect(kept.length).toBeLessThanOrEqual(MEMORY_JOURNAL_LIMIT * 1.1);
  expect(kept[0]?.seq).toBe(many);
  expect(kept.at(-1)?.seq).toBe(many - kept.length + 1);
});
