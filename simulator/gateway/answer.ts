import { latin1Bytes, type Reply, replyText } from '../../contracts/index.js';
import type { StagedFault } from '../engine/verdict.js';
import type { NewJournalEntry } from '../journal/entry.js';
import { type NewStoredEntry, toJournalEntry } from '../journal/stored-entry.js';

/** What a gateway answers. */
export class Answer {
  readonly reply: Reply;
  /** Whether the values of the body are percent-encoded. */
  readonly urlEncode: boolean;
  /** What the journal keeps of the exchange, where it could be written. */
  readonly kept: NewStoredEntry;
  /** What shall go wrong on the reply's way out: the door's work. */
  readonly fault: StagedFault | undefined;
  /** Why the state could not be written; the gateway then answers 00003. */
  readonly failure: string | undefined;

  constructor({ reply, kept, fault, failure }: Answered, urlEncode: boolean) {
    this.reply = reply;
    this.urlEncode = urlEncode;
    this.kept = kept;
    this.fault = fault;
    this.failure = failure;
  }

  /** The body of the reply, one character a byte. */
  get text(): string {
    return this.urlEncode ? replyText(this.reply, true) : this.kept.reply;
  }

  /** The body of the reply: ISO-8859-1. */
  get body(): Uint8Array<ArrayBuffer> {
    return latin1Bytes(this.text);
  }

  /** What the journal shows of the exchange. */
  get entry(): NewJournalEntry {
    return toJournalEntry(this.kept);
  }
}

/** What the work on a question comes to. */
export type Answered = Pick<Answer, 'reply' | 'kept'> & Partial<Pick<Answer, 'fault' | 'failure'>>;
