import type { ExchangeInfo } from '../events.js';
import { TransportError } from './transport-error.js';

/**
 * No complete reply arrived within the timeout. Carries the timeout.
 *
 * `client.send` throws it, the other methods return it as `error` of an outcome `unknown`. The question may have been processed:
 * inquire before it is sent again.
 */
export class TimeoutError extends TransportError {
  override readonly name = 'TimeoutError';
  override readonly mayHaveBeenProcessed = true;
  /** Milliseconds. */
  readonly timeout: number;

  constructor(exchange: ExchangeInfo, timeout: number) {
    super(
      `${exchange.operation}: no complete reply from ${exchange.url} within ${timeout} ms; the question may have been processed.`,
      exchange,
    );
    this.timeout = timeout;
  }
}
