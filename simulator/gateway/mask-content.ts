import { type MaskOptions, maskCardData, maskField, maskName, maskText, VARIABLE_BY_NAME } from '../../contracts/index.js';
import type { JournalEntry } from '../journal/entry.js';
import type { StoreContent } from '../store/store.js';
import { mapInSlices } from '../store/time-slice.js';

type Content = Omit<StoreContent, 'shared'>;

// The digits of a digest may look like a card number.
const isDigest = (text: string): boolean => /^[0-9a-f]{40}$/i.test(text);

/** What the shop gave to get it back: only card numbers in it are masked. */
const GIVEN_BACK: ReadonlySet<string> = new Set(['IdSession', 'URLHttpDirect', 'URLRetour']);

function maskString(name: string, text: string): string {
  if (GIVEN_BACK.has(name)) return maskCardData(text);
  if (isDigest(text)) return text;
  if (name === 'mask') return maskField('PORTEUR', text);
  return VARIABLE_BY_NAME.has(name) ? maskField(name, text) : maskText(text);
}

function maskEntry(entry: JournalEntry, options: MaskOptions): JournalEntry {
  const field = (name: string, value: string): [string, string] => [maskName(name, value), maskField(name, value, undefined, options)];
  return {
    ...entry,
    request: entry.request.map(([name, value]) => field(name, value)),
    reply: Object.fromEntries(Object.entries(entry.reply).map(([name, value]) => field(name, value))),
  };
}

const mask = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value, (name, item: unknown) => (typeof item === 'string' ? maskString(name, item) : item))) as Value;

/** Masks what a snapshot brings: it may come from an earlier version, or have been edited. It gives way to questions. */
export async function maskContent(content: Content, options: MaskOptions): Promise<Content> {
  return {
    sequence: content.sequence,
    payments: await mapInSlices(content.payments, mask),
    subscribers: await mapInSlices(content.subscribers, mask),
    questions: await mapInSlices(content.questions, mask),
    cards: await mapInSlices(content.cards, mask),
    tokens: await mapInSlices(content.tokens, mask),
    authentications: await mapInSlices(content.authentications, mask),
    journal: await mapInSlices(content.journal, ({ request, reply, ...rest }) =>
      maskEntry({ ...mask(rest), request, reply } as JournalEntry, options),
    ),
  };
}
