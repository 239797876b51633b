import { FINDING_RULES, SEVERITIES } from '../engine/finding.js';
import type { Payment, Transaction } from '../engine/payment.js';
import { nthNumbers } from '../store/find.js';
import {
  ACCOUNT,
  AMOUNT,
  CODE,
  DAY,
  EXPIRY,
  type Expected,
  integerUpTo,
  NUMBER,
  oneOf,
  type Path,
  QUESTION_NUMBER,
  SHA1,
  STORED_CARD,
  TEXT,
  TIME,
  TYPE,
} from '../store/shape.js';
import { CONTENT_LISTS, type StoreContent } from '../store/store.js';
import { checkAuthentications } from './check-authentications.js';
import { checkChain } from './check-chain.js';
import { checkCheckouts } from './check-checkouts.js';
import { check, checkArray, checkRecord, checkTuple, type RecordShape } from './record-check.js';
import { damagedSnapshot } from './snapshot-error.js';

/** How many transaction numbers and journal entries a snapshot may have used: enough are left for any run after it. */
const LAST_SEQUENCE = 9_000_000_000;
const LAST_SEQ = 9_000_000_000_000_000;

const TRANSACTION: RecordShape = {
  required: {
    NUMTRANS: NUMBER,
    NUMAPPEL: NUMBER,
    TYPE,
    kind: TEXT,
    MONTANT: AMOUNT,
    DEVISE: TEXT,
    at: TIME,
    AUTORISATION: TEXT,
    NUMQUESTION: TEXT,
    RANG: TEXT,
    DIFFERE: integerUpTo(999),
    CODEREPONSE: CODE,
  },
};

const PAYMENT: RecordShape = {
  required: { id: NUMBER, account: ACCOUNT, REFERENCE: TEXT, REFABONNE: TEXT, origin: oneOf(['direct', 'system']), expiresAt: EXPIRY },
  optional: ['card', 'ID3D', 'forced', 'transactions'],
};

const SUBSCRIBER: RecordShape = {
  required: { account: ACCOUNT, REFABONNE: TEXT, PORTEUR: TEXT, DATEVAL: TEXT, registeredAt: TIME },
  optional: ['card', 'forced'],
};

const QUESTION_TUPLE = [ACCOUNT, DAY, QUESTION_NUMBER, TYPE];
const CARD_TUPLE = [ACCOUNT, DAY, SHA1];
const TOKEN_TUPLE = [ACCOUNT, SHA1, TEXT];

const ENTRY: RecordShape = {
  required: {
    seq: integerUpTo(LAST_SEQ),
    at: TIME,
    account: TEXT,
    TYPE: TEXT,
    operation: TEXT,
    REFERENCE: TEXT,
    CODEREPONSE: TEXT,
    payment: TEXT,
    origin: oneOf(['', 'direct', 'system']),
  },
  optional: ['request', 'reply', 'findings'],
};

const FINDING: RecordShape = {
  required: { rule: oneOf(Object.keys(FINDING_RULES)), severity: oneOf(SEVERITIES), message: TEXT, remedy: TEXT },
};

/** @throws SnapshotError when a card or the code that it requests is not as the gateway stores them */
function checkCard({ card, forced }: { readonly card?: unknown; readonly forced?: unknown }, path: Path): void {
  check(STORED_CARD, card, [...path, 'card']);
  if (forced === undefined) return;
  const hasType = (forced as { TYPE?: unknown } | null)?.TYPE !== undefined;
  checkRecord(forced, { required: hasType ? { code: CODE, TYPE } : { code: CODE } }, [...path, 'forced']);
}

/** Checks that the numbers of payments are in order, and that no two payments have the same. */
class NumberCheck {
  readonly #last: Pick<Transaction, 'NUMTRANS' | 'NUMAPPEL'>;
  /** The payment of each number. */
  readonly #numtrans = new Map<string, string>();
  readonly #numappel = new Map<string, string>();
  #previousId = '';

  /** @param sequence how many numbers the gateway has given */
  constructor(sequence: number) {
    this.#last = nthNumbers(sequence);
  }

