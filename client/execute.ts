import type { Call, ClientContext } from './client-context.js';
import { type InquiryOutcome, inquiryOutcomeOf, type Outcome, outcomeOf, unknown } from './outcome.js';
import { inquiryPlanOf } from './reconciliation/inquiry.js';
import { Pursuit } from './reconciliation/tracked-call.js';
import { put } from './send-once.js';

/**
 * Carries out an operation that only asks.
 *
 * @throws ConnectionError where no host could be reached, EchoMismatchError, AbortedError
 */
export async function executeInquiry(context: ClientContext, call: Call): Promise<InquiryOutcome> {
  const read = await put(context, call, (reply) => inquiryOutcomeOf(reply, call.variables.NUMTRANS));
  return 'lost' in read ? unknown('no-answer', read.lost) : read.outcome;
}

/**
 * Carries out an operation that changes something. Sends it once, or again where it cannot have been processed; where its reply
 * is lost, asks the gateway what became of it, and never sends it again by itself.
 *
 * @throws ConnectionError where no host could be reached: nothing was carried out
 * @throws EchoMismatchError, AbortedError
 */
export async function execute(context: ClientContext, call: Call): Promise<Outcome> {
  const trail = inquiryPlanOf(call.operation);
  if (trail) return new Pursuit(context, call, trail).run();
  const read = await put(context, call, (reply) => outcomeOf(reply, call.operation));
  if ('lost' in read) return unknown('not-asked', read.lost);
  if (read.outcome.kind === 'approved') context.reported.add(read.outcome.transaction.numtrans);
  return read.outcome;
}
