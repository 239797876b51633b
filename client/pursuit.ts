import { tenDigits } from '../contracts/index.js';
import { AbortedError } from './errors/aborted-error.js';
import { type Sent, TransportError } from './errors/transport-error.js';
import { approved, type Doubt, type Outcome, outcomeOf, unknown } from './outcome.js';
import type { Pending } from './pending.js';
import { put, type Read } from './put.js';
import { judge, look, needsLookBefore, type Sighting, type Trail, type Verdict } from './reconcile.js';
import { wait } from './wait.js';
import type { Call, Workshop } from './workshop.js';

const DOUBTS: Record<Exclude<Verdict['found'], 'done'>, Doubt> = { 'not-found': 'not-found', unclear: 'unclear', failed: 'no-answer' };

/** Follows one call of an operation that leaves a trail. */
export class Pursuit {
  readonly #workshop: Workshop;
  readonly #call: Call;
  readonly #trail: Trail;
  /** What the call is about: the order, or the payment that it names. */
  readonly #key: string;

  constructor(workshop: Workshop, call: Call, trail: Trail) {
    this.#workshop = workshop;
    this.#call = call;
    this.#trail = trail;
    const { MONTANT, DEVISE, REFERENCE, REFABONNE, NUMTRANS = '' } = call.variables;
    const { TYPE } = call.operation;
    this.#key = JSON.stringify(trail.by === 'number' ? [tenDigits(NUMTRANS)] : [TYPE, MONTANT, DEVISE, REFERENCE, REFABONNE]);
  }

  /** Carries the call out, once those about the same order or payment have ended; together with the same call where there is one. */
  run(): Promise<Outcome> {
    const { settings, turns } = this.#workshop;
    const { operation, variables, patience } = this.#call;
    const { signal } = patience;
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
      this.#workshop.pending.delete(this.#key);
      this.#workshop.reported.add(outcome.transaction.numtrans);
    }
    return outcome;
  }

  #earlier(): Pending | undefined {
    const remembered = this.#workshop.pending.get(this.#key);
    if (remembered || !this.#call.retry) return remembered;
    // Nobody knows what was there before the first attempt; where references are used again, that leaves a doubt.
    return { before: this.#workshop.settings.precheck ? { kind: 'failed' } : undefined };
  }

  async #begin(): Promise<Outcome> {
    const { precheck = needsLookBefore(this.#trail, this.#call.variables.REFABONNE) } = this.#workshop.settings;
    return this.#send(precheck ? await this.#aborting(false, () => this.#look()) : undefined);
  }

  async #resume({ before }: Pending): Promise<Outcome> {
    this.#remember(before);
    const { askAfter } = this.#workshop.settings;
    const verdict = await this.#ask(before, askAfter.length === 0 ? [0] : askAfter);
    return verdict?.found === 'not-found' ? this.#send({ kind: 'not-found' }) : this.#conclude(verdict);
  }

  async #send(before: Sighting | undefined): Promise<Outcome> {
    let read: Read<Exclude<Outcome, { kind: 'unknown' }>>;
    try {
      read = await put(this.#workshop, this.#call, (reply) => outcomeOf(reply, this.#call.operation));
    } catch (error) {
      if (error instanceof TransportError && error.mayHaveBeenProcessed) this.#remember(before);
      throw error;
    }
    if ('outcome' in read) {
      if (read.outcome.kind === 'unavailable' && read.outcome.mayHaveBeenProcessed) this.#remember(before);
      return read.outcome;
    }
    this.#remember(before);
    return this.#conclude(await this.#ask(before, this.#workshop.settings.askAfter, read.lost), read.lost);
  }

  #conclude(verdict: Verdict | undefined, error?: TransportError): Outcome {
    if (!verdict) return unknown('not-asked', error);
    if (verdict.found !== 'done') return unknown(DOUBTS[verdict.found], error);
    return approved(verdict.transaction.reply, verdict.transaction.transaction, true);
  }

  /** Asks after each delay what became of the question, until it is found. */
  async #ask(before: Sighting | undefined, delays: readonly number[], error?: TransportError): Promise<Verdict | undefined> {
    const { settings, reported } = this.#workshop;
    const { operation, variables, patience } = this.#call;
    const isReported = reported.has.bind(reported);
    const lost = { trail: this.#trail, subscriber: variables.REFABONNE, before, isReported };
    let verdict: Verdict | undefined;
    for (const delay of delays) {
      await wait(delay, patience.signal);
      // Aborted while it asks, it is still the lost question that may have been processed.
      verdict = judge(lost, await this.#aborting(true, () => this.#look(), error));
      settings.log({ event: 'reconcile', operation: operation.name, found: verdict.found });
      if (verdict.found === 'done') break;
    }
    return verdict;
  }

  #look(): Promise<Sighting> {
    return look(this.#workshop.settings, this.#trail, this.#call.variables, this.#call.patience);
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

  #remember(before: Sighting | undefined): void {
    if (this.#trail.by === 'reference') this.#workshop.pending.add(this.#key, { before });
  }
}
