import type { Authentication } from '../engine/authentication.js';
import type { Payment } from '../engine/payment.js';
import type { JournalEntry } from '../journal/entry.js';

/** An event in the history of an authentication. `at` is in milliseconds since the epoch. */
export type AuthenticationEvent =
  | { readonly kind: 'step'; readonly at: number; readonly exchange: JournalEntry }
  /** The request to RemoteMPI is not in the journal. */
  | { readonly kind: 'started'; readonly at: number }
  /** A payment used the ID3D. */
  | { readonly kind: 'used'; readonly at: number; readonly id: string; readonly payment: Payment | undefined };

/**
 * Returns the history of an authentication, oldest first: its start, the page of the bank, its results, and the payments that used it.
 *
 * @param steps its steps in the journal, oldest first
 * @param payments those that used it, by id
 */
export function authenticationTimeline(
  { startedAt, usedBy }: Authentication,
  steps: readonly JournalEntry[],
  payments: ReadonlyMap<string, Payment>,
): readonly AuthenticationEvent[] {
  const started: AuthenticationEvent[] = steps.some(({ operation }) => operation === 'authenticate')
    ? []
    : [{ kind: 'started', at: startedAt }];
  const events: AuthenticationEvent[] = [...started, ...steps.map((exchange) => ({ kind: 'step', at: exchange.at, exchange }) as const)];
  const used = usedBy.map(({ payment, at }) => ({ kind: 'used', at, id: payment, payment: payments.get(payment) }) as const);
  // Events of the same instant keep their order: what uses the ID3D comes last.
  return [...events, ...used].sort((a, b) => a.at - b.at);
}
