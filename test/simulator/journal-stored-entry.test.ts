import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPLY_ORDER } from '../../contracts/index.js';
import type { JournalEntry } from '../../simulator/index.js';
import { toJournalEntry, toStoredEntry } from '../../simulator/journal/stored-entry.js';

const makeEntry = (exchange: Pick<JournalEntry, 'request' | 'reply'>): JournalEntry => ({
  seq: 1,
  at: 0,
  account: '1999888/32',
  TYPE: '00003',
  operation: 'pay',
  REFERENCE: '',
  CODEREPONSE: '00000',
  payment: '',
  origin: '',
  findings: [],
  ...exchange,
});

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[%&=+0-9a-f]*$/));
const SENDABLE = /^[^\x00-\x1f\x7f&<>]*$/;
const sendable = fc.stringMatching(/^[\x20-\xff]*$/).filter((value) => SENDABLE.test(value));

test('converting an entry to its stored form and back returns the same entry, for any names and values', () => {
  const request = fc.array(fc.tuple(text, text));
  const reply = fc.dictionary(fc.constantFrom(...REPLY_ORDER), sendable, { noNullPrototype: true });
  fc.assert(
    fc.property(request, reply, (sent, received) => {
      const entry = makeEntry({ request: sent, reply: received });
      expect(toJournalEntry(toStoredEntry(entry))).toEqual(entry);
    }),
  );
});

test('characters that a reply cannot carry are stored as sent: a space, or a question mark outside ISO-8859-1', () => {
  const { reply } = toJournalEntry(toStoredEntry(makeEntry({ request: [], reply: { REFABONNE: 'a&b<c>\n€' } })));
  expect(reply).toEqual({ REFABONNE: 'a b c  ?' });
});
