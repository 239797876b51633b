import { type Sent, TransportError } from './transport-error.js';

/** What a reply repeats of its question. Protocol sheet, section 1. */
export interface Echo {
  readonly SITE: string;
  readonly RANG: string;
  readonly NUMQUESTION: string;
}

/**
 * The reply repeats another SITE, RANG or NUMQUESTION than was sent: it answers somebody else's question, and says nothing
 * about this one. Never to be taken for a payment.
 */
export class EchoMismatchError extends TransportError {
  override readonly name = 'EchoMismatchError';
  override readonly mayHaveBeenProcessed = true;
  /** As the question wrote them. */
  readonly sent: Echo;
  /** As the reply repeats them; empty where it does not. */
  readonly received: Echo;

  constructor(question: Sent, sent: Echo, received: Echo) {
    const names = (['SITE', 'RANG', 'NUMQUESTION'] as const).filter((name) => sent[name] !== received[name]);
    const differences = names.map((name) => `${name} sent ${sent[name] || 'empty'}, received ${received[name] || 'nothing'}`);
    super(`${question.operation}: the reply answers another question: ${differences.join('; ')}.`, question);
    this.sent = sent;
    this.received = received;
  }
}
