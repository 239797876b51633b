import type { Finding, Severity } from '../engine/finding.js';
import type { Origin } from '../engine/payment.js';

/** One exchange (a request with its reply) in the journal. Card numbers are masked, CVV and CLE are hidden. */
export interface JournalEntry {
  /** Number of the entry, starting at 1. Never reused. */
  readonly seq: number;
  /** When the request arrived, in milliseconds since the epoch on the gateway's clock. */
  readonly at: number;
  /** `SITE/RANG` of the request; empty if both are missing. */
  readonly account: string;
  /** TYPE, five digits; empty if it is not the TYPE of an operation. */
  readonly TYPE: string;
  /** Name of the operation, or `authenticate`, `challenge` or `result` for a step of an authentication; empty if TYPE is not that of an operation. */
  readonly operation: string;
  /** REFERENCE of the request; if it has none, that of the payment it names. */
  readonly REFERENCE: string;
  readonly CODEREPONSE: string;
  /** Id (NUMTRANS of the first transaction) of the payment that the exchange created or named; empty if there is none. */
  readonly payment: string;
  /** Where that payment was created; empty if there is no payment. */
  readonly origin: Origin | '';
  /** The variables in the order of the request. For a body that is not a form: its length, type and names, under the name `(body)`. */
  readonly request: readonly (readonly [name: string, value: string])[];
  /** The variables of the reply. */
  readonly reply: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

/** A journal entry that the store has not numbered yet. */
export type NewJournalEntry = Omit<JournalEntry, 'seq'>;

/** One word of a search, in all its possible meanings. A record matches the word if it matches any of them. */
export interface SearchWord {
  /** Part of a reference; case is ignored. */
  readonly text: string;
  /** A CODEREPONSE. */
  readonly code?: string;
  /** Amounts in minor units. */
  readonly amounts: readonly number[];
  /** The visible digits of a card number: the first six, the last four, or both. Empty: any digits. */
  readonly card?: { readonly first: string; readonly last: string };
  /** A NUMTRANS, ten digits. */
  readonly number?: string;
}

/** Selects journal entries. An entry must meet all conditions that are given. */
export interface JournalFilter {
  readonly REFERENCE?: string | undefined;
  /** Five digits. */
  readonly TYPE?: string | undefined;
  /** The name of an operation, or a step of an authentication. */
  readonly operation?: string | undefined;
  readonly CODEREPONSE?: string | undefined;
  /** Milliseconds since the epoch, inclusive. */
  readonly since?: number | undefined;
  /** Milliseconds since the epoch, exclusive. */
  readonly until?: number | undefined;
  /** Only entries with a lower number: the next page of a list. */
  readonly before?: number | undefined;
  /** Only entries with a higher number: new entries. */
  readonly after?: number | undefined;
  /** Only entries about the payment with this id. */
  readonly payment?: string | undefined;
  /** True: only refusals, `Erreur` of RemoteMPI too. False: only the others. */
  readonly isRefused?: boolean | undefined;
  /** Only entries with findings. */
  readonly hasFindings?: true | undefined;
  /** Only entries with a finding of this severity. */
  readonly severity?: Severity | undefined;
  /** True: only entries whose answer the user requested. False: only others. */
  readonly isForced?: boolean | undefined;
  /** Only entries that match every word. */
  readonly words?: readonly SearchWord[] | undefined;
  /** Maximum number of entries; the newest are returned. */
  readonly limit: number;
}
