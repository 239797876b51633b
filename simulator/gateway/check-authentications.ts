import { maskCardData } from '../../contracts/index.js';
import type { Authentication } from '../engine/authentication.js';
import { MAX_WRONG_CODES } from '../engine/authentication.js';
import type { Payment } from '../engine/payment.js';
import { isID3D, numberInID3D, OUTCOMES, RESULT_FAULT, RESULT_ORDERS } from '../store/authentication-values.js';
import { nthNumbers } from '../store/find.js';
import { isStorable } from '../store/row-checks.js';
import type { StoreContent } from '../store/store.js';
import {
  ACCOUNT,
  AMOUNT,
  check,
  checkArray,
  checkRecord,
  EXPIRY,
  type Expected,
  integerUpTo,
  NUMBER,
  oneOf,
  type Path,
  type RecordShape,
  TIME,
} from './record-check.js';
import { damagedSnapshot } from './snapshot-error.js';

/** RemoteMPI accepts 250 characters, and masking may add some. PostgreSQL cannot index texts of any length. */
const LONGEST_SESSION = 500;

const ID3D: Expected = { isValid: isID3D, description: '200 and ten digits' };

const ID_SESSION: Expected = {
  isValid: (value) => typeof value === 'string' && value !== '' && value.length <= LONGEST_SESSION && isStorable(value),
  description: `a text of 1 to ${LONGEST_SESSION} characters without half of a surrogate pair`,
};

const CURRENCY: Expected = { isValid: (value) => typeof value === 'string' && /^\d{3}$/.test(value), description: 'three digits' };

// A browser would run a javascript: address. The account's own addresses are checked no further.
const ADDRESS: Expected = {
  isValid: (value) => typeof value === 'string' && /^(https?:\/\/.+)?$/is.test(value) && isStorable(value),
  description: 'an address that begins with http:// or https://, or empty',
};

const AUTHENTICATION: RecordShape = {
  required: {
    ID3D,
    account: ACCOUNT,
    IdSession: ID_SESSION,
    MONTANT: AMOUNT,
    DEVISE: CURRENCY,
    version: { isValid: (value) => value === 1 || value === 2, description: '1 or 2' },
    URLHttpDirect: ADDRESS,
    URLRetour: ADDRESS,
    startedAt: TIME,
    expiresAt: EXPIRY,
    outcome: oneOf(['', ...OUTCOMES]),
    endedAt: TIME,
    confirmed: oneOf(OUTCOMES),
    wrongCodes: integerUpTo(MAX_WRONG_CODES),
    order: oneOf(RESULT_ORDERS),
  },
  optional: ['card', 'faults', 'usedBy'],
};

const FAULTS: RecordShape = { required: {}, optional: ['server', 'browser'] };
const FAULT: RecordShape = { required: {}, optional: Object.keys(RESULT_FAULT) };
const USE: RecordShape = { required: { payment: NUMBER, at: TIME } };

/** A check that can be interrupted after each item. */
type Steps = Generator<void, void>;

function checkFaults(faults: unknown, path: Path): void {
  checkRecord(faults, FAULTS, path);
  for (const [name, fault] of Object.entries(faults as Readonly<Record<string, unknown>>)) {
    if (fault === undefined) continue;
    checkRecord(fault, FAULT, [...path, name]);
    for (const [part, value] of Object.entries(fault as object))
      check(RESULT_FAULT[part as keyof typeof RESULT_FAULT], value, [...path, name, part]);
  }
}

function checkTimes({ startedAt, expiresAt, outcome, endedAt }: Authentication, path: Path): void {
  if (expiresAt < startedAt) throw damagedSnapshot([...path, 'expiresAt'], `${expiresAt} is before startedAt, ${startedAt}`);
  if (outcome === '' && endedAt !== 0) throw damagedSnapshot([...path, 'endedAt'], 'must be 0: there is no outcome');
  if (outcome !== '' && endedAt === 0) throw damagedSnapshot([...path, 'endedAt'], `must not be 0: the outcome is ${outcome}`);
}

/** The authentications of a content that were checked. */
class AuthenticationCheck {
  readonly #last: string;
  #previous = '';
  /** By account and IdSession, masked: the ID3D. */
  readonly #sessions = new Map<string, string>();
  /** Where the payments that used an ID3D were named. */
  readonly #uses = new Map<string, Path>();
  readonly #ids = new Set<string>();

  /** @param sequence how many numbers the gateway has given */
  constructor(sequence: number) {
    this.#last = nthNumbers(sequence).NUMTRANS;
  }

  add(authentication: Authentication, path: Path): void {
    this.#addID3D(authentication.ID3D, [...path, 'ID3D']);
    this.#addSession(authentication, [...path, 'IdSession']);
    for (const [index, { payment }] of authentication.usedBy.entries()) this.#uses.set(payment, [...path, 'usedBy', index, 'payment']);
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

  #addID3D(id3d: string, path: Path): void {
    const number = numberInID3D(id3d);
    if (id3d <= this.#previous) throw damagedSnapshot(path, `${id3d} is not above the ID3D of the authentication before`);
    if (number < nthNumbers(1).NUMTRANS) throw damagedSnapshot(path, `${number} is below the first number of a gateway`);
    if (number > this.#last)
      throw damagedSnapshot(path, `${number} is above the last number that was given by content/sequence, ${this.#last}`);
    this.#previous = id3d;
    this.#ids.add(id3d);
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
 * @param checkCard checks the card of a record
 * @throws SnapshotError at the first fault
 */
export function* checkAuthentications(
  { authentications, payments, sequence }: Pick<StoreContent, 'authentications' | 'payments' | 'sequence'>,
  checkCard: (record: { readonly card?: unknown }, path: Path) => void,
): Steps {
  const all = new AuthenticationCheck(sequence);
  for (const [index, authentication] of authentications.entries()) {
    const path = ['content', 'authentications', index];
    checkRecord(authentication, AUTHENTICATION, path);
    checkCard(authentication, path);
    checkFaults(authentication.faults, [...path, 'faults']);
    checkArray(authentication.usedBy, [...path, 'usedBy']);
    for (const [position, use] of authentication.usedBy.entries()) checkRecord(use, USE, [...path, 'usedBy', position]);
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
