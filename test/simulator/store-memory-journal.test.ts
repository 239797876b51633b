import { expect, test } from 'vitest';
import type { NewStoredEntry } from '../../simulator/journal/stored-entry.js';
import { MEMORY_LIMITS } from '../../simulator/store/memory/limits.js';
import { MemoryStore } from '../../simulator/store/memory/memory-store.js';

const { journal: MEMORY_JOURNAL_LIMIT } = MEMORY_LIMITS;

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

test('the journal in memory deletes its oldest entries above its limit, and continues its numbering', async () => {
  const store = new MemoryStore();
  const count = MEMORY_JOURNAL_LIMIT * 1.5;
  for (let n = 0; n < count; n++) await store.transact(undefined, () => ({ facts: [], entry: ENTRY, result: undefined }));
  const entries = await store.journal({ limit: count });

  expect(entries.length).toBeGreaterThanOrEqual(MEMORY_JOURNAL_LIMIT);
  expect(entries.length).toBeLessThanOrEqual(MEMORY_JOURNAL_LIMIT * 1.1);
  expect(entries[0]?.seq).toBe(count);
  expect(entries.at(-1)?.seq).toBe(count - entries.length + 1);
});
