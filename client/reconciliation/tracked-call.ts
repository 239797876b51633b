// What happens when a reply is lost:
// 1. The question is sent only once; for some operations, an inquiry before it records what the gateway already has (`precheck`).
// 2. If its reply is lost, the client remembers the question and inquires, after each delay of `askAfter`, whether it was processed.
// 3. Each inquiry is compared with the one before the question, so that the result of another question is not mistaken for this one's.
// 4. The call resolves as approved with `recovered: true` once the inquiry shows the result, and as unknown after the last inquiry.
// 5. The next call about the same order starts with these inquiries, and sends its question only if the gateway has found nothing.

import { tenDigits } from '../../contracts/index.js';
import type { Call, ClientContext, PendingQuestion } from '../client-context.js';
import { AbortedError } from '../errors/aborted-error.js';
import { TransportError } from '../errors/transport-error.js';
import type { ExchangeInfo } from '../events.js';
import { approvedOutcome, type Outcome, outcomeOf, type Unknown, type UnknownReason, unknownOutcome } from '../outcome.js';
import { type SendResult, sendOnce } from '../send-once.js';
import { wait } from '../wait.js';
import { type InquiryPlan, inquire, type Observation } from './inquiry.js';
import { needsInquiryBefore, type Reconciliation, reconcile } from './reconcile.js';

const UNKNOWN_REASONS: Record<Exclude<Reconciliation['kind'], 'done'>, UnknownReason> = {
  'not-found': 'not-found',
  unclear: 'unclear',
  failed: 'no-answer',
};

/** A call of an operation whose result can be inquired about if the reply is lost. */
export class TrackedCall {
  readonly #context: ClientContext;
  readonly #call: Call;
  readonly #plan: InquiryPlan;
  /** What the call is about: the order it creates a transaction for, or the transaction it changes. Holds no card data. */
  readonly #key: string;

  constructor(context: ClientContext, call: Call, plan: InquiryPlan) {
    this.#context = context;
    this.#call = call;
    this.#plan = plan;
    const { MONTANT, DEVISE, REFERENCE, REFABONNE, NUMTRANS = '' } = call.variables;
    const { TYPE } = call.operation;
    this.#key = JSON.stringify(plan.by === 'number' ? [tenDigits(NUMTRANS)] : [TYPE, MONTANT, DEVISE, REFERENCE, REFABONNE]);
  }

