import type { ClientError } from './errors/client-error.js';

/** Which exchange an event is about. */
export interface Exchange {
  /** Name of the operation, or its TYPE where it has none. */
  readonly operation: string;
  /** Where it is sent. */
  readonly url: string;
  /** NUMQUESTION. */
  readonly numquestion: string;
}

/** A question is about to be sent. */
export interface QuestionEvent extends Exchange {
  readonly event: 'question';
  /** Masked. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A reply came and was read. */
export interface ReplyEvent extends Exchange {
  readonly event: 'reply';
  readonly code: string;
  readonly milliseconds: number;
  /** Masked. */
  readonly variables: Readonly<Record<string, string>>;
}

/** No reply that can be read, or one to another question. */
export interface FailureEvent extends Exchange {
  readonly event: 'failure';
  readonly error: ClientError;
  readonly milliseconds: number;
}

/** The question goes to the backup host. */
export interface FailoverEvent {
  readonly event: 'failover';
  readonly operation: string;
  readonly from: string;
  readonly to: string;
  /** The code, or the error's name. */
  readonly because: string;
}

/** The client asks the gateway what became of a question whose reply was lost. */
export interface ReconcileEvent {
  readonly event: 'reconcile';
  readonly operation: string;
  readonly found: 'done' | 'not-found' | 'unclear' | 'failed';
}

/** What the client tells while it works. Holds no card data and no keys. */
export type ClientEvent = QuestionEvent | ReplyEvent | FailureEvent | FailoverEvent | ReconcileEvent;

/** Told of every event. What it throws is ignored: a broken log must not lose a payment. */
export type Log = (event: ClientEvent) => void;

/**
 * Wraps every exchange, to put a span of a tracer around it.
 *
 * @param exchange for the span's attributes
 * @param work does the exchange, once: where the wrapper ends without having called it, it is done then. The call's outcome
 *   waits for the work, not for what the wrapper does after it
 * @example
 * const trace: Trace = (exchange, work) => tracer.startActiveSpan(exchange.operation, (span) => work().finally(() => span.end()));
 */
export type Trace = (exchange: Exchange, work: () => Promise<void>) => Promise<void>;

/** A {@link Log} that cannot disturb its caller. */
export function quietly(log: Log | undefined): Log {
  return (event) => {
    try {
      const logged: unknown = log?.(event);
      if (logged instanceof Promise) logged.catch(() => {});
    } catch {
      // A log that fails must not change what becomes of a payment.
    }
  };
}

/** Does the work inside the wrapper. What the wrapper itself does wrong is of no consequence, nor how long it takes after the work. */
export function traced<Result>(trace: Trace | undefined, exchange: Exchange, work: () => Promise<Result>): Promise<Result> {
  if (!trace) return work();
  return new Promise((resolve, reject) => {
    let begun: Promise<void> | undefined;
    const once = (): Promise<void> => {
      if (begun) return begun;
      const result = work();
      result.then(resolve, reject);
      begun = result.then(() => {});
      // A wrapper that does not wait for it leaves nobody to handle a failure that the caller is told anyway.
      begun.catch(() => {});
      return begun;
    };
    const wrap = async (): Promise<void> => trace(exchange, once);
    wrap()
      .catch(() => {})
      .then(once)
      .catch(() => {});
  });
}
