import { MAX_INSTALMENTS } from '../../contracts/index.js';
import type { Checkout, DuePayment, PaymentPlan } from '../engine/checkout.js';
import { CHECKOUT } from '../store/checkout-table.js';
import type { Path } from '../store/shape.js';
import type { StoreContent } from '../store/store.js';
import { IdCheck } from './id-check.js';
import { check } from './record-check.js';
import { damagedSnapshot } from './snapshot-error.js';

/** A check that can be interrupted after each item. */
type Steps = Generator<void, void>;

/** Checks that payments are in the order of their times and numbers. @param done how many came before */
function checkOrder(due: readonly DuePayment[], done: number, path: Path): void {
  let [lastIndex, lastAt] = [done, Number.NEGATIVE_INFINITY];
  for (const [position, { index, at }] of due.entries()) {
    if (index <= lastIndex) throw damagedSnapshot([...path, position, 'index'], `${index} is not above ${lastIndex}`);
    if (at < lastAt) throw damagedSnapshot([...path, position, 'at'], `${at} is before ${lastAt}`);
    [lastIndex, lastAt] = [index, at];
  }
}

/** The number of the last payment of a plan. */
const lastOf = ({ terms }: PaymentPlan): number => (terms ? terms.NBPAIE || Number.POSITIVE_INFINITY : MAX_INSTALMENTS);

function checkPlan(plan: PaymentPlan, path: Path): void {
  const { kind, terms, day, due, done } = plan;
  for (const [name, value] of Object.entries({ terms, day })) {
    if (kind === 'instalments' && value !== undefined)
      throw damagedSnapshot([...path, name], 'must not be there: the plan has instalments');
    if (kind === 'subscription' && value === undefined) throw damagedSnapshot([...path, name], 'is missing');
  }
  checkOrder(due, done, [...path, 'due']);
  const last = lastOf(plan);
  if (done > last) throw damagedSnapshot([...path, 'done'], `${done} is above the number of the last payment, ${last}`);
  const index = due.at(-1)?.index ?? 0;
  if (index > last)
    throw damagedSnapshot([...path, 'due', due.length - 1, 'index'], `${index} is above the number of the last payment, ${last}`);
}

function checkOne({ startedAt, expiresAt, state, isPending, instalments, plan }: Checkout, path: Path): void {
  // The end of the wait of a pending payment is counted from the payment, and the clock may have been set back before it.
  const isOfPayment = isPending && (state === 'pending' || state === 'paid');
  if (!isOfPayment && expiresAt < startedAt)
    throw damagedSnapshot([...path, 'expiresAt'], `${expiresAt} is before startedAt, ${startedAt}`);
  checkOrder(instalments, 0, [...path, 'instalments']);
  if (instalments.length > MAX_INSTALMENTS) throw damagedSnapshot([...path, 'instalments'], `has more than ${MAX_INSTALMENTS} items`);
  if (!plan) return;
  if (state !== 'paid' && state !== 'pending') throw damagedSnapshot([...path, 'plan'], `must not be there: the state is ${state}`);
  checkPlan(plan, [...path, 'plan']);
}

/** What the checkouts of a content may name. */
interface Known {
  readonly payments: ReadonlySet<string>;
  readonly authentications: ReadonlySet<string>;
}

function checkNames({ attempts, ID3D }: Checkout, { payments, authentications }: Known, path: Path): void {
  const checkID3D = (id3d: string, at: Path): void => {
    if (id3d !== '' && !authentications.has(id3d)) throw damagedSnapshot(at, `there is no authentication ${id3d}`);
  };
  for (const [index, attempt] of attempts.entries()) {
    const at = [...path, 'attempts', index];
    if (attempt.payment !== '' && !payments.has(attempt.payment))
      throw damagedSnapshot([...at, 'payment'], `there is no payment ${attempt.payment}`);
    checkID3D(attempt.ID3D, [...at, 'ID3D']);
  }
  checkID3D(ID3D, [...path, 'ID3D']);
}

/**
 * Checks the checkouts of a content, and what its authentications say of them. The payments and the authentications must have been checked.
 *
 * @throws SnapshotError at the first fault
 */
export function* checkCheckouts({
  checkouts,
  payments,
  authentications,
  sequence,
}: Pick<StoreContent, 'checkouts' | 'payments' | 'authentications' | 'sequence'>): Steps {
  const ids = new IdCheck(sequence, 'the id of the checkout before');
  const known: Known = {
    payments: new Set(payments.map(({ id }) => id)),
    authentications: new Set(authentications.map(({ ID3D }) => ID3D)),
  };
  for (const [index, checkout] of checkouts.entries()) {
    const path = ['content', 'checkouts', index];
    check(CHECKOUT, checkout, path);
    checkOne(checkout, path);
    checkNames(checkout, known, path);
    ids.add(checkout.id, checkout.id, [...path, 'id']);
    yield;
  }
  for (const [index, { checkout }] of authentications.entries()) {
    if (checkout !== undefined && !ids.has(checkout))
      throw damagedSnapshot(['content', 'authentications', index, 'checkout'], `there is no checkout ${checkout}`);
    yield;
  }
}
