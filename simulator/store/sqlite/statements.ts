import { SUCCESS } from '../../../contracts/index.js';
import type { Fact } from '../../engine/fact.js';
import { type Lookup, type LookupResult, SAME_REFERENCE_LIMIT } from '../../engine/lookup.js';
import type { Payment } from '../../engine/payment.js';
import type { Subscriber } from '../../engine/subscriber.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import type { NewStoredEntry } from '../../journal/stored-entry.js';
import { find, type Reads } from '../find.js';
import { numbersOf } from '../numbers.js';
import { damagedRow } from '../row-checks.js';
import * as rows from '../rows.js';
import { journalConditions, paymentConditions } from '../search-conditions.js';
import type { PaymentFilter, SeenCard, StoreContent, UsedQuestion } from '../store.js';
import type { Database, Statement } from './open.js';

const TRANSACTION_COLUMNS = rows.TRANSACTION_COLUMNS.join(', ');
const SUBSCRIBER_COLUMNS =
  'account, REFABONNE, PORTEUR, card_mask, card_sha1, TYPECARTE, PAYS, DATEVAL, registered_at, forced_code, forced_type';
const JOURNAL_COLUMNS = rows.JOURNAL_COLUMNS.join(', ');

const parameters = (columns: string): string => columns.replace(/([\w-]+)/g, '@$1');

const marks = (columns: readonly string[]): string => columns.map(() => '?').join(', ');

const TRANSACTION_MARKS = marks(rows.TRANSACTION_COLUMNS);

// Put together once: these are asked for by every question.
const INSERT_FIRST = `INSERT INTO transactions (gateway, payment, position, ${TRANSACTION_COLUMNS}) VALUES (?, ?, 0, ${TRANSACTION_MARKS})`;
const INSERT_LATER = `INSERT INTO transactions (gateway, payment, position, ${TRANSACTION_COLUMNS})
  VALUES (?, ?, (SELECT coalesce(max(position) + 1, 0) FROM transactions WHERE gateway = ? AND payment = ?), ${TRANSACTION_MARKS})`;
const INSERT_ENTRY = `INSERT INTO journal (gateway, ${JOURNAL_COLUMNS}) VALUES (?, ${marks(rows.JOURNAL_COLUMNS)})`;
const SELECT_PAYMENT = `SELECT payment, ${TRANSACTION_COLUMNS} FROM transactions WHERE gateway = ? AND payment = ? ORDER BY position`;
// A LIMIT that is bound is planned anew each time it is asked.
const SELECT_SAME_REFERENCE = `SELECT payment FROM transactions WHERE gateway = ? AND account = ? AND REFERENCE = ? ORDER BY payment DESC LIMIT ${SAME_REFERENCE_LIMIT}`;
const SELECT_SUBSCRIBER = `SELECT ${SUBSCRIBER_COLUMNS} FROM subscribers WHERE gateway = ? AND account = ? AND REFABONNE = ?`;

const JOURNAL_CONDITIONS: Record<Exclude<keyof JournalFilter, 'limit' | 'words' | 'isRefused' | 'hasFindings'>, string> = {
  REFERENCE: 'REFERENCE = @REFERENCE',
  TYPE: 'TYPE = @TYPE',
  CODEREPONSE: 'CODEREPONSE = @CODEREPONSE',
  payment: 'payment = @payment',
  since: 'at >= @since',
  until: 'at < @until',
  before: 'seq < @before',
  after: 'seq > @after',
};

/** Tables that hold rows of a gateway. */
const TABLES = ['transactions', 'questions', 'subscribers', 'cards', 'journal'] as const;

/** The row of a gateway, read and written once for each group of work. */
export interface Counters {
  readonly id: number;
  sequence: number;
  entries: number;
  /** What its processes share. */
  shared: string | null;
  /** Whether what they share is another than in the file. */
  isSharedNew?: boolean;
  /** The next number, from the sequence on, that a payment has already; undefined: not looked for. */
  nextTaken?: number | undefined;
}