  addPayment({ id, origin, transactions }: Payment, path: Path): void {
    if (id <= this.#previousId) throw damagedSnapshot([...path, 'id'], `${id} is not above the id of the payment before`);
    this.#previousId = id;
    const [first] = transactions;
    const at = [...path, 'transactions'];
    if (first.NUMTRANS !== id) throw damagedSnapshot([...at, 0, 'NUMTRANS'], `must be the id of the payment, ${id}`);
    for (const [index, transaction] of transactions.entries()) {
      for (const name of ['NUMTRANS', 'NUMAPPEL'] as const) {
        // The numbers of an imported payment are those of another gateway.
        const isGiven = origin === 'direct' || transaction[name] !== first[name];
        this.#addNumber(name, transaction[name], id, isGiven, [...at, index, name]);
      }
    }
  }

  #addNumber(name: 'NUMTRANS' | 'NUMAPPEL', number: string, id: string, isGiven: boolean, path: Path): void {
    if (isGiven && number > this.#last[name])
      throw damagedSnapshot(path, `${number} is above the last number that was given by content/sequence, ${this.#last[name]}`);
    // Earlier versions imported payments with a NUMAPPEL that was in use.
    if (!isGiven && name === 'NUMAPPEL') return;
    const owners = name === 'NUMTRANS' ? this.#numtrans : this.#numappel;
    const owner = owners.get(number);
    if (owner !== undefined && owner !== id) throw damagedSnapshot(path, `${number} is a number of the payment ${owner} too`);
    owners.set(number, id);
  }
}

/** A check that can be interrupted after each item. */
type Steps = Generator<void, void>;

function* checkPayments(payments: readonly unknown[], sequence: number): Steps {
  const numbers = new NumberCheck(sequence);
  for (const [index, value] of payments.entries()) {
    const path = ['content', 'payments', index];
    checkRecord(value, PAYMENT, path);
    const payment = value as Payment;
    checkCard(payment, path);
    checkArray(payment.transactions, [...path, 'transactions']);
    if (payment.transactions.length === 0) throw damagedSnapshot([...path, 'transactions'], 'is empty');
    for (const [position, transaction] of payment.transactions.entries())
      checkRecord(transaction, TRANSACTION, [...path, 'transactions', position]);
    checkChain(payment, [...path, 'transactions']);
    numbers.addPayment(payment, path);
    yield;
  }
}

/** @throws SnapshotError when two items have the same key */
function* checkUnique<Item>(items: readonly Item[], keyOf: (item: Item) => string, path: Path): Steps {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (seen.has(keyOf(item))) throw damagedSnapshot([...path, index], 'is there twice');
    seen.add(keyOf(item));
    yield;
  }
}

function* checkSubscribers(subscribers: StoreContent['subscribers']): Steps {
  const path = ['content', 'subscribers'];
  for (const [index, subscriber] of subscribers.entries()) {
    checkRecord(subscriber, SUBSCRIBER, [...path, index]);
    checkCard(subscriber, [...path, index]);
    yield;
  }
  yield* checkUnique(subscribers, ({ account, REFABONNE }) => `${account}\n${REFABONNE}`, path);
}

function* checkTuples(name: 'questions' | 'cards' | 'tokens', tuples: readonly unknown[], shape: readonly Expected[]): Steps {
  for (const [index, tuple] of tuples.entries()) {
    checkTuple(tuple, shape, ['content', name, index]);
    yield;
  }
}

function checkEntry(value: unknown, path: Path): void {
  checkRecord(value, ENTRY, path);
  const { request, reply, findings } = value as { readonly request: unknown; readonly reply: unknown; readonly findings: unknown };
  checkArray(request, [...path, 'request']);
  for (const [index, pair] of request.entries()) checkTuple(pair, [TEXT, TEXT], [...path, 'request', index]);
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) throw damagedSnapshot([...path, 'reply'], 'must be an object');
  for (const [name, text] of Object.entries(reply)) check(TEXT, text, [...path, 'reply', name]);
  checkArray(findings, [...path, 'findings']);
  for (const [index, finding] of findings.entries()) checkRecord(finding, FINDING, [...path, 'findings', index]);
}

function* checkJournal(journal: StoreContent['journal']): Steps {
  let previous: number | undefined;
  for (const [index, entry] of journal.entries()) {
    const path = ['content', 'journal', index];
    checkEntry(entry, path);
    const isNext = previous === undefined ? entry.seq > 0 : entry.seq === previous + 1;
    if (!isNext) throw damagedSnapshot([...path, 'seq'], `${entry.seq} does not follow ${previous ?? 'the start of the journal, 1'}`);
    previous = entry.seq;
    yield;
  }
}

/**
 * Checks that something is the content of a gateway's store, as the store itself could have written it: types and ranges of all values,
 * sums, order and uniqueness. Yields after each item. Returns the content.
 *
 * @throws SnapshotError at the first fault
 */
export function* checkContent(content: unknown): Generator<void, StoreContent> {
  checkRecord(content, { required: { sequence: integerUpTo(LAST_SEQUENCE) }, optional: CONTENT_LISTS }, ['content']);
  const { sequence, ...lists } = content as StoreContent;
  for (const name of CONTENT_LISTS) checkArray(lists[name], ['content', name]);
  yield* checkPayments(lists.payments, sequence);
  yield* checkSubscribers(lists.subscribers);
  yield* checkTuples('questions', lists.questions, QUESTION_TUPLE);
  yield* checkTuples('cards', lists.cards, CARD_TUPLE);
  yield* checkTuples('tokens', lists.tokens, TOKEN_TUPLE);
  yield* checkUnique(lists.tokens, ([account, sha1]) => `${account}\n${sha1}`, ['content', 'tokens']);
  yield* checkAuthentications(content as StoreContent);
  yield* checkCheckouts(content as StoreContent);
  yield* checkJournal(lists.journal);
  return content as StoreContent;
}
