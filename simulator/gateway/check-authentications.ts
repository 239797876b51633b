import { maskCardData } from '../../contracts/index.js';
import type { Authentication } from '../engine/authentication.js';
import type { Payment } from '../engine/payment.js';
import { AUTHENTICATION } from '../store/authentication-table.js';
import { ID3D, numberInID3D } from '../store/authentication-values.js';
import type { Path } from '../store/shape.js';
import type { StoreContent } from '../store/store.js';
import { IdCheck } from './id-check.js';
import { check } from './record-check.js';
import { damagedSnapshot } from './snapshot-error.js';

/** A check that can be interrupted after each item. */
type Steps = Generator<void, void>;

function checkTimes({ startedAt, expiresAt, outcome, endedAt }: Authentication, path: Path): void {
  if (expiresAt < startedAt) throw damagedSnapshot([...path, 'expiresAt'], `${expiresAt} is before startedAt, ${startedAt}`);
  if (outcome === '' && endedAt !== 0) throw damagedSnapshot([...path, 'endedAt'], 'must be 0: there is no outcome');
  if (outcome !== '' && endedAt === 0) throw damagedSnapshot([...path, 'endedAt'], `must not be 0: the outcome is ${outcome}`);
}

/** The authentications of a content that were checked. */
class AuthenticationCheck {
  readonly #ids: IdCheck;
  /** By account and IdSession, masked: the ID3D. */
  readonly #sessions = new Map<string, string>();
  /** Where the payments that used an ID3D were named. */
  readonly #uses = new Map<string, Path>();

  /** @param sequence how many numbers the gateway has given */
  constructor(sequence: number) {
    this.#ids = new IdCheck(sequence, 'the ID3D of the authentication before');
  }

  add(authentication: Authentication, path: Path): void {
    const { ID3D: id3d, usedBy } = authentication;
    this.#ids.add(id3d, numberInID3D(id3d), [...path, 'ID3D']);
    this.#addSession(authentication, [...path, 'IdSession']);
    for (const [index, { payment }] of usedBy.entries()) this.#uses.set(payment, [...path, 'usedBy', index, 'payment']);
  }

  addPayment({ id, ID3D: used }: Payment, path: Path): void {
    this.#uses.delete(id);
    if (used === undefined) return;
    check(ID3D, used, [...path, 'ID3D']);
    if (!this.#ids.has(used)) throw damagedSnapshot([...path, 'ID3D'], `there is no authentication ${used}`);
  }

  /** Checks that all payments that used an ID3D were added. */
  end(): void {
    for (const [payment, path] of this.#uses) throw damagedSnapshot(path, `there is no payment ${payment}`);
  }

  // Masked, as they will be stored: two of them may then be equal.
  #addSession({ ID3D: id3d, account, IdSession }: Authentication, path: Path): void {
    const key = `${account}\n${maskCardData(IdSession)}`;
    const other = this.#sessions.get(key);
    if (other !== undefined) throw damagedSnapshot(path, `is the IdSession of ${other} too`);
    this.#sessions.set(key, id3d);
  }
}

/**
 * Checks the authentications of a content, and what its payments say of them. The payments must have been checked.
 *
 * @throws SnapshotError at the first fault
 */
export function* checkAuthentications({
  authentications,
  payments,
  sequence,
}: Pick<StoreContent, 'authentications' | 'payments' | 'sequence'>): Steps {
  const all = new AuthenticationCheck(sequence);
  for (const [index, authentication] of authentications.entries()) {
    const path = ['content', 'authentications', index];
    check(AUTHENTICATION, authentication, path);
    checkTimes(authentication, path);
    all.add(authentication, path);
    yield;
  }
  for (const [index, payment] of payments.entries()) {
    all.addPayment(payment, ['content', 'payments', index]);
    yield;
  }
  all.end();
}
