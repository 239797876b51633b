import { percentDecode, type ReplyFields, readReplyText, replyText, VARIABLES } from '../../contracts/index.js';
import type { JournalEntry, NewJournalEntry } from './entry.js';

/**
 * An entry as a store keeps it. Request and reply are one text each, as they stand on the wire: to take them apart costs nothing until
 * somebody looks at them, and a text is little for a store to keep.
 */
export interface StoredEntry extends Omit<JournalEntry, 'request' | 'reply'> {
  /** What {@link joinPairs} writes. */
  readonly request: string;
  /** What `replyText` writes. */
  readonly reply: string;
}

/** A kept entry before the store has numbered it. */
export type NewStoredEntry = Omit<StoredEntry, 'seq'>;

const [SPACE, PERCENT, AMPERSAND, EQUALS] = [0x20, 0x25, 0x26, 0x3d];

const mustBeEscaped = (unit: number): boolean => unit < SPACE || unit === PERCENT || unit === AMPERSAND || unit === EQUALS;

// A loop: it is asked of every name and value, and hardly any has such a character.
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (mustBeEscaped(text.charCodeAt(i))) return false;
  return true;
}

function escapedCharacter(character: string): string {
  const unit = character.charCodeAt(0);
  return mustBeEscaped(unit) ? `%${unit.toString(16).padStart(2, '0')}` : character;
}

const escaped = (text: string): string => (isPlain(text) ? text : text.replace(/./gs, escapedCharacter));

/** What the pair of a variable begins with, in the places of the variables: no name of theirs has to be escaped. */
const BEGINNINGS: readonly string[] = VARIABLES.map(({ name }) => `${name}=`);

/** The pair of one of the gateway's variables, as {@link pairText} writes it. */
export const variableText = (place: number, value: string): string => `${BEGINNINGS[place]}${escaped(value)}`;

/** One pair of the text of a request: `NAME=value`, with `%`, `&`, `=` and control characters percent-encoded, and nothing else. */
export const pairText = (name: string, value: string): string => `${escaped(name)}=${escaped(value)}`;

/** The text of a request, of its pairs. */
export const joinPairs = (pairs: readonly string[]): string => pairs.join('&');

/** Takes the text of a request apart. */
export function readRequestText(text: string): JournalEntry['request'] {
  if (text === '') return [];
  return text.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return [percentDecode(name), percentDecode(value)];
  });
}

/** A kept entry, numbered or not, as it is shown. */
export function toJournalEntry(kept: StoredEntry): JournalEntry;
export function toJournalEntry(kept: NewStoredEntry): NewJournalEntry;
export function toJournalEntry(kept: NewStoredEntry): NewJournalEntry {
  return { ...kept, request: readRequestText(kept.request), reply: Object.fromEntries(readReplyText(kept.reply)) };
}

/** An entry as it was shown, in a snapshot, as a store keeps it. */
export function toStoredEntry(entry: JournalEntry): StoredEntry {
  return {
    ...entry,
    request: joinPairs(entry.request.map(([name, value]) => pairText(name, value))),
    reply: replyText(entry.reply as ReplyFields),
  };
}
