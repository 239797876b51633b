import type { ExchangeInfo } from '../events.js';
import { TransportError } from './transport-error.js';

/**
 * The connection broke before the reply was complete, or `fetch` failed without saying when. `cause` has the message of `fetch`
 * without card data, and the code of the operating system if there is one.
 *
 * `client.send` throws it, the other methods return it as `error` of an outcome `unknown`. The question may have been processed:
 * inquire before it is sent again.
 */
export class ConnectionLostError extends TransportError {
  override readonly name = 'ConnectionLostError';
  override readonly mayHaveBeenProcessed = true;

  constructor(exchange: ExchangeInfo, cause: unknown) {
    super(
      `${exchange.operation}: the connection to ${exchange.url} broke before the reply was complete; the question may have been processed.`,
      exchange,
      cause,
    );
  }
}
