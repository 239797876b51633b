import { type Sent, TransportError } from './transport-error.js';

/** The connection broke before the reply was complete, or failed in a way that does not say when. */
export class ConnectionLostError extends TransportError {
  override readonly name = 'ConnectionLostError';
  override readonly mayHaveBeenProcessed = true;

  constructor(sent: Sent, cause: unknown) {
    super(`${sent.operation}: the connection to ${sent.url} broke before the reply was complete; it may have been processed.`, sent, cause);
  }
}
