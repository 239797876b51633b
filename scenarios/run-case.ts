import { operationOf } from '../contracts/index.js';
import type { Control } from './control.js';
import { StageError } from './control.js';
import { type Exchange, NoReplyError, sendQuestion, sendRaw } from './exchange.js';
import { checkFields, checkFindings, checkPayment, checkWire, type Failure } from './expectations.js';
import { InterpolationError, interpolateAll, type Names } from './interpolate.js';
import type { Expectation, RawStep, Scenario, SendStep, Step } from './scenario.js';
import type { Endpoint } from './target.js';
import { type Earlier, operationOfStep, USUAL_CARD, USUAL_CLOCK, usualVariables } from './usual-variables.js';

/** A step that was made, and what came of it. */
export interface StepRecord {
  readonly step: Step;
  /** The way to the step within the scenario. */
  readonly path: readonly (string | number)[];
  readonly exchange?: Exchange;
  readonly failures: readonly Failure[];
}

/** What a case came to: its steps up to the first that failed. */
export interface CaseRecord {
  readonly steps: readonly StepRecord[];
}

const newNumber = (): string => String(1 + ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 2_147_483_646));

const asRecord = (fields: ReadonlyMap<string, string>): Record<string, string> => Object.fromEntries(fields);

/** Runs one case: a scenario with one row of its examples, on a gateway of its own. */
class CaseRun {
  readonly #scenario: Scenario;
  readonly #endpoint: Endpoint;
  readonly #unique: { reference: string; subscriber: string };
  readonly #row: Readonly<Record<string, string>>;
  readonly #earlier = new Map<string, Earlier>();
  #now: () => Date = () => new Date();

  constructor(scenario: Scenario, row: Readonly<Record<string, string>>, endpoint: Endpoint, token: string) {
    this.#scenario = scenario;
    this.#row = row;
    this.#endpoint = endpoint;
    this.#unique = { reference: `SIM-${token}`, subscriber: `SUB-${token}` };
  }

  async run(): Promise<CaseRecord> {
    const steps: StepRecord[] = [];
    const staged = await this.#guard(['given'], { expect: {} }, () => this.#stage());
    if (staged.failures.length > 0) return { steps: [staged] };
    for (const [index, step] of this.#scenario.steps.entries()) {
      const record = await this.#guard(['steps', index], step, () => this.#make(step, ['steps', index]));
      steps.push(record);
      if (record.failures.length > 0) break;
    }
    return { steps };
  }

