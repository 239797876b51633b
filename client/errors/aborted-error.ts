import { type Sent, TransportError } from './transport-error.js';

/** The caller's AbortSignal fired. `cause` is the signal's reason. */
export class AbortedError extends TransportError {
  override readonly name = 'AbortedError';
  override readonly mayHaveBeenProcessed: boolean;

  constructor(sent: Sent, mayHaveBeenProcessed: boolean, reason: unknown) {
    const consequence = mayHaveBeenProcessed ? 'it may have been processed' : 'nothing was sent';
    super(`${sent.operation}: aborted by the caller; ${consequence}.`, sent, reason);
    this.mayHaveBeenProcessed = mayHaveBeenProcessed;
  }
}
