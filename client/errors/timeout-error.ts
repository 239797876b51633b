import { type Sent, TransportError } from './transport-error.js';

/** No complete reply within the time-out. */
export class TimeoutError extends TransportError {
  override readonly name = 'TimeoutError';
  override readonly mayHaveBeenProcessed = true;
  /** Milliseconds that were waited. */
  readonly timeout: number;

  constructor(sent: Sent, timeout: number) {
    super(`${sent.operation}: no reply from ${sent.url} within ${timeout} ms; it may have been processed.`, sent);
    this.timeout = timeout;
  }
}
