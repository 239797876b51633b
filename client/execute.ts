import { tenDigits } from '../contracts/index.js';
import type { Call, ClientContext } from './client-context.js';
import { type InquiryOutcome, inquiryOutcomeOf, type Outcome, outcomeOf, unknownOutcome } from './outcome.js';
import { inquiryPlanOf } from './reconciliation/inquiry.js';
import { TrackedCall } from './reconciliation/tracked-call.js';
import { sendOnce } from './send-once.js';

/**
 * Executes a call of an operation that only inquires.
 *
 * @throws ConnectionError if no host could be reached; EchoMismatchError, AbortedError
 */
export async function executeInquiry(context: ClientContext, call: Call): Promise<InquiryOutcome> {
  const result = await sendOnce(context, call, (reply) => inquiryOutcomeOf(reply, call.variables.NUMTRANS));
  return 'lost' in result ? unknownOutcome('no-answer', result.lost) : result.outcome;
}

/**
 * Executes a call of an operation that changes something. If its reply is lost, inquires about the result where the operation can be
 * inquired about, and never sends the question a second time.
 *
 * @throws ConnectionError if no host could be reached, and nothing was processed; EchoMismatchError, AbortedError
 */
export async function execute(context: ClientContext, call: Call): Promise<Outcome> {
  const plan = inquiryPlanOf(call.operation);
  if (plan) return new TrackedCall(context, call, plan).run();
  const result = await sendOnce(context, call, (reply) => outcomeOf(reply, call.operation));
  if ('lost' in result) return unknownOutcome('not-asked', result.lost);
  const { outcome } = result;
  if (outcome.kind === 'approved') context.reportedTransactions.set(tenDigits(outcome.transaction.numtrans), true);
  return outcome;
}
