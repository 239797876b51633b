import type { ExchangeInfo } from '../events.js';
import { TransportError } from './transport-error.js';

/**
 * The AbortSignal passed to the call fired. `cause` is the signal's reason. If `mayHaveBeenProcessed` is false, the question of the
 * call was not sent, and the call can be made again. If it is true, treat the call like an outcome `unknown`.
 */
export class AbortedError extends TransportError {
  override readonly name = 'AbortedError';
  override readonly mayHaveBeenProcessed: boolean;

  constructor(exchange: ExchangeInfo, mayHaveBeenProcessed: boolean, reason: unknown) {
    const consequence = mayHaveBeenProcessed ? 'the question may have been processed' : 'the question was not sent';
    super(`${exchange.operation}: aborted by the caller's signal; ${consequence}.`, exchange, reason);
    this.mayHaveBeenProcessed = mayHaveBeenProcessed;
  }
}
