import type { Account } from '../engine/account.js';
import { makeRule, type Rule } from '../engine/rule.js';
import type { Subscriber } from '../engine/subscriber.js';
import { validate } from '../schemas/validate.js';
import { isIntegerUpTo } from '../store/row-checks.js';
import type { CardToken, StoreContent } from '../store/store.js';
import { checkContent } from './check-content.js';
import { type ClockPosition, instantOf } from './clock.js';
import { isTime } from './clock-range.js';
import { checkRule, loadForRules, RuleError } from './configuration/check-rule.js';
import { checkArray } from './record-check.js';
import { damagedSnapshot, SnapshotError } from './snapshot-error.js';

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

/** Builds a snapshot from the parts of a gateway. */
export function writeSnapshot(content: Snapshot['content'], accounts: readonly Account[], rules: readonly Rule[], clock: string): Snapshot {
  return { kind: 'paybox-direct-simulator snapshot', version: SNAPSHOT_VERSION, content, accounts, rules, clock };
}

/** The tokens of the subscribers' cards. Of several for one card, that of the first subscriber. */
function tokensOf(subscribers: readonly Subscriber[]): CardToken[] {
  const tokens = new Map<string, CardToken>();
  for (const { account, PORTEUR, card } of subscribers) {
    const key = `${account} ${card.sha1}`;
    if (card.sha1 !== '' && !tokens.has(key)) tokens.set(key, [account, card.sha1, PORTEUR]);
  }
  return [...tokens.values()];
}

function readContent(value: unknown): Snapshot['content'] {
  if (value === undefined) throw damagedSnapshot(['content'], 'is missing');
  // In earlier versions a token belonged to one subscriber.
  const isEarlier = typeof value === 'object' && value !== null && !('tokens' in value);
  const content: unknown = isEarlier ? { ...value, tokens: [] } : value;
  checkContent(content);
  return isEarlier ? { ...content, tokens: tokensOf(content.subscribers) } : content;
}

function readClock(clock: unknown): ClockPosition {
  try {
    const { value, frozen } = JSON.parse(clock as string) as Partial<ClockPosition>;
    const position = { value: value as number, frozen: frozen === true };
    if (Number.isSafeInteger(value) && isTime(instantOf(position))) return position;
  } catch {
    // Reported below.
  }
  throw damagedSnapshot(['clock'], 'is not the position of a clock');
}

/** The properties of items that have a schema for users, in addition to those of the schema. */
async function checkItems(name: 'accounts' | 'rules', schema: 'account' | 'rule', items: readonly unknown[], own: string): Promise<void> {
  const ids = new Set<unknown>();
  for (const [index, item] of items.entries()) {
    const path = [name, index];
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw damagedSnapshot(path, 'must be an object');
    const { [own]: _, ...rest } = item as Readonly<Record<string, unknown>>;
    const [problem] = await validate(schema, rest);
    if (problem) throw damagedSnapshot([...path, ...problem.path], problem.message);
    const { id } = item as { readonly id?: unknown };
    if (typeof id !== 'string' || ids.has(id))
      throw damagedSnapshot([...path, 'id'], typeof id === 'string' ? 'is there twice' : 'is missing');
    ids.add(id);
  }
}

function readRule(rule: Rule, index: number): Rule {
  const { calls } = rule;
  const path = ['rules', index];
  if (!isIntegerUpTo(Number.MAX_SAFE_INTEGER)(calls)) throw damagedSnapshot([...path, 'calls'], 'must be an integer from 0');
  const { calls: _, ...made } = makeRule(rule, rule.id);
  try {
    checkRule({ ...made, calls });
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw damagedSnapshot([...path, ...error.path], error.message.replace(/\.$/, ''));
  }
  return { ...made, calls };
}

/** The parts of a snapshot, checked. */
export interface ReadSnapshot extends Pick<Snapshot, 'content' | 'accounts' | 'rules'> {
  readonly clock: ClockPosition;
}

/**
 * Checks that something is a snapshot of this version, and that a gateway could have written all of it.
 *
 * @throws SnapshotError when it is not
 */
export async function readSnapshot(value: unknown): Promise<ReadSnapshot> {
  const snapshot = value as Partial<Snapshot> | null;
  if (typeof snapshot !== 'object' || snapshot === null || snapshot.kind !== 'paybox-direct-simulator snapshot') {
    throw new SnapshotError('This is not a snapshot. Send back what GET /_sim/snapshot returned, unchanged.');
  }
  if (snapshot.version !== SNAPSHOT_VERSION) {
    throw new SnapshotError(`The snapshot has version ${snapshot.version}; this simulator reads version ${SNAPSHOT_VERSION}.`);
  }
  const { accounts, rules } = snapshot;
  const content = readContent(snapshot.content);
  const clock = readClock(snapshot.clock);
  checkArray(accounts, ['accounts']);
  checkArray(rules, ['rules']);
  await checkItems('accounts', 'account', accounts, 'id');
  await checkItems('rules', 'rule', rules, 'calls');
  await loadForRules(rules as readonly Rule[]);
  return { content, accounts, rules: (rules as readonly Rule[]).map(readRule), clock };
}
