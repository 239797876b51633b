import type { Account } from '../engine/account.js';
import type { Payment } from '../engine/payment.js';
import type { Rule } from '../engine/rule.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { CardToken, StoreContent } from '../store/store.js';

/** Version of the snapshot format. Snapshots of other versions are refused. */
const SNAPSHOT_VERSION = 1;

/** A gateway as plain data that JSON can hold, without card numbers. */
export interface Snapshot {
  readonly kind: 'paybox-direct-simulator snapshot';
  readonly version: number;
  readonly content: Omit<StoreContent, 'shared'>;
  readonly accounts: readonly Account[];
  readonly rules: readonly Rule[];
  readonly clock: string;
}

/** A value is not a snapshot, or has another version. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** Builds a snapshot from the parts of a gateway. */
export function writeSnapshot(content: Snapshot['content'], accounts: readonly Account[], rules: readonly Rule[], clock: string): Snapshot {
  return { kind: 'paybox-direct-simulator snapshot', version: SNAPSHOT_VERSION, content, accounts, rules, clock };
}

const isClock = (clock: unknown): boolean => {
  try {
    return typeof clock === 'string' && Number.isFinite((JSON.parse(clock) as { value: number }).value);
  } catch {
    return false;
  }
};

const isPayment = (payment: Partial<Payment> | null): boolean =>
  typeof payment?.id === 'string' && Array.isArray(payment.transactions) && payment.transactions.length > 0;

/** The tokens of the subscribers' cards. Of several for one card, that of the first subscriber. */
function tokensOf(subscribers: readonly Subscriber[]): CardToken[] {
  const tokens = new Map<string, CardToken>();
  for (const { account, PORTEUR, card } of subscribers) {
    const key = `${account} ${card.sha1}`;
    if (card.sha1 !== '' && !tokens.has(key)) tokens.set(key, [account, card.sha1, PORTEUR]);
  }
  return [...tokens.values()];
}

/**
 * Checks that something is a snapshot of this version.
 *
 * @throws SnapshotError when it is not
 */
export function readSnapshot(value: unknown): Snapshot {
  const snapshot = value as Partial<Snapshot> | null;
  if (typeof snapshot !== 'object' || snapshot === null || snapshot.kind !== 'paybox-direct-simulator snapshot') {
    throw new SnapshotError('This is not a snapshot. Send back what GET /_sim/snapshot returned, unchanged.');
  }
  if (snapshot.version !== SNAPSHOT_VERSION) {
    throw new SnapshotError(`The snapshot has version ${snapshot.version}; this simulator reads version ${SNAPSHOT_VERSION}.`);
  }
  const { content, accounts, rules, clock } = snapshot;
  const lists = [content?.payments, content?.subscribers, content?.questions, content?.cards, content?.tokens ?? [], content?.journal];
  const parts = [...lists, accounts, rules];
  const isWhole = parts.every(Array.isArray) && typeof content?.sequence === 'number' && content.payments.every(isPayment);
  if (!isWhole || !isClock(clock)) {
    throw new SnapshotError('The snapshot is damaged: a part of it is missing. Send back what GET /_sim/snapshot returned, unchanged.');
  }
  // In earlier versions a token belonged to one subscriber.
  return { ...snapshot, content: { ...content, tokens: content.tokens ?? tokensOf(content.subscribers) } } as Snapshot;
}
