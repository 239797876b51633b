import { expect } from 'vitest';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { amountOf, type HistoryStep, type Naming } from './payment-histories.js';
import { type ModelOrder, type ModelTransaction, PaymentModel } from './payment-model.js';

const TYPES = { authorize: '00001', pay: '00003', force: '00012', credit: '00004', refused: '00003' } as const;
const SUBSCRIBER_TYPES = { authorize: '00051', pay: '00053', force: '00061', credit: '00054', refused: '00053' } as const;
const LATER_TYPES = { capture: '00002', cancel: '00005', changeAmount: '00013', refund: '00014' } as const;
const UNKNOWN: Variables = { NUMTRANS: '0999999999', NUMAPPEL: '0999999999' };
/** The variable of an order that the issuer is to refuse. The simulator needs a rule that matches it. */
export const REFUSED: Variables = { ARCHIVAGE: 'refuse' };

/** Runs the simulator and the model through a history and compares them after every step. */
class PaymentRun {
  readonly model = new PaymentModel();
  readonly #bench: TestSimulator;
  readonly #tokens: string[] = [];
  #last: Variables | undefined;
  #questions = 1_000_000;
  /** The numbers of the transactions, by their index in the model. */
  readonly #numbers: Variables[] = [];

  constructor(bench: TestSimulator) {
    this.#bench = bench;
  }

  async run(step: HistoryStep): Promise<void> {
    switch (step.step) {
      case 'order':
        return this.#order(step.order);
      case 'follow':
        return this.#follow(step);
      case 'subscribe':
        return this.#subscribe(step.does, step.amount);
      case 'replay':
        return this.#replay();
      case 'foreign':
        return this.#askFromOtherAccount(step.kind, step.naming);
      case 'inquire':
        return this.#inquire(step.naming);
      case 'exists':
        return this.#exists(step.reference, step.amount);
      case 'wait':
        // On another day, the same question number is new.
        this.#last = undefined;
        this.#bench.simulator.clock.advance(`PT${step.minutes}M`);
        this.model.now += step.minutes;
        return this.checkAll();
      case 'remit':
        this.#last = undefined;
        this.#bench.simulator.clock.remit();
        this.model.now = this.model.nextNight();
        return this.checkAll();
    }
  }

