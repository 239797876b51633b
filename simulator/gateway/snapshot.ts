import type { Account } from '../engine/account.js';
import type { Rule } from '../engine/rule.js';
import type { StoreContent } from '../store/store.js';

/** What tells a snapshot from other documents. */
export const SNAPSHOT_KIND = 'paybox-direct-simulator snapshot';

/** Version of the snapshot format. Snapshots of other versions are refused. */
export const SNAPSHOT_VERSION = 1;

/** A gateway as plain data that JSON can hold, without card numbers. */
export interface Snapshot {
  readonly kind: typeof SNAPSHOT_KIND;
  readonly version: number;
  readonly content: Omit<StoreContent, 'shared'>;
  readonly accounts: readonly Account[];
  readonly rules: readonly Rule[];
  readonly clock: string;
}

/** Builds a snapshot from the parts of a gateway. */
export function writeSnapshot(content: Snapshot['content'], accounts: readonly Account[], rules: readonly Rule[], clock: string): Snapshot {
  return { kind: SNAPSHOT_KIND, version: SNAPSHOT_VERSION, content, accounts, rules, clock };
}

/** What a snapshot has besides the content of the store. */
export type SnapshotSettings = Pick<Snapshot, 'accounts' | 'rules' | 'clock'>;
