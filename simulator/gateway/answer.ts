import { latin1Bytes, type ReplyFields } from '../../contracts/index.js';
import type { InjectedFault } from '../engine/fault.js';
import type { NewJournalEntry } from '../journal/entry.js';
import { type NewStoredEntry, toJournalEntry } from '../journal/stored-entry.js';

type AnswerFields = Omit<Answer, 'body' | 'entry'>;

/** What the gateway answers to one question. */
export class Answer {
  /** The fields of the reply. */
  readonly reply: ReplyFields;
  /** The body of the reply, one character a byte (ISO-8859-1). Encoded once, from `reply`. */
  readonly text: string;
  /** Whether the values in the body are percent-encoded (URL_ENCODE=O). */
  readonly isUrlEncoded: boolean;
  /** Whether the reply answers an inquiry about a payment that the hosted page took. */
  readonly isFromHostedPage: boolean;
  /** The authentication of the payment that an inquiry is about; empty: none, or no inquiry. */
  readonly id3d: string;
  /** What must go wrong while the reply is sent; undefined for most questions. */
  readonly fault: InjectedFault | undefined;
  /** Why the state could not be written. The gateway then answers 00003, or nothing where it is not known whether it was written. */
  readonly failure: string | undefined;
  /** Ids of the rules that take effect for no further question: this was the last one. */
  readonly usedUp: readonly string[];
  /** The masked copy of the exchange that the journal stores. */
  readonly storedEntry: NewStoredEntry;

  constructor({ reply, text, isUrlEncoded, isFromHostedPage, id3d, fault, failure, usedUp, storedEntry }: AnswerFields) {
    this.reply = reply;
    this.text = text;
    this.isUrlEncoded = isUrlEncoded;
    this.isFromHostedPage = isFromHostedPage;
    this.id3d = id3d;
    this.fault = fault;
    this.failure = failure;
    this.usedUp = usedUp;
    this.storedEntry = storedEntry;
  }

  /** The body of the reply: ISO-8859-1. */
  get body(): Uint8Array<ArrayBuffer> {
    return latin1Bytes(this.text);
  }

  /** The exchange as the journal shows it. */
  get entry(): NewJournalEntry {
    return toJournalEntry(this.storedEntry);
  }
}