  // What goes wrong on the way is a failure of the step, told where it stands.
  async #guard(path: StepRecord['path'], step: Step, work: () => Promise<Pick<StepRecord, 'exchange' | 'failures'>>): Promise<StepRecord> {
    try {
      return { step, path, ...(await work()) };
    } catch (error) {
      const isKnown = error instanceof StageError || error instanceof NoReplyError || error instanceof InterpolationError;
      if (!isKnown) throw error;
      const expected = error instanceof NoReplyError ? 'a reply' : 'that it can be made';
      return { step, path, failures: [{ path, expected, received: error.message }] };
    }
  }

  #names(): Names {
    const { account } = this.#endpoint;
    const [year = '', month = '', day = ''] = this.#now().toLocaleDateString('en-CA', { timeZone: 'Europe/Paris' }).split('-');
    return {
      values: {
        reference: this.#unique.reference,
        subscriber: this.#unique.subscriber,
        site: account.site,
        rang: account.rang,
        rang3: account.rang.padStart(3, '0'),
        cle: account.cle ?? '',
        version: account.version,
        numquestion: newNumber(),
        dateq: `${day}${month}${year}`,
        card: USUAL_CARD.PORTEUR,
        expiry: USUAL_CARD.DATEVAL,
        cvv: USUAL_CARD.CVV,
        ...this.#row,
      },
      replies: Object.fromEntries(Array.from(this.#earlier, ([name, { reply }]) => [name, reply])),
    };
  }

  async #stage(): Promise<Pick<StepRecord, 'failures'>> {
    const { control, account } = this.#endpoint;
    if (control) {
      const { clock = USUAL_CLOCK, account: settings, rules = [], payments = [] } = interpolateAll(this.#scenario.given, this.#names());
      await control.call('PUT', '/clock', { now: clock, frozen: true });
      await this.#readClock(control);
      if (settings) await control.call('PUT', `/accounts/${account.site}/${account.rang}`, settings);
      for (const rule of rules) await control.call('POST', '/rules', rule);
      for (const payment of payments) await this.#import(control, payment);
    }
    return this.#register();
  }

  async #import(control: Control, { as, ...payment }: Readonly<Record<string, unknown>> & { readonly as?: string }): Promise<void> {
    const { site, rang } = this.#endpoint.account;
    const whole = { SITE: site, RANG: rang, REFERENCE: this.#unique.reference, ...payment };
    await control.call('POST', '/payments', whole);
    const fields = Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, String(value)]));
    if (as !== undefined) this.#earlier.set(as, { sent: fields, reply: fields });
  }

  async #register(): Promise<Pick<StepRecord, 'failures'>> {
    for (const { as, with: variables = {} } of this.#scenario.given.subscribers ?? []) {
      const step: SendStep = { send: 'subscribers.register', as, with: variables, expect: { reply: { CODEREPONSE: '00000' } } };
      const { failures } = await this.#send(step, ['given', 'subscribers']);
      if (failures.length > 0) return { failures };
    }
    return { failures: [] };
  }

  async #readClock(control: Control): Promise<void> {
    const now = await control.now();
    this.#now = () => now;
  }

  async #make(step: Step, path: StepRecord['path']): Promise<Pick<StepRecord, 'exchange' | 'failures'>> {
    if ('send' in step) return this.#send(step, path);
    if ('raw' in step) return this.#raw(step, path);
    if ('expect' in step) return { failures: await this.#check(step.expect, undefined, path) };
    const control = this.#control();
    if ('advance' in step) await control.call('POST', '/clock/advance', { by: interpolateAll(step.advance, this.#names()) });
    else await control.call('POST', '/clock/remit');
    await this.#readClock(control);
    return { failures: [] };
  }

  #control(): Control {
    if (!this.#endpoint.control) throw new StageError('This endpoint has no control API.');
    return this.#endpoint.control;
  }

  async #send(step: SendStep, path: StepRecord['path']): Promise<Pick<StepRecord, 'exchange' | 'failures'>> {
    const { send, written, without } = interpolateAll(
      { send: step.send, written: step.with ?? {}, without: step.without ?? [] },
      this.#names(),
    );
    const operation = operationOfStep({ send });
    const on = step.on === undefined ? undefined : this.#earlier.get(step.on);
    const usual = operation ? usualVariables(operation, on, this.#unique) : {};
    const left = Object.fromEntries(without.map((name) => [name, undefined]));
    const variables = { ...usual, ...written, ...left };
    // A TYPE is sent as the step writes it, padded or not.
    const TYPE = operationOf(send) ? send : (operation?.TYPE ?? send);
    const exchange = await sendQuestion(this.#endpoint, TYPE, variables, step.sign, this.#now);
    return this.#settle(step, exchange, path);
  }

  async #raw(step: RawStep, path: StepRecord['path']): Promise<Pick<StepRecord, 'exchange' | 'failures'>> {
    const { raw, message } = interpolateAll({ raw: step.raw, message: step.message }, this.#names());
    return this.#settle(step, await sendRaw(this.#endpoint, { ...step, raw, message }), path);
  }

  async #settle(
    step: SendStep | RawStep,
    exchange: Exchange,
    path: StepRecord['path'],
  ): Promise<Pick<StepRecord, 'exchange' | 'failures'>> {
    if (step.as !== undefined) this.#earlier.set(step.as, { sent: asRecord(exchange.sent), reply: asRecord(exchange.reply) });
    return { exchange, failures: step.expect ? await this.#check(step.expect, exchange, path) : [] };
  }

  async #check(written: Expectation, exchange: Exchange | undefined, path: StepRecord['path']): Promise<Failure[]> {
    const expected = interpolateAll(written, this.#names());
    const at = (...parts: string[]): StepRecord['path'] => [...path, 'expect', ...parts];
    const failures: Failure[] = [];
    if (expected.reply)
      failures.push(...checkFields(expected.reply, exchange?.reply ?? new Map(), exchange?.sent ?? new Map(), at('reply')));
    if (expected.wire && exchange) failures.push(...checkWire(expected.wire, exchange.wire, at('wire')));
    if (expected.payment) failures.push(...(await this.#checkPayment(expected.payment, at('payment'))));
    if (expected.findings) failures.push(...checkFindings(expected.findings, await this.#latestFindings(), at('findings')));
    return failures;
  }

  async #checkPayment(expected: NonNullable<Expectation['payment']>, path: StepRecord['path']): Promise<Failure[]> {
    const numtrans = this.#earlier.get(expected.of)?.reply.NUMTRANS ?? '';
    const payment = await this.#control().call('GET', `/payments/${numtrans || '0'}`);
    return checkPayment(expected, payment as Record<string, unknown>, path);
  }

  async #latestFindings(): Promise<string[]> {
    const { entries } = (await this.#control().call('GET', '/journal?limit=1')) as { entries: { findings: { rule: string }[] }[] };
    return entries[0]?.findings.map(({ rule }) => rule) ?? [];
  }
}

/**
 * Runs a scenario with one row of its examples.
 *
 * @param token makes references and subscribers the case's own
 */
export function runCase(scenario: Scenario, row: Readonly<Record<string, string>>, endpoint: Endpoint, token: string): Promise<CaseRecord> {
  return new CaseRun(scenario, row, endpoint, token).run();
}
