import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REPLY_ORDER } from '../../contracts/index.js';
import type { JournalEntry } from '../../simulator/index.js';
import { toJournalEntry, toStoredEntry } from '../../simulator/journal/stored-entry.js';

const entry = (shown: Pick<JournalEntry, 'request' | 'reply'>): JournalEntry => ({
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
  ...shown,
});

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[%&=+0-9a-f]*$/));
const SENDABLE = /^[^\x00-\x1f\x7f&<>]*$/;
const sendable = fc.stringMatching(/^[\x20-\xff]*$/).filter((value) => SENDABLE.test(value));

test('an entry is shown as it was kept, whatever the names and values are made of', () => {
  const request = fc.array(fc.tuple(text, text));
  const reply = fc.dictionary(fc.constantFrom(...REPLY_ORDER), sendable, { noNullPrototype: true });
  fc.assert(
    fc.property(request, reply, (sent, answered) => {
      const shown = entry({ request: sent, reply: answered });
      expect(toJournalEntry(toStoredEntry(shown))).toEqual(shown);
    }),
  );
});

test('what a reply cannot carry is shown as it was sent: a space, and a question mark outside ISO-8859-1', () => {
  const { reply } = toJournalEntry(toStoredEntry(entry({ request: [], reply: { REFABONNE: 'a&b<c>\n€' } })));
  expect(reply).toEqual({ REFABONNE: 'a b c  ?' });
});
