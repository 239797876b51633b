import type { NewStoredEntry } from '../journal/stored-entry.js';
import type { Store } from '../store/store.js';
import { Answer } from './answer.js';

/**
 * Returns the answer that listeners receive of an entry that is no question.
 *
 * @param failure why it could not be stored
 */
export const entryAnswer = (storedEntry: NewStoredEntry, failure?: string): Answer =>
  new Answer({
    reply: {},
    text: '',
    isUrlEncoded: false,
    isFromHostedPage: false,
    id3d: '',
    fault: undefined,
    failure,
    usedUp: [],
    storedEntry,
  });

/** Writes an entry that changes nothing into the journal. Never throws: where it cannot be written, the answer says why. */
export async function recordEntry(store: Store, entry: NewStoredEntry): Promise<Answer> {
  try {
    await store.transact(undefined, () => ({ facts: [], entry, result: undefined }));
    return entryAnswer(entry);
  } catch (error) {
    return entryAnswer(entry, error instanceof Error ? error.message : String(error));
  }
}
