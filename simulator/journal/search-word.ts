/** A word that somebody searches for, in every way it can be read: what meets one of them meets the word. */
export interface SearchWord {
  /** A part of a reference, in any case. */
  readonly text: string;
  /** A CODEREPONSE. */
  readonly code?: string;
  /** Amounts in minor units. */
  readonly amounts: readonly number[];
  /** What is shown of a card number: its first six digits, its last four, or both. */
  readonly card?: { readonly first: string; readonly last: string };
  /** A NUMTRANS, ten digits. */
  readonly number?: string;
}
