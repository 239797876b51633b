import { type Sent, TransportError } from './transport-error.js';

/** What is told of a reply that cannot be read. Not its body: an error page may show the card it was sent. */
export interface BrokenReply {
  readonly problem: string;
  /** HTTP status. */
  readonly status: number;
  readonly contentType: string;
  /** Bytes of the body. */
  readonly length: number;
}

/** Something came back that is no reply of the gateway: an error page, an empty body, half a body. */
export class BrokenReplyError extends TransportError {
  override readonly name = 'BrokenReplyError';
  override readonly mayHaveBeenProcessed = true;
  readonly status: number;
  readonly contentType: string;
  readonly length: number;

  constructor(sent: Sent, { problem, status, contentType, length }: BrokenReply) {
    const got = `HTTP ${status}, ${contentType || 'no content type'}, ${length} bytes`;
    super(`${sent.operation}: what ${sent.url} answered is no reply: ${problem} (${got}); it may have been processed.`, sent);
    this.status = status;
    this.contentType = contentType;
    this.length = length;
  }
}
