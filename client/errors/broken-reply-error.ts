import type { ExchangeInfo } from '../events.js';
import { TransportError } from './transport-error.js';

/** What an error shows of an unusable response. Not the body: an error page may repeat the card number. */
export interface BrokenReply {
  /** What is wrong with the response. */
  readonly problem: string;
  /** HTTP status. */
  readonly status: number;
  readonly contentType: string;
  /** Length of the body in bytes. One that is too long is not read further, and has the length of what was read. */
  readonly length: number;
}

/**
 * The HTTP response is not a usable reply of the gateway: an error page, an empty, truncated or too long body, a
 * variable with two different values, or a success without a transaction number. Carries the HTTP status, the content type and the length of the body.
 *
 * `client.send` throws it, the other methods return it as `error` of an outcome `unknown`. The question may have been processed:
 * inquire before it is sent again.
 */
export class BrokenReplyError extends TransportError {
  override readonly name = 'BrokenReplyError';
  override readonly mayHaveBeenProcessed = true;
  /** HTTP status. */
  readonly status: number;
  /** Content-Type of the response; empty if there is none. */
  readonly contentType: string;
  /** Length of the body in bytes. One that is too long is not read further, and has the length of what was read. */
  readonly length: number;

  constructor(exchange: ExchangeInfo, { problem, status, contentType, length }: BrokenReply) {
    const received = `HTTP ${status}, ${contentType || 'no content type'}, ${length} bytes`;
    const what = `the response of ${exchange.url} is not a usable reply: ${problem} (${received})`;
    super(`${exchange.operation}: ${what}; the question may have been processed.`, exchange);
    this.status = status;
    this.contentType = contentType;
    this.length = length;
  }
}
