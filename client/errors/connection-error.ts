import type { ExchangeInfo } from '../events.js';
import { TransportError } from './transport-error.js';

/**
 * The connection never opened: it was refused, the host is unknown or unreachable, or its certificate is not trusted. `cause` has the
 * code of the operating system (`ECONNREFUSED`, …).
 *
 * The methods throw it when no host could be reached. The question was not sent, so the call can be made again.
 */
export class ConnectionError extends TransportError {
  override readonly name = 'ConnectionError';
  override readonly mayHaveBeenProcessed = false;

  constructor(exchange: ExchangeInfo, cause: unknown) {
    super(
      `${exchange.operation}: cannot connect to ${exchange.url}. Check the address and that the gateway listens there.`,
      exchange,
      cause,
    );
  }
}
