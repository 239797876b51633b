import { tenDigits } from '../../contracts/index.js';
import type { Call, ClientContext } from '../client-context.js';
import { AbortedError } from '../errors/aborted-error.js';
import { type Sent, TransportError } from '../errors/transport-error.js';
import { approved, type Outcome, outcomeOf, type UnknownReason, unknown } from '../outcome.js';
import { put, type Read } from '../send-once.js';
import { wait } from '../wait.js';
import { type InquiryPlan, judge, look, needsLookBefore, type Observation, type Verdict } from './inquiry.js';
import type { Pending } from './pending-questions.js';

const DOUBTS: Record<Exclude<Verdict['found'], 'done'>, UnknownReason> = {
  'not-found': 'not-found',
  unclear: 'unclear',
  failed: 'no-answer',
};

/** Follows one call of an operation that leaves a trail. */
export class Pursuit {
  readonly #context: ClientContext;
  readonly #call: Call;
  readonly #trail: InquiryPlan;
  /** What the call is about: the order, or the payment that it names. */
  readonly #key: string;

  constructor(context: ClientContext, call: Call, trail: InquiryPlan) {
    this.#context = context;
    this.#call = call;
    this.#trail = trail;
    const { MONTANT, DEVISE, REFERENCE, REFABONNE, NUMTRANS = '' } = call.variables;
    const { TYPE } = call.operation;
    this.#key = JSON.stringify(trail.by === 'number' ? [tenDigits(NUMTRANS)] : [TYPE, MONTANT, DEVISE, REFERENCE, REFABONNE]);
  }

  /** Carries the call out, once those about the same order or payment have ended; together with the same call where there is one. */
  run(): Promise<Outcome> {
    const { settings, turns } = this.#context;
    const { operation, variables, limits } = this.#call;
    const { signal } = limits;
    const sent: Sent = { operation: operation.name, url: settings.hosts[0], numquestion: '' };
    return turns.take(
      {
        key: this.#key,
        // Two refunds of one amount are two refunds; two payments of one order by one card are a double click.
        payer: this.#trail.by === 'number' ? undefined : JSON.stringify([variables.PORTEUR, variables.NUMTRANS]),
        signal,
        aborted: (isSameCall) => new AbortedError(sent, isSameCall, signal?.reason),
      },
      () => this.#follow(),
    );
  }

  async #follow(): Promise<Outcome> {
    const earlier = this.#earlier();
    const outcome = await (earlier ? this.#resume(earlier) : this.#begin());
    if (outcome.kind === 'approved') {
      this.#context.pending.delete(this.#key);
      this.#context.reported.add(outcome.transaction.numtrans);
    }
    return outcome;
  }

  #earlier(): Pending | undefined {
    const remembered = this.#context.pending.get(this.#key);
    if (remembered || !this.#call.retry) return remembered;
    // Nobody knows what was there before the first attempt; where references are used again, that leaves a doubt.
    return { before: this.#context.settings.precheck ? { kind: 'failed' } : undefined };
  }

  async #begin(): Promise<Outcome> {
    const { precheck = needsLookBefore(this.#trail, this.#call.variables.REFABONNE) } = this.#context.settings;
    return this.#send(precheck ? await this.#aborting(false, () => this.#look()) : undefined);
  }

  async #resume({ before }: Pending): Promise<Outcome> {
    this.#remember(before);
    const { askAfter } = this.#context.settings;
    const verdict = await this.#ask(before, askAfter.length === 0 ? [0] : askAfter);
    return verdict?.found === 'not-found' ? this.#send({ kind: 'not-found' }) : this.#conclude(verdict);
  }

  async #send(before: Observation | undefined): Promise<Outcome> {
    let read: Read<Exclude<Outcome, { kind: 'unknown' }>>;
    try {
      read = await put(this.#context, this.#call, (reply) => outcomeOf(reply, this.#call.operation));
    } catch (error) {
      if (error instanceof TransportError && error.mayHaveBeenProcessed) this.#remember(before);
      throw error;
    }
    if ('outcome' in read) {
      if (read.outcome.kind === 'unavailable' && read.outcome.mayHaveBeenProcessed) this.#remember(before);
      return read.outcome;
    }
    this.#remember(before);
    return this.#conclude(await this.#ask(before, this.#context.settings.askAfter, read.lost), read.lost);
  }

  #conclude(verdict: Verdict | undefined, error?: TransportError): Outcome {
    if (!verdict) return unknown('not-asked', error);
    if (verdict.found !== 'done') return unknown(DOUBTS[verdict.found], error);
    return approved(verdict.transaction.reply, verdict.transaction.transaction, true);
  }

  /** Asks after each delay what became of the question, until it is found. */
  async #ask(before: Observation | undefined, delays: readonly number[], error?: TransportError): Promise<Verdict | undefined> {
    const { settings, reported } = this.#context;
    const { operation, variables, limits } = this.#call;
    const isReported = reported.has.bind(reported);
    const lost = { trail: this.#trail, subscriber: variables.REFABONNE, before, isReported };
    let verdict: Verdict | undefined;
    for (const delay of delays) {
      await wait(delay, limits.signal);
      // Aborted while it asks, it is still the lost question that may have been processed.
      verdict = judge(lost, await this.#aborting(true, () => this.#look(), error));
      settings.log({ event: 'reconcile', operation: operation.name, found: verdict.found });
      if (verdict.found === 'done') break;
    }
    return verdict;
  }

  #look(): Promise<Observation> {
    return look(this.#context.settings, this.#trail, this.#call.variables, this.#call.limits);
  }

  /** Does the work; where it is aborted, says whether the call's own question may have been processed, not the inquiry. */
  async #aborting<Result>(mayHaveBeenProcessed: boolean, work: () => Promise<Result>, question?: Sent): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error;
      const { url, numquestion, cause } = error;
      throw new AbortedError(question ?? { operation: this.#call.operation.name, url, numquestion }, mayHaveBeenProcessed, cause);
    }
  }

  #remember(before: Observation | undefined): void {
    if (this.#trail.by === 'reference') this.#context.pending.add(this.#key, { before });
  }
}
