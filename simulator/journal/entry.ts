import type { Finding } from '../engine/finding.js';
import type { Origin } from '../engine/payment.js';
import type { SearchWord } from './search-word.js';

/** One request and its reply, as the journal keeps them: card numbers masked, CVV and CLE left out. */
export interface JournalEntry {
  /** Number of the entry, from 1, never reused. */
  readonly seq: number;
  /** When the request came, in milliseconds since the epoch on the gateway's clock. */
  readonly at: number;
  /** `SITE/RANG` as sent; empty where they were missing. */
  readonly account: string;
  /** TYPE on five digits; empty where it names no operation. */
  readonly TYPE: string;
  /** Name of the operation; empty where there is none. */
  readonly operation: string;
  /** As sent; where the request has none, that of the payment it names. */
  readonly REFERENCE: string;
  readonly CODEREPONSE: string;
  /** The payment the exchange concerned, by the NUMTRANS of its first transaction; empty: none. */
  readonly payment: string;
  /** Where that payment was born; empty: no payment. */
  readonly origin: Origin | '';
  /** The variables in the order sent. Of a body that is no form: its beginning, under the name `(body)`. */
  readonly request: readonly (readonly [name: string, value: string])[];
  /** The variables of the reply. */
  readonly reply: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

/** An entry before the store has numbered it. */
export type NewJournalEntry = Omit<JournalEntry, 'seq'>;

/** Which entries of the journal. All conditions that are given must hold. */
export interface JournalFilter {
  readonly REFERENCE?: string | undefined;
  /** Five digits. */
  readonly TYPE?: string | undefined;
  readonly CODEREPONSE?: string | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly since?: number | undefined;
  /** Milliseconds since the epoch, exclusive. */
  readonly until?: number | undefined;
  /** Only entries before this number: the next page of a listing. */
  readonly before?: number | undefined;
  /** Only entries after this number: what came since. */
  readonly after?: number | undefined;
  /** Only those that concerned this payment, by its id. */
  readonly payment?: string | undefined;
  /** Whether they were refused; undefined: either. */
  readonly isRefused?: boolean | undefined;
  /** Only those with findings. */
  readonly hasFindings?: true | undefined;
  /** Only those that meet every word. */
  readonly words?: readonly SearchWord[] | undefined;
  /** At most so many, the newest. */
  readonly limit: number;
}
