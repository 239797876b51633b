import { ClientError } from './client-error.js';

/** Which question an error is about. */
export interface Sent {
  /** Name of the operation (`pay`), or its TYPE where it has none. */
  readonly operation: string;
  /** Where it was sent, without query. */
  readonly url: string;
  /** NUMQUESTION; empty where none was drawn yet. */
  readonly numquestion: string;
}

/** A question did not come back with a reply that can be read. */
export abstract class TransportError extends ClientError implements Sent {
  readonly operation: string;
  readonly url: string;
  readonly numquestion: string;
  /** Whether the gateway may have carried the question out all the same. Only where this is false may it be sent again unasked. */
  abstract readonly mayHaveBeenProcessed: boolean;

  constructor(message: string, { operation, url, numquestion }: Sent, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.operation = operation;
    this.url = url;
    this.numquestion = numquestion;
  }
}
