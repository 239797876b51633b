import { namedValuesText, percentDecode, readReplyText, VARIABLES } from '../../contracts/index.js';
import type { JournalEntry, NewJournalEntry } from './entry.js';

/**
 * A journal entry in the form in which stores hold it. Request and reply are one text each: a text is cheap to write, and it is parsed only
 * when the entry is read.
 */
export interface StoredEntry extends Omit<JournalEntry, 'request' | 'reply'> {
  /** Written by {@link joinPairs}. */
  readonly request: string;
  /** Written by `replyText`. */
  readonly reply: string;
}

/** A stored entry that the store has not numbered yet. */
export type NewStoredEntry = Omit<StoredEntry, 'seq'>;

const [SPACE, PERCENT, AMPERSAND, EQUALS] = [0x20, 0x25, 0x26, 0x3d];

const mustBeEscaped = (unit: number): boolean => unit < SPACE || unit === PERCENT || unit === AMPERSAND || unit === EQUALS;

// A loop without a regular expression: it runs for every name and value, and few of them need escaping.
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (mustBeEscaped(text.charCodeAt(i))) return false;
  return true;
}

function escapedCharacter(character: string): string {
  const unit = character.charCodeAt(0);
  return mustBeEscaped(unit) ? `%${unit.toString(16).padStart(2, '0')}` : character;
}

const escaped = (text: string): string => (isPlain(text) ? text : text.replace(/./gs, escapedCharacter));

/** `NAME=` of each of the gateway's variables, in the order of VARIABLES. None of these names needs escaping. */
const PAIR_STARTS: readonly string[] = VARIABLES.map(({ name }) => `${name}=`);

/** Returns what {@link pairText} returns, for the variable at this index of VARIABLES. */
export const variableText = (index: number, value: string): string => `${PAIR_STARTS[index]}${escaped(value)}`;

/** Returns `NAME=value`. Only `%`, `&`, `=` and control characters are percent-encoded. */
export const pairText = (name: string, value: string): string => `${escaped(name)}=${escaped(value)}`;

/** Joins the pairs of a request to the text that is stored. */
export const joinPairs = (pairs: readonly string[]): string => pairs.join('&');

/** Parses a text that {@link joinPairs} wrote. */
export function readRequestText(text: string): JournalEntry['request'] {
  if (text === '') return [];
  return text.split('&').map((pair) => {
    const [name = '', value = ''] = pair.split('=');
    return [percentDecode(name), percentDecode(value)];
  });
}

/** Parses request and reply of a stored entry, numbered or not. */
export function toJournalEntry(stored: StoredEntry): JournalEntry;
export function toJournalEntry(stored: NewStoredEntry): NewJournalEntry;
export function toJournalEntry(stored: NewStoredEntry): NewJournalEntry {
  return { ...stored, request: readRequestText(stored.request), reply: Object.fromEntries(readReplyText(stored.reply)) };
}

/** The inverse of {@link toJournalEntry}, for the entries of a snapshot. */
export function toStoredEntry(entry: JournalEntry): StoredEntry {
  return {
    ...entry,
    request: joinPairs(entry.request.map(([name, value]) => pairText(name, value))),
    reply: namedValuesText(Object.entries(entry.reply)),
  };
}
