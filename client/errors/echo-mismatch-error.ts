import { differencesOf, type Echo } from '../echo.js';
import type { ExchangeInfo } from '../events.js';
import { TransportError } from './transport-error.js';

/**
 * The reply repeats another SITE, RANG or NUMQUESTION than the question has. It answers another question and says nothing about
 * this one, so it must never count as a payment. Carries what was sent and what was received. Leading zeros make no difference.
 *
 * The methods throw it. The question may have been processed: inquire before it is sent again. `authorize`, `pay`, `credit` and
 * `force` do so when they are called again on the same client.
 */
export class EchoMismatchError extends TransportError {
  override readonly name = 'EchoMismatchError';
  override readonly mayHaveBeenProcessed = true;
  /** As in the question. */
  readonly sent: Echo;
  /** As in the reply, masked and at most 40 characters each; empty if missing. */
  readonly received: Echo;

  constructor(exchange: ExchangeInfo, sent: Echo, received: Echo) {
    const differences = differencesOf(sent, received).map(
      (name) => `${name} sent ${sent[name] || 'empty'}, received ${received[name] || 'nothing'}`,
    );
    super(
      `${exchange.operation}: the reply answers another question: ${differences.join('; ')}; the question may have been processed.`,
      exchange,
    );
    this.sent = sent;
    this.received = received;
  }
}