/** The SQL of the simulator: what is asked of a file, and nothing of when. */
export class Statements {
  readonly #database: Database;
  readonly #rows = new Map<string, Statement>();
  readonly #columns = new Map<string, Statement>();
  /** What questions of one group of work are answered from. */
  #reads: { readonly of: Counters; readonly reads: Reads } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  #sql(text: string): Statement {
    return this.#rows.get(text) ?? this.#keep(this.#rows, text, this.#database.prepare<unknown[]>(text));
  }

  /** A statement whose rows are their only column. */
  #column(text: string): Statement {
    return this.#columns.get(text) ?? this.#keep(this.#columns, text, this.#database.prepare<unknown[]>(text).pluck());
  }

  #keep(statements: Map<string, Statement>, text: string, statement: Statement): Statement {
    statements.set(text, statement);
    return statement;
  }

  /** The counters of a gateway; undefined: nothing was ever kept under this name. */
  counters(name: string): Counters | undefined {
    const row = this.#sql('SELECT id, sequence, entries, shared FROM gateways WHERE name = ?').get(name) as Counters | undefined;
    return row && rows.readGateway(row);
  }

  makeGateway(name: string): Counters {
    this.#sql('INSERT INTO gateways (name) VALUES (?)').run(name);
    return this.counters(name) as Counters;
  }

  saveCounters({ id, sequence, entries, shared, isSharedNew }: Counters): void {
    this.#sql('UPDATE gateways SET sequence = ?, entries = ? WHERE id = ?').run(sequence, entries, id);
    if (isSharedNew) this.#sql('UPDATE gateways SET shared = ? WHERE id = ?').run(shared, id);
  }

  names(): string[] {
    return this.#column('SELECT name FROM gateways ORDER BY id').all() as string[];
  }

  empty(id: number): void {
    for (const table of TABLES) this.#sql(`DELETE FROM ${table} WHERE gateway = ?`).run(id);
  }

  remove(id: number): void {
    this.empty(id);
    this.#sql('DELETE FROM gateways WHERE id = ?').run(id);
  }

  paymentById(gateway: number, payment: number): Payment | undefined {
    return rows.readPayment(this.#sql(SELECT_PAYMENT).all(gateway, payment) as rows.TransactionRow[]);
  }

  paymentWith(gateway: number, numtrans: string): Payment | undefined {
    if (!/^\d{10}$/.test(numtrans)) return undefined;
    const first = this.paymentById(gateway, Number(numtrans));
    if (first) return first;
    const sql = 'SELECT payment FROM transactions WHERE gateway = ? AND NUMTRANS = ? AND position > 0';
    const id = this.#column(sql).get(gateway, Number(numtrans)) as number | undefined;
    return id === undefined ? undefined : this.paymentById(gateway, id);
  }

  // A payment born elsewhere may hold the number that would come next.
  #nextNumbers(counters: Counters): LookupResult['next'] {
    for (;;) {
      const numbers = numbersOf(counters.sequence + 1);
      const number = Number(numbers.NUMTRANS);
      counters.nextTaken ??= this.#takenFrom(counters.id, number);
      if (number < counters.nextTaken) return numbers;
      counters.sequence++;
      counters.nextTaken = undefined;
    }
  }

  #takenFrom(gateway: number, number: number): number {
    const taken = this.#column('SELECT min(payment) FROM transactions WHERE gateway = ? AND payment >= ?').get(gateway, number);
    if (taken === null) return Number.POSITIVE_INFINITY;
    // What is no number is neither below the next one nor above it: counting on would not end.
    if (!Number.isSafeInteger(taken)) throw damagedRow('transactions', 'payment');
    return taken as number;
  }

  find(counters: Counters, lookup: Lookup): LookupResult {
    if (this.#reads?.of !== counters) this.#reads = { of: counters, reads: this.#readsOf(counters) };
    return find(this.#reads.reads, lookup);
  }

  #readsOf(counters: Counters): Reads {
    const { id } = counters;
    return {
      next: () => this.#nextNumbers(counters),
      questionTypes: (account, day, questionNumber) => this.#questionTypes(id, day, account, questionNumber),
      paymentWith: (numtrans) => this.paymentWith(id, numtrans),
      withReference: (account, reference) => this.#withReference(id, account, reference),
      existing: (account, reference, wanted) => this.#existing(id, account, reference, wanted),
      subscriber: (account, refabonne) => this.#subscriber(id, account, refabonne),
      cardSeen: (account, day, sha1) => this.#cardSeen(id, day, account, sha1),
    };
  }

  #existing(
    gateway: number,
    account: string,
    REFERENCE: string,
    wanted: { MONTANT: number; DEVISE: string; CODEREPONSE: string },
  ): Payment | undefined {
    const sql = `SELECT payment FROM transactions WHERE gateway = @gateway AND account = @account AND REFERENCE = @REFERENCE
      AND MONTANT = @MONTANT AND DEVISE = @DEVISE AND CODEREPONSE = @CODEREPONSE ORDER BY payment DESC LIMIT 1`;
    const id = this.#column(sql).get({ gateway, account, REFERENCE, ...wanted }) as number | undefined;
    return id === undefined ? undefined : this.paymentById(gateway, id);
  }

  #questionTypes(gateway: number, day: string, account: string, questionNumber: string): string[] {
    const sql = 'SELECT TYPE FROM questions WHERE gateway = ? AND day = ? AND account = ? AND NUMQUESTION = ?';
    return this.#column(sql).all(gateway, day, account, Number(questionNumber)) as string[];
  }

  #withReference(gateway: number, account: string, reference: string): Payment[] {
    const ids = this.#column(SELECT_SAME_REFERENCE).all(gateway, account, reference) as number[];
    return ids.flatMap((id) => this.paymentById(gateway, id) ?? []);
  }

  #subscriber(gateway: number, account: string, refabonne: string): Subscriber | undefined {
    const row = this.#sql(SELECT_SUBSCRIBER).get(gateway, account, refabonne) as rows.SubscriberRow | undefined;
    return row && rows.readSubscriber(row);
  }

  #cardSeen(gateway: number, day: string, account: string, sha1: string): boolean {
    const sql = 'SELECT 1 FROM cards WHERE gateway = ? AND day = ? AND account = ? AND card_sha1 = ?';
    return this.#sql(sql).get(gateway, day, account, sha1) !== undefined;
  }

  /** Writes a fact; a number that it uses up is counted. */
  write(counters: Counters, fact: Fact): void {
    const gateway = counters.id;
    switch (fact.fact) {
      case 'payment':
        this.#sql(INSERT_FIRST).run(gateway, Number(fact.payment.id), ...rows.firstValues(fact.payment));
        this.#count(counters, fact.payment.id);
        break;
      case 'transaction':
        this.#insertLater(gateway, Number(fact.payment), rows.transactionValues(fact.account, fact.transaction));
        this.#count(counters, fact.transaction.NUMTRANS);
        break;
      case 'number':
        this.#count(counters, fact.NUMTRANS);
        break;
      case 'question':
        this.#sql('INSERT OR IGNORE INTO questions (gateway, day, account, NUMQUESTION, TYPE) VALUES (?, ?, ?, ?, ?)').run(
          gateway,
          fact.day,
          fact.account,
          Number(fact.questionNumber),
          fact.TYPE,
        );
        break;
      case 'subscriber':
        this.#sql(
          `INSERT OR REPLACE INTO subscribers (gateway, ${SUBSCRIBER_COLUMNS}) VALUES (@gateway, ${parameters(SUBSCRIBER_COLUMNS)})`,
        ).run({ gateway, ...rows.subscriberRow(fact.subscriber) });
        break;
      case 'no-subscriber':
        this.#sql('DELETE FROM subscribers WHERE gateway = ? AND account = ? AND REFABONNE = ?').run(gateway, fact.account, fact.REFABONNE);
        break;
      case 'card':
        this.#sql('INSERT OR IGNORE INTO cards (gateway, day, account, card_sha1) VALUES (?, ?, ?, ?)').run(
          gateway,
          fact.day,
          fact.account,
          fact.sha1,
        );
        break;
    }
  }

  #count(counters: Counters, numtrans: string): void {
    if (numtrans === numbersOf(counters.sequence + 1).NUMTRANS) counters.sequence++;
    else counters.nextTaken = undefined;
  }

  #insertLater(gateway: number, payment: number, values: readonly unknown[]): void {
    this.#sql(INSERT_LATER).run(gateway, payment, gateway, payment, ...values);
  }

  log(gateway: number, seq: number, entry: NewStoredEntry): void {
    this.#sql(INSERT_ENTRY).run(gateway, ...rows.journalValues(seq, entry));
  }

  payments(gateway: number, { REFERENCE, account, before, words = [], among, limit }: PaymentFilter): Payment[] {
    const searched = paymentConditions(words);
    const conditions = [
      ...(REFERENCE === undefined ? [] : ['REFERENCE = @REFERENCE']),
      ...(account === undefined ? [] : ['account = @account']),
      ...searched.map(({ sql }) => sql),
    ];
    const from = `FROM transactions first WHERE gateway = @gateway AND position = 0${before === undefined ? '' : ' AND payment < @before'}`;
    const source = among === undefined ? from : `FROM (SELECT * ${from} ORDER BY payment DESC LIMIT @among) first WHERE true`;
    const sql = `SELECT payment ${source}${conditions.map((condition) => ` AND ${condition}`).join('')} ORDER BY payment DESC LIMIT @limit`;
    const ids = this.#column(sql).all(...searched.flatMap(({ values }) => values), {
      gateway,
      REFERENCE,
      account,
      before: Number(before ?? 0),
      among,
      limit,
    }) as number[];
    return ids.flatMap((id) => this.paymentById(gateway, id) ?? []);
  }

  subscribers(gateway: number): Subscriber[] {
    const sql = `SELECT ${SUBSCRIBER_COLUMNS} FROM subscribers WHERE gateway = ? ORDER BY registered_at, account, REFABONNE`;
    return (this.#sql(sql).all(gateway) as rows.SubscriberRow[]).map(rows.readSubscriber);
  }

  journal(gateway: number, { limit, words = [], isRefused, hasFindings, ...named }: JournalFilter): JournalEntry[] {
    const searched = journalConditions(words);
    const conditions = [
      'gateway = @gateway',
      ...Object.entries(JOURNAL_CONDITIONS).flatMap(([name, condition]) =>
        named[name as keyof typeof named] === undefined ? [] : [condition],
      ),
      ...(isRefused === undefined ? [] : [`CODEREPONSE ${isRefused ? '<>' : '='} @success`]),
      ...(hasFindings ? ["findings <> '[]'"] : []),
      ...searched.map(({ sql }) => sql),
    ];
    const sql = `SELECT ${JOURNAL_COLUMNS} FROM journal WHERE ${conditions.join(' AND ')} ORDER BY seq DESC LIMIT @limit`;
    const values = searched.flatMap((condition) => condition.values);
    return (this.#sql(sql).all(...values, { gateway, success: SUCCESS, limit, ...named }) as rows.JournalRow[]).map(rows.readEntry);
  }

  /** Everything a gateway holds. */
  dump({ id, sequence, shared }: Counters): StoreContent {
    const all = { limit: -1 };
    return {
      sequence,
      payments: this.payments(id, all).reverse(),
      subscribers: this.subscribers(id),
      questions: this.#sql('SELECT account, day, CAST(NUMQUESTION AS TEXT), TYPE FROM questions WHERE gateway = ?')
        .raw()
        .all(id) as unknown as UsedQuestion[],
      cards: this.#sql('SELECT account, day, card_sha1 FROM cards WHERE gateway = ?').raw().all(id) as unknown as SeenCard[],
      journal: this.journal(id, all).reverse(),
      shared: shared ?? undefined,
    };
  }
}
