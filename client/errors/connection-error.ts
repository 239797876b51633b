import { type Sent, TransportError } from './transport-error.js';

/**
 * The connection never opened: refused, host unknown or unreachable, certificate not trusted. The question never left, so
 * it may be sent again. `cause` has the system's code (`ECONNREFUSED`, …).
 */
export class ConnectionError extends TransportError {
  override readonly name = 'ConnectionError';
  override readonly mayHaveBeenProcessed = false;

  constructor(sent: Sent, cause: unknown) {
    super(`${sent.operation}: ${sent.url} cannot be reached. Check the address and that the gateway listens there.`, sent, cause);
  }
}
