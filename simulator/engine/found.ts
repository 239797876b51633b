import type { Numbers, Payment } from './payment.js';
import type { Subscriber } from './subscriber.js';

/** What a question asks the store for. */
export interface Lookup {
  /** `SITE/RANG`. */
  readonly account: string;
  /** Day in Paris of the question, `YYYY-MM-DD`. */
  readonly day: string;
  /** NUMQUESTION without leading zeros; undefined where the account does not count them. */
  readonly questionNumber?: string | undefined;
  /** A NUMTRANS that somebody wants to use, ten digits. */
  readonly wanted?: string | undefined;
  /** Ten digits each; without NUMAPPEL any call number will do. */
  readonly numbers?: { readonly NUMTRANS: string; readonly NUMAPPEL?: string } | undefined;
  /** Payments opened with this REFERENCE. */
  readonly REFERENCE?: string | undefined;
  /** Whether one of them shall be found that was not refused: of this amount and currency. */
  readonly existing?: { readonly MONTANT: number; readonly DEVISE: string } | undefined;
  readonly REFABONNE?: string | undefined;
  /** Whether to look if the card, or the subscriber's, was taken today. */
  readonly cardOnce?: boolean;
  /** SHA-1 of the question's card, where it is looked for; undefined: it carries none. */
  readonly cardSha1?: string | undefined;
}

/** What the store found. */
export interface Found {
  /** The numbers the operation will get if it commits. */
  readonly next: Numbers;
  /** TYPEs that already used the question number today. */
  readonly questionTypes: readonly string[];
  /** The payment, of whatever account, that has the NUMTRANS somebody wants. */
  readonly taken?: Payment | undefined;
  /** The payment that has a transaction of these numbers. */
  readonly payment?: Payment | undefined;
  /** Where there is none: the payment that has a transaction of these numbers exchanged. */
  readonly swapped?: Payment | undefined;
  /** Where there is none: the payment that has the NUMTRANS, with another NUMAPPEL. */
  readonly mixed?: Payment | undefined;
  /** Payments of the same REFERENCE, newest first, at most {@link SAME_REFERENCE_LIMIT}. */
  readonly sameReference: readonly Payment[];
  /** The newest payment of the REFERENCE that is of the amount and currency asked for and was not refused. */
  readonly existing?: Payment | undefined;
  readonly subscriber?: Subscriber | undefined;
  /** Whether the card was taken today. */
  readonly cardSeen: boolean;
}

/** How many payments of one REFERENCE are looked at. */
export const SAME_REFERENCE_LIMIT = 20;