  /** Executes the call after the running calls about the same order or payment; concurrent duplicates share one outcome. */
  run(): Promise<Outcome> {
    const { settings, mutex } = this.#context;
    const { operation, variables, limits } = this.#call;
    const { signal } = limits;
    const exchange: ExchangeInfo = { operation: operation.name, url: settings.hosts[0], numquestion: '' };
    const lock = {
      key: this.#key,
      // Two concurrent payments of one order by one card are a double click; two refunds of the same amount are two refunds.
      dedupeKey: this.#plan.by === 'number' ? undefined : JSON.stringify([variables.PORTEUR, variables.NUMTRANS]),
      signal,
      abortError: (isDuplicate: boolean) => new AbortedError(exchange, isDuplicate, signal?.reason),
    };
    return mutex.run(lock, () => this.#runLocked());
  }

  async #runLocked(): Promise<Outcome> {
    const pending = this.#pendingQuestion();
    const outcome = await (pending ? this.#resume(pending) : this.#start());
    if (outcome.kind === 'approved') {
      this.#context.pendingQuestions.delete(this.#key);
      this.#context.reportedTransactions.set(tenDigits(outcome.transaction.numtrans), true);
    }
    return outcome;
  }

  #pendingQuestion(): PendingQuestion | undefined {
    const remembered = this.#context.pendingQuestions.get(this.#key);
    if (remembered || !this.#call.isRetry) return remembered;
    // What the gateway showed before the first attempt is not known. `precheck` says that references are reused, so that a
    // transaction found now may be older: an observation of kind `failed` makes it unclear.
    return { before: this.#context.settings.precheck ? { kind: 'failed' } : undefined };
  }

  async #start(): Promise<Outcome> {
    const { precheck = needsInquiryBefore(this.#plan, this.#call.variables.REFABONNE) } = this.#context.settings;
    return this.#send(precheck ? await this.#inquire(false) : undefined);
  }

  async #resume({ before }: PendingQuestion): Promise<Outcome> {
    this.#remember(before);
    const { askAfter } = this.#context.settings;
    const reconciliation = await this.#inquireRepeatedly(before, askAfter.length === 0 ? [0] : askAfter);
    return reconciliation?.kind === 'not-found' ? this.#send({ kind: 'not-found' }) : this.#outcomeOf(reconciliation);
  }

  async #send(before: Observation | undefined): Promise<Outcome> {
    let result: SendResult<Exclude<Outcome, Unknown>>;
    try {
      result = await sendOnce(this.#context, this.#call, (reply) => outcomeOf(reply, this.#call.operation));
    } catch (error) {
      if (error instanceof TransportError && error.mayHaveBeenProcessed) this.#remember(before);
      throw error;
    }
    if ('outcome' in result) {
      if (result.outcome.kind === 'unavailable' && result.outcome.mayHaveBeenProcessed) this.#remember(before);
      return result.outcome;
    }
    this.#remember(before);
    return this.#outcomeOf(await this.#inquireRepeatedly(before, this.#context.settings.askAfter, result.lost), result.lost);
  }

  /** Reconciles after each delay until the question proves processed. Resolves with the last result; with undefined without delays. */
  async #inquireRepeatedly(
    before: Observation | undefined,
    delays: readonly number[],
    lostReply?: TransportError,
  ): Promise<Reconciliation | undefined> {
    const { settings, reportedTransactions } = this.#context;
    const { operation, variables, limits } = this.#call;
    const isReported = (numtrans: string): boolean => reportedTransactions.has(tenDigits(numtrans));
    const lost = { plan: this.#plan, subscriber: variables.REFABONNE, before, isReported };
    let reconciliation: Reconciliation | undefined;
    for (const delay of delays) {
      await wait(delay, limits.signal);
      reconciliation = reconcile(lost, await this.#inquire(true, lostReply));
      settings.log?.({ event: 'reconcile', operation: operation.name, found: reconciliation.kind });
      if (reconciliation.kind === 'done') break;
    }
    return reconciliation;
  }

  #outcomeOf(reconciliation: Reconciliation | undefined, lostReply?: TransportError): Outcome {
    if (!reconciliation) return unknownOutcome('not-asked', lostReply);
    if (reconciliation.kind !== 'done') return unknownOutcome(UNKNOWN_REASONS[reconciliation.kind], lostReply);
    const { reply, transaction } = reconciliation.found;
    return approvedOutcome(reply, transaction, true);
  }

  /**
   * Inquires once. An AbortedError then describes the question of the call instead of the inquiry.
   *
   * @param mayHaveBeenProcessed what the AbortedError says of the question
   * @param question defaults to the call's operation with the host and number of the inquiry
   */
  async #inquire(mayHaveBeenProcessed: boolean, question?: ExchangeInfo): Promise<Observation> {
    const { operation, variables, limits } = this.#call;
    try {
      return await inquire(this.#context.settings, this.#plan, variables, limits);
    } catch (error) {
      if (!(error instanceof AbortedError)) throw error;
      const { url, numquestion, cause } = error;
      throw new AbortedError(question ?? { operation: operation.name, url, numquestion }, mayHaveBeenProcessed, cause);
    }
  }

  // Only questions that create a transaction: the gateway refuses a second capture or cancel, and a second refund may be intended.
  #remember(before: Observation | undefined): void {
    if (this.#plan.by === 'reference') this.#context.pendingQuestions.set(this.#key, { before });
  }
}