  /** Checks every transaction with an inquiry, and its payment with the control API. */
  async checkAll(): Promise<void> {
    for (const index of this.#numbers.keys()) await this.#check(index);
  }

  async #order(order: ModelOrder): Promise<void> {
    const code = this.model.order(order);
    const onSubscriber = { REFABONNE: 'alice', PORTEUR: this.#tokens.at(-1) ?? 'AbCdEfGhIjK', DATEVAL: '0000' };
    const reply = await this.#ask({
      TYPE: (order.onSubscriber ? SUBSCRIBER_TYPES : TYPES)[order.kind],
      ...{ MONTANT: String(order.amount), DEVISE: '978', REFERENCE: order.reference, DIFFERE: String(order.differe) },
      ...(order.onSubscriber ? onSubscriber : CARD),
      ...(order.kind === 'refused' && REFUSED),
    });
    expect(reply.CODEREPONSE).toBe(code);
    await this.#checkNumbers(reply);
  }

  async #follow({ kind, naming, amount, differe, asSubscriber }: Extract<HistoryStep, { step: 'follow' }>): Promise<void> {
    const { named, numbers } = this.#name(naming);
    const isSubscribers = asSubscriber && (kind === 'capture' || kind === 'cancel');
    const minorUnits = amountOf(amount, kind, this.model, named);
    const code = this.model.follow(kind, named, minorUnits, differe, isSubscribers);
    const TYPE = isSubscribers ? { capture: '00052', cancel: '00055' }[kind] : LATER_TYPES[kind];
    const reply = await this.#ask({
      ...{ TYPE, MONTANT: String(minorUnits), DEVISE: '978', ...numbers },
      ...(differe !== undefined && { DIFFERE: String(differe) }),
      ...(isSubscribers && { REFABONNE: 'alice' }),
    });
    expect(reply.CODEREPONSE, `${kind} ${minorUnits}`).toBe(code);
    await this.#checkNumbers(reply);
    if (named) await this.#check(this.model.transactions.indexOf(named));
  }

  /** Sends a question with a new number. A replay repeats it. */
  async #ask(variables: Variables): Promise<Variables> {
    const question = { ...variables, NUMQUESTION: String(++this.#questions) };
    const reply = await this.#bench.ask(question);
    // Only a well-formed question uses its number. An amount of zero is malformed.
    this.#last = Number(variables.MONTANT) === 0 && variables.TYPE !== '00056' && variables.TYPE !== '00057' ? undefined : question;
    return reply;
  }

  async #replay(): Promise<void> {
    if (!this.#last) return;
    const used = this.#last;
    const reply = await this.#bench.ask(used);
    expect(reply).toMatchObject({ CODEREPONSE: '00039', NUMTRANS: '0000000000', NUMQUESTION: used.NUMQUESTION });
  }

  async #subscribe(does: 'register' | 'modify' | 'unsubscribe', amount: number): Promise<void> {
    const code = this.model.subscribe(does, amount);
    const TYPE = { register: '00056', modify: '00057', unsubscribe: '00058' }[does];
    const card = does === 'unsubscribe' ? {} : { ...CARD, MONTANT: String(amount), DEVISE: '978' };
    const reply = await this.#ask({ TYPE, REFABONNE: 'alice', ...card });
    expect(reply.CODEREPONSE, does).toBe(code);
    if (code === '00000' && does === 'register') {
      expect(this.#tokens).not.toContain(reply.PORTEUR);
      this.#tokens.push(reply.PORTEUR ?? '');
    }
    if (code === '00000' && does === 'modify') expect(reply.PORTEUR).toBe(this.#tokens.at(-1));
    await this.#checkNumbers(reply);
  }

  /** Another account sends the numbers of this one. It has no such transaction. */
  async #askFromOtherAccount(kind: 'capture' | 'cancel' | 'refund' | 'inquire', naming: Naming): Promise<void> {
    const { numbers } = this.#name(naming);
    const TYPE = kind === 'inquire' ? '00017' : LATER_TYPES[kind];
    const reply = await this.#bench.ask({ TYPE, RANG: '099', MONTANT: '1', DEVISE: '978', ...numbers });
    expect(reply).toMatchObject({ CODEREPONSE: kind === 'inquire' ? '00018' : '00015', NUMTRANS: '0000000000' });
  }

  async #inquire(naming: Naming): Promise<void> {
    const { named, numbers } = this.#name(naming);
    if (named) return this.#check(this.model.transactions.indexOf(named));
    expect((await this.#bench.ask({ TYPE: '00017', ...numbers })).CODEREPONSE).toBe('00018');
  }

  async #exists(reference: string, amount: number): Promise<void> {
    const reply = await this.#bench.ask({ TYPE: '00011', MONTANT: String(amount), DEVISE: '978', REFERENCE: reference });
    const existing = this.model.existing(reference, amount);
    if (existing) expect(reply).toMatchObject({ CODEREPONSE: '00000', ...this.#numbers[this.model.transactions.indexOf(existing)] });
    else expect(reply.CODEREPONSE).toBe(amount === 0 ? '00011' : '00018');
  }

  #name({ transaction, by }: Naming): { named: ModelTransaction | undefined; numbers: Variables } {
    const count = this.#numbers.length;
    const index = count - 1 - (transaction % count);
    const own = this.#numbers[index];
    if (own === undefined || by === 'unknown') return { named: undefined, numbers: UNKNOWN };
    if (by === 'own') return { named: this.model.transactions[index], numbers: own };
    const other = this.#numbers[(index + 1) % count];
    if (other === undefined || other === own) return { named: undefined, numbers: UNKNOWN };
    return { named: undefined, numbers: { ...own, NUMAPPEL: other.NUMAPPEL ?? '' } };
  }

  /** If the model has a new transaction, stores the numbers of the reply and checks the transaction. */
  async #checkNumbers(reply: Variables): Promise<void> {
    if (this.model.transactions.length === this.#numbers.length) return expect(reply.NUMTRANS).toBe('0000000000');
    expect(this.#numbers.map(({ NUMTRANS }) => NUMTRANS)).not.toContain(reply.NUMTRANS);
    this.#numbers.push(numbersOf(reply));
    await this.#check(this.#numbers.length - 1);
  }

  async #check(index: number): Promise<void> {
    const transaction = this.model.transactions[index] as ModelTransaction;
    const numbers = this.#numbers[index] as Variables;
    const reply = await this.#bench.ask({ TYPE: '00017', ...numbers });
    expectFields(reply, { CODEREPONSE: '00000', STATUS: this.model.status(transaction.payment), ...numbers });
    expectFields({ REMISE: 'REMISE' in reply }, { REMISE: this.model.hasRemise(transaction) });
    const { body } = await this.#bench.control('GET', `/payments/${numbers.NUMTRANS}`);
    const sums = this.model.sums(transaction.payment);
    expectFields(body, sums);
    expectFields({ isOrdered: sums.refunded <= sums.captured && sums.captured <= sums.authorized }, { isOrdered: true });
  }
}

// An assertion takes longer than the gateway, so it is made only if it fails.
function expectFields(seen: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>): void {
  for (const name in expected) if (seen[name] !== expected[name]) expect(seen).toMatchObject(expected);
}

/** Runs a history, preceded by the registration of the subscriber. Throws if the simulator and the model differ. */
export async function runHistory(bench: TestSimulator, steps: readonly HistoryStep[]): Promise<void> {
  const run = new PaymentRun(bench);
  await run.run({ step: 'subscribe', does: 'register', amount: 1000 });
  for (const step of steps) await run.run(step);
  await run.checkAll();
}
