import type { ClientError } from './errors/client-error.js';

/** Identifies one question and the host it is sent to. */
export interface ExchangeInfo {
  /** Name of the operation (`pay`), or its TYPE if it has no name. */
  readonly operation: string;
  /** URL the question is sent to. */
  readonly url: string;
  /** NUMQUESTION; empty if none was taken yet. */
  readonly numquestion: string;
}

/** A question is about to be sent. */
export interface QuestionEvent extends ExchangeInfo {
  readonly event: 'question';
  /** The variables of the question, masked. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A reply was received and read. */
export interface ReplyEvent extends ExchangeInfo {
  readonly event: 'reply';
  /** CODEREPONSE. */
  readonly code: string;
  /** Milliseconds from sending the question to the last byte of the reply. */
  readonly milliseconds: number;
  /** The variables of the reply, masked. */
  readonly variables: Readonly<Record<string, string>>;
}

/** There was no usable reply, or the reply answered another question. */
export interface FailureEvent extends ExchangeInfo {
  readonly event: 'failure';
  readonly error: ClientError;
  /** Milliseconds from sending the question to the failure. */
  readonly milliseconds: number;
}

/** The question is sent to the backup host next. */
export interface FailoverEvent {
  readonly event: 'failover';
  readonly operation: string;
  /** URL of the main host. */
  readonly from: string;
  /** URL of the backup host. */
  readonly to: string;
  /** CODEREPONSE of the main host, or the name of the error. */
  readonly because: string;
}

/** The client inquired about the result of a question whose reply was lost. */
export interface ReconcileEvent {
  readonly event: 'reconcile';
  /** The operation of the lost question. */
  readonly operation: string;
  /**
   * `done`: the question was processed. `not-found`: the gateway shows no result. `unclear`: it shows a transaction that may be
   * the result of another question. `failed`: the inquiry failed.
   */
  readonly found: 'done' | 'not-found' | 'unclear' | 'failed';
}

/** What the client reports to a {@link Log}. Contains no card data and no keys. */
export type ClientEvent = QuestionEvent | ReplyEvent | FailureEvent | FailoverEvent | ReconcileEvent;

/**
 * Called with every event of the client. Exceptions and rejections are ignored, so that a broken log cannot lose a payment.
 *
 * @example
 * const log: Log = (event) => console.log(JSON.stringify(event));
 */
export type Log = (event: ClientEvent) => void;

/**
 * Wraps every exchange, for instance in the span of a tracer. Exceptions and rejections of the wrapper are ignored. The call resolves
 * when `work` is done and does not wait for the wrapper.
 *
 * @param exchange for the attributes of the span
 * @param work runs the exchange and resolves when it has ended; rejects if it failed. Runs once, however often it is called.
 *   If the wrapper does not call it, it runs after the wrapper
 * @example
 * const trace: Trace = (exchange, work) => tracer.startActiveSpan(exchange.operation, (span) => work().finally(() => span.end()));
 */
export type Trace = (exchange: ExchangeInfo, work: () => Promise<void>) => Promise<void>;

/** Returns a {@link Log} that ignores the errors of another. */
export function ignoreLogErrors(log: Log): Log {
  return (event) => {
    try {
      const returned: unknown = log(event);
      if (returned instanceof Promise) returned.catch(() => {});
    } catch {
      // A log must not change the outcome of a payment.
    }
  };
}

/** Runs the work inside the wrapper, once. Resolves or rejects as the work does, whatever the wrapper does. */
export function runTraced<Result>(trace: Trace | undefined, exchange: ExchangeInfo, work: () => Promise<Result>): Promise<Result> {
  if (!trace) return work();
  return new Promise((resolve, reject) => {
    let started: Promise<void> | undefined;
    const runOnce = (): Promise<void> => {
      if (started) return started;
      const result = work();
      result.then(resolve, reject);
      started = result.then(() => {});
      // The caller receives the failure. A wrapper that does not wait for the work must not cause an unhandled rejection.
      started.catch(() => {});
      return started;
    };
    const wrapped = async (): Promise<void> => trace(exchange, runOnce);
    wrapped()
      .catch(() => {})
      .then(runOnce)
      .catch(() => {});
  });
}
