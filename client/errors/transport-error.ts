import type { ExchangeInfo } from '../events.js';
import { ClientError } from './client-error.js';

/**
 * Base class of errors for a question that got no usable reply. Carries the operation, the host and the question number.
 *
 * Check `mayHaveBeenProcessed` before anything is sent again. If it is true, first inquire whether the gateway processed the question.
 * `authorize`, `pay`, `credit` and `force` do so when they are called again.
 */
export abstract class TransportError extends ClientError implements ExchangeInfo {
  /** Name of the operation (`pay`), or its TYPE if it has no name. */
  readonly operation: string;
  /** URL of the host. */
  readonly url: string;
  /** NUMQUESTION; empty if none was taken yet. */
  readonly numquestion: string;
  /** Whether the gateway may have processed the question. Only if this is false is it safe to send the question again. */
  abstract readonly mayHaveBeenProcessed: boolean;

  constructor(message: string, { operation, url, numquestion }: ExchangeInfo, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.operation = operation;
    this.url = url;
    this.numquestion = numquestion;
  }
}
