import { expect } from 'vitest';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { amountOf, type HistoryStep, type Naming } from './payment-histories.js';
import { type ModelCard, type ModelOrder, type ModelTransaction, PaymentModel } from './payment-model.js';

const TYPES = { authorize: '00001', pay: '00003', force: '00012', credit: '00004', refused: '00003' } as const;
const SUBSCRIBER_TYPES = { authorize: '00051', pay: '00053', force: '00061', credit: '00054', refused: '00053' } as const;
const LATER_TYPES = { capture: '00002', cancel: '00005', changeAmount: '00013', refund: '00014' } as const;
const NO_NUMBERS: Variables = { NUMTRANS: '0000000000', NUMAPPEL: '0000000000' };
const UNKNOWN: Variables = { NUMTRANS: '0999999999', NUMAPPEL: '0999999999' };
const CARDS: Readonly<Record<ModelCard, Variables>> = { published: CARD, other: { ...CARD, PORTEUR: '5555555555554444' } };
const PORTEUR_LENGTH = 19;
const NUMBER_NAMES = ['NUMTRANS', 'NUMAPPEL'] as const;
/** The variable of an order that the issuer is to refuse. The simulator needs a rule that matches it. */
export const REFUSED: Variables = { ARCHIVAGE: 'refuse' };

/** Runs the simulator and the model through a history and compares them after every step. */
class PaymentRun {
  readonly model = new PaymentModel();
  readonly #bench: TestSimulator;
  /** The tokens by card. That of the published card is known. */
  readonly #tokens = new Map<ModelCard, string>([['published', 'SLDLrcsLMPC']]);
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
        return this.#subscribe(step.does, step.amount, step.card);
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
    const onSubscriber = { REFABONNE: 'alice', PORTEUR: this.#porteurOf(order), DATEVAL: '0000' };
    const reply = await this.#ask({
      TYPE: (order.onSubscriber ? SUBSCRIBER_TYPES : TYPES)[order.kind],
      ...{ MONTANT: String(order.amount), DEVISE: '978', REFERENCE: order.reference, DIFFERE: String(order.differe) },
      ...(order.onSubscriber ? onSubscriber : CARD),
      ...(order.kind === 'refused' && REFUSED),
    });
    expect(reply.CODEREPONSE, `${order.kind} with ${order.porteur}`).toBe(code);
    const { REFABONNE, PORTEUR } = order.onSubscriber ? onSubscriber : { REFABONNE: '', PORTEUR: '' };
    expectFields(reply, { REFABONNE, PORTEUR });
    await this.#checkNumbers(reply);
  }

  #porteurOf({ porteur }: ModelOrder): string {
    const card = this.model.card ?? 'published';
    const token = this.#tokens.get(card) ?? '';
    if (porteur === 'token') return token;
    if (porteur === 'padded token') return token.padEnd(PORTEUR_LENGTH);
    if (porteur === 'card number') return CARDS[card].PORTEUR ?? '';
    return this.#tokens.get(card === 'other' ? 'published' : 'other') ?? 'AbCdEfGhIjK';
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
    expectFields(reply, { REFABONNE: isSubscribers ? 'alice' : '', PORTEUR: '' });
    await this.#checkNumbers(reply);
    if (named) await this.#check(this.model.transactions.indexOf(named));
  }

  /** Sends a question with a new number. A replay repeats it. */
  async #ask(variables: Variables): Promise<Variables> {
    const question = { ...variables, NUMQUESTION: String(++this.#questions) };
    const reply = await this.#bench.ask(question);
    if (reply.CODEREPONSE !== '00000') expectFields(reply, { AUTORISATION: '' });
    // Only a well-formed question uses its number. An amount of zero is malformed.
    this.#last = Number(variables.MONTANT) === 0 && variables.TYPE !== '00056' && variables.TYPE !== '00057' ? undefined : question;
    return reply;
  }

  async #replay(): Promise<void> {
    if (!this.#last) return;
    const used = this.#last;
    const reply = await this.#bench.ask(used);
    expect(reply).toMatchObject({ CODEREPONSE: '00005', NUMTRANS: '0000000000', NUMQUESTION: used.NUMQUESTION });
  }

  async #subscribe(does: 'register' | 'modify' | 'unsubscribe', amount: number, card: ModelCard): Promise<void> {
    const code = this.model.subscribe(does, amount, card);
    const TYPE = { register: '00056', modify: '00057', unsubscribe: '00058' }[does];
    const sent: Variables = does === 'unsubscribe' ? {} : { ...CARDS[card], MONTANT: String(amount), DEVISE: '978' };
    const reply = await this.#ask({ TYPE, REFABONNE: 'alice', ...sent });
    expect(reply.CODEREPONSE, does).toBe(code);
    const isSaved = code === '00000' && does !== 'unsubscribe';
    if (isSaved && !this.#tokens.has(card)) this.#tokens.set(card, this.#newToken(reply));
    const PORTEUR = isSaved ? this.#tokens.get(card) : (sent.PORTEUR ?? '');
    expectFields(reply, { REFABONNE: 'alice', PORTEUR });
    await this.#checkNumbers(reply);
  }

  #newToken({ PORTEUR = '' }: Variables): string {
    expect(PORTEUR).toMatch(/^[A-Za-z]{11}$/);
    expect([...this.#tokens.values()]).not.toContain(PORTEUR);
    return PORTEUR;
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
    if (named) return this.#check(this.model.transactions.indexOf(named), numbers);
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
    const mixed = { ...own, NUMAPPEL: other.NUMAPPEL ?? '' };
    const { transactions } = this.model;
    const isOfSamePayment = transactions[index]?.payment === transactions[(index + 1) % count]?.payment;
    return { named: isOfSamePayment ? transactions[index] : undefined, numbers: mixed };
  }

  /** If the model has a new transaction, stores the numbers of the reply and checks them and the transaction. */
  async #checkNumbers(reply: Variables): Promise<void> {
    const transaction = this.model.transactions[this.#numbers.length];
    if (!transaction) return expectFields(reply, NO_NUMBERS);
    const first = this.#numbers[this.model.transactions.indexOf(transaction.payment.transactions[0] as ModelTransaction)];
    for (const name of NUMBER_NAMES) {
      if (this.model.isKept(transaction, name)) expect(reply[name], `${name} of ${transaction.kind}`).toBe(first?.[name]);
      else expect(this.#numbers.map((numbers) => numbers[name])).not.toContain(reply[name]);
    }
    this.#numbers.push(numbersOf(reply));
    await this.#check(this.#numbers.length - 1);
  }

  /** Checks a transaction with an inquiry by these numbers, and its payment with the control API. Default of `asked`: its own numbers. */
  async #check(index: number, asked?: Variables): Promise<void> {
    const transaction = this.model.transactions[index] as ModelTransaction;
    const numbers = this.#numbers[index] as Variables;
    const reply = await this.#bench.ask({ TYPE: '00017', ...(asked ?? numbers) });
    expectFields(reply, { CODEREPONSE: '00000', STATUS: this.model.status(transaction), ...numbers, REFABONNE: '', PORTEUR: '' });
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
  await run.run({ step: 'subscribe', does: 'register', amount: 1000, card: 'published' });
  for (const step of steps) await run.run(step);
  await run.checkAll();
}
