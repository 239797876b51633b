import { type InquiryOutcome, inquiryOutcomeOf, type Outcome, outcomeOf, unknown } from './outcome.js';
import { Pursuit } from './pursuit.js';
import { put } from './put.js';
import { trailOf } from './reconcile.js';
import type { Call, Workshop } from './workshop.js';

/**
 * Carries out an operation that only asks.
 *
 * @throws ConnectionError where no host could be reached, EchoMismatchError, AbortedError
 */
export async function carryOutInquiry(workshop: Workshop, call: Call): Promise<InquiryOutcome> {
  const read = await put(workshop, call, (reply) => inquiryOutcomeOf(reply, call.variables.NUMTRANS));
  return 'lost' in read ? unknown('no-answer', read.lost) : read.outcome;
}

/**
 * Carries out an operation that changes something. Sends it once, or again where it cannot have been processed; where its reply
 * is lost, asks the gateway what became of it, and never sends it again by itself.
 *
 * @throws ConnectionError where no host could be reached: nothing was carried out
 * @throws EchoMismatchError, AbortedError
 */
export async function carryOut(workshop: Workshop, call: Call): Promise<Outcome> {
  const trail = trailOf(call.operation);
  if (trail) return new Pursuit(workshop, call, trail).run();
  const read = await put(workshop, call, (reply) => outcomeOf(reply, call.operation));
  if ('lost' in read) return unknown('not-asked', read.lost);
  if (read.outcome.kind === 'approved') workshop.reported.add(read.outcome.transaction.numtrans);
  return read.outcome;
}
