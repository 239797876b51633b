import type { Operation } from '../contracts/index.js';
import type { Query } from './ask.js';
import { AbortedError } from './errors/aborted-error.js';
import { BrokenReplyError } from './errors/broken-reply-error.js';
import { EchoMismatchError } from './errors/echo-mismatch-error.js';
import { TransportError } from './errors/transport-error.js';
import { askWithFailover } from './failover.js';
import { approved, type Doubt, type InquiryOutcome, inquiryOutcomeOf, type Outcome, outcomeOf, unknown } from './outcome.js';
import type { Pending, PendingQuestions } from './pending.js';
import { judge, look, type Sighting, type Trail, trailOf, type Verdict } from './reconcile.js';
import type { Reply } from './reply.js';
import type { Settings } from './settings.js';
import type { Patience } from './transport.js';
import { wait } from './wait.js';
import type { WireVariables } from './wire-variables.js';

/** What a client works with. */
export interface Workshop {
  readonly settings: Settings;
  readonly pending: PendingQuestions;
}

/** One call of a method. */
export interface Call {
  readonly operation: Operation;
  readonly variables: WireVariables;
  readonly patience: Patience;
  /** The caller says that it was sent before. */
  readonly retry: boolean;
}

const queryOf = ({ operation, variables }: Call): Query => ({ operation: operation.name, TYPE: operation.TYPE, variables });

const isLost = (error: unknown): error is TransportError =>
  error instanceof TransportError &&
  error.mayHaveBeenProcessed &&
  !(error instanceof EchoMismatchError) &&
  !(error instanceof AbortedError);

// Echo and code are right, but a success that names no transaction cannot be followed up: it counts as lost.
function noNumbers({ operation }: Call, reply: Reply): TransportError {
  const { url, numquestion, status, contentType } = reply.delivery;
  const problem = 'a success without NUMTRANS and NUMAPPEL';
  return new BrokenReplyError(
    { operation: operation.name, url, numquestion },
    { problem, status, contentType, length: reply.bytes().length },
  );
}

type Read<O> = { readonly outcome: O } | { readonly lost: TransportError };

async function put<O>({ settings }: Workshop, call: Call, read: (reply: Reply) => O | undefined): Promise<Read<O>> {
  try {
    const reply = await askWithFailover(settings, queryOf(call), call.patience);
    const outcome = read(reply);
    return outcome === undefined ? { lost: noNumbers(call, reply) } : { outcome };
  } catch (error) {
    if (isLost(error)) return { lost: error };
    throw error;
  }
}

/**
 * Carries out an operation that only asks.
 *
 * @throws ConnectionError where no host could be reached, EchoMismatchError, AbortedError
 */
export async function carryOutInquiry(workshop: Workshop, call: Call): Promise<InquiryOutcome> {
  const read = await put(workshop, call, inquiryOutcomeOf);
  return 'lost' in read ? unknown('no-answer', read.lost) : read.outcome;
}

const DOUBTS: Record<Exclude<Verdict['found'], 'done'>, Doubt> = { 'not-found': 'not-found', unclear: 'unclear', failed: 'no-answer' };

/** Follows one call of an operation that leaves a trail. */
class Pursuit {
  readonly #workshop: Workshop;
  readonly #call: Call;
  readonly #trail: Trail;
  readonly #key: string | undefined;

  constructor(workshop: Workshop, call: Call, trail: Trail) {
    this.#workshop = workshop;
    this.#call = call;
    this.#trail = trail;
    const { TYPE } = call.operation;
    const { MONTANT, DEVISE, REFERENCE, REFABONNE } = call.variables;
    this.#key = trail.by === 'reference' ? JSON.stringify([TYPE, MONTANT, DEVISE, REFERENCE, REFABONNE]) : undefined;
  }

  async run(): Promise<Outcome> {
    const earlier = this.#earlier();
    if (!earlier) return this.#send(await this.#precheck());
    const verdict = await this.#ask(earlier.before);
    if (verdict.found === 'done') return this.#done(verdict);
    if (verdict.found !== 'not-found') return unknown(DOUBTS[verdict.found]);
    return this.#send({ kind: 'not-found' });
  }

  #earlier(): Pending | undefined {
    if (this.#key === undefined) return undefined;
    const remembered = this.#workshop.pending.get(this.#key);
    if (remembered || !this.#call.retry) return remembered;
    // Nobody knows what was there before the first attempt; where references are used again, that leaves a doubt.
    return { before: this.#workshop.settings.precheck ? { kind: 'failed' } : undefined };
  }

  async #precheck(): Promise<Sighting | undefined> {
    const { settings } = this.#workshop;
    return settings.precheck ? look(settings, this.#trail, this.#call.variables, this.#call.patience) : undefined;
  }

  async #send(before: Sighting | undefined): Promise<Outcome> {
    let read: Read<Exclude<Outcome, { kind: 'unknown' }>>;
    try {
      read = await put(this.#workshop, this.#call, outcomeOf);
    } catch (error) {
      if (error instanceof TransportError && error.mayHaveBeenProcessed) this.#remember(before);
      throw error;
    }
    if ('lost' in read) {
      this.#remember(before);
      return this.#settle(before, read.lost);
    }
    // 00099 says that the gateway worked on the question: whoever tries again had better ask first.
    if (read.outcome.code === '00099') this.#remember(before);
    if (read.outcome.kind !== 'unavailable') this.#forget();
    return read.outcome;
  }

  async #settle(before: Sighting | undefined, error: TransportError): Promise<Outcome> {
    let doubt: Doubt = 'not-asked';
    for (const delay of this.#workshop.settings.askAfter) {
      await wait(delay, this.#call.patience.signal);
      const verdict = await this.#askAbout(error, before);
      if (verdict.found === 'done') return this.#done(verdict);
      doubt = DOUBTS[verdict.found];
    }
    return unknown(doubt, error);
  }

  // Aborted while it asks, it is still the lost question that may have been processed.
  async #askAbout(error: TransportError, before: Sighting | undefined): Promise<Verdict> {
    try {
      return await this.#ask(before);
    } catch (aborted) {
      if (!(aborted instanceof AbortedError)) throw aborted;
      throw new AbortedError(error, true, aborted.cause);
    }
  }

  async #ask(before: Sighting | undefined): Promise<Verdict> {
    const { settings } = this.#workshop;
    const { operation, variables, patience } = this.#call;
    const verdict = judge(this.#trail, before, await look(settings, this.#trail, variables, patience));
    settings.log({ event: 'reconcile', operation: operation.name, found: verdict.found });
    return verdict;
  }

  #done({ transaction }: Extract<Verdict, { found: 'done' }>): Outcome {
    this.#forget();
    return approved(transaction.reply, transaction.transaction, true);
  }

  #remember(before: Sighting | undefined): void {
    if (this.#key !== undefined) this.#workshop.pending.add(this.#key, { before });
  }

  #forget(): void {
    if (this.#key !== undefined) this.#workshop.pending.delete(this.#key);
  }
}

/**
 * Carries out an operation that changes something. Sends it once, or again where it cannot have been processed; where its reply
 * is lost, asks the gateway what became of it, and never sends it again by itself.
 *
 * @throws ConnectionError where no host could be reached: nothing was carried out
 * @throws EchoMismatchError, AbortedError
 */
export async function carryOut(workshop: Workshop, call: Call): Promise<Outcome> {
  const trail = trailOf(call.operation);
  if (trail) return new Pursuit(workshop, call, trail).run();
  const read = await put(workshop, call, outcomeOf);
  return 'lost' in read ? unknown('not-asked', read.lost) : read.outcome;
}
