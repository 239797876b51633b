import type { MaskOptions } from '../../contracts/index.js';
import type { Account } from '../engine/account.js';
import { makeRule, type Rule, withoutCardNumbers } from '../engine/rule.js';
import type { Subscriber } from '../engine/subscriber.js';
import { validate } from '../schemas/validate.js';
import { type Expected, integerUpTo } from '../store/shape.js';
import type { CardToken } from '../store/store.js';
import { runInSlices } from '../store/time-slice.js';
import { checkContent } from './check-content.js';
import type { ClockPosition } from './clock.js';
import { checkRule, loadForRules, RuleError } from './configuration/check-rule.js';
import { maskContent } from './mask-content.js';
import { check, checkArray } from './record-check.js';
import { SNAPSHOT_KIND, SNAPSHOT_VERSION, type Snapshot } from './snapshot.js';
import { damagedSnapshot, SnapshotError } from './snapshot-error.js';

/** The tokens of the subscribers' cards. Of several for one card, that of the first subscriber. */
function tokensOf(subscribers: readonly Subscriber[]): CardToken[] {
  const tokens = new Map<string, CardToken>();
  for (const { account, PORTEUR, card } of subscribers) {
    const key = `${account} ${card.sha1}`;
    if (card.sha1 !== '' && !tokens.has(key)) tokens.set(key, [account, card.sha1, PORTEUR]);
  }
  return [...tokens.values()];
}

async function readContent(value: unknown): Promise<Snapshot['content']> {
  if (value === undefined) throw damagedSnapshot(['content'], 'is missing');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damagedSnapshot(['content'], 'must be an object');
  // In earlier versions a token belonged to one subscriber, and there were no authentications and no checkouts.
  const content = await runInSlices(checkContent({ tokens: [], authentications: [], checkouts: [], ...value }));
  return 'tokens' in value ? content : { ...content, tokens: tokensOf(content.subscribers) };
}

function readClock(clock: unknown): ClockPosition {
  try {
    const { value, frozen } = JSON.parse(clock as string) as ClockPosition;
    if (Number.isSafeInteger(value) && typeof frozen === 'boolean') return { value, frozen };
  } catch {
    // Reported below.
  }
  throw damagedSnapshot(['clock'], 'is not the position of a clock');
}

/**
 * Checks items that have a schema for users, and that their ids differ. Returns them as the schema converted them.
 *
 * @param own a property that the items have in addition to those of the schema
 */
async function readItems<Item>(
  name: 'accounts' | 'rules',
  schema: 'account' | 'rule',
  own: keyof Item & string,
  items: unknown,
): Promise<Item[]> {
  checkArray(items, [name]);
  const ids = new Set<unknown>();
  const read: Item[] = [];
  for (const [index, item] of items.entries()) {
    const path = [name, index];
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw damagedSnapshot(path, 'must be an object');
    const { [own]: value, ...rest } = item as Readonly<Record<string, unknown>>;
    const [problem] = await validate(schema, rest);
    if (problem) throw damagedSnapshot([...path, ...problem.path], problem.message);
    const { id } = item as { readonly id?: unknown };
    check(ID, id, [...path, 'id']);
    if (ids.has(id)) throw damagedSnapshot([...path, 'id'], 'is there twice');
    ids.add(id);
    read.push({ ...rest, [own]: value } as Item);
  }
  return read;
}

const ID: Expected = { isValid: (value) => typeof value === 'string', description: 'a text' };
const CALLS = integerUpTo(Number.MAX_SAFE_INTEGER);

function readRule(rule: Rule, index: number): Rule {
  const { calls, id } = rule;
  const path = ['rules', index];
  check(CALLS, calls, [...path, 'calls']);
  const made = { ...makeRule(withoutCardNumbers(rule), id), calls };
  try {
    // The gateway is restored as it was: a rule that an earlier version supported is disabled.
    checkRule(made, () => {});
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw damagedSnapshot([...path, ...error.path], error.message.replace(/\.$/, ''));
  }
  return made;
}

/** The parts of a snapshot, checked. */
export interface ReadSnapshot extends Pick<Snapshot, 'content' | 'accounts' | 'rules'> {
  readonly clock: ClockPosition;
}

/**
 * Checks that something is a snapshot of this version, and that a gateway could have written all of it. Returns it masked. It gives way to questions.
 *
 * @param journal what the journal shows
 * @throws SnapshotError when it is not
 */
export async function readSnapshot(value: unknown, journal: MaskOptions): Promise<ReadSnapshot> {
  const snapshot = value as Partial<Snapshot> | null;
  if (typeof snapshot !== 'object' || snapshot === null || snapshot.kind !== SNAPSHOT_KIND) {
    throw new SnapshotError('This is not a snapshot. Send back what GET /_sim/snapshot returned, unchanged.');
  }
  if (snapshot.version !== SNAPSHOT_VERSION) {
    throw new SnapshotError(`The snapshot has version ${snapshot.version}; this simulator reads version ${SNAPSHOT_VERSION}.`);
  }
  const content = await readContent(snapshot.content);
  const clock = readClock(snapshot.clock);
  const accounts = await readItems<Account>('accounts', 'account', 'id', snapshot.accounts);
  const rules = await readItems<Rule>('rules', 'rule', 'calls', snapshot.rules);
  await loadForRules(rules);
  return { content: await maskContent(content, journal), accounts, rules: rules.map(readRule), clock };
}
