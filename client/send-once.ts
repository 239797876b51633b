import type { Call, ClientContext } from './client-context.js';
import { AbortedError } from './errors/aborted-error.js';
import { BrokenReplyError } from './errors/broken-reply-error.js';
import { EchoMismatchError } from './errors/echo-mismatch-error.js';
import { TransportError } from './errors/transport-error.js';
import { requestWithFailover } from './failover.js';
import type { BrokenSuccess } from './outcome.js';
import type { Reply } from './reply.js';

/** The result of sending a question: the outcome its reply states, or the error that lost the reply. */
export type SendResult<O> = { readonly outcome: O } | { readonly lost: TransportError };

const isLost = (error: unknown): error is TransportError =>
  error instanceof TransportError &&
  error.mayHaveBeenProcessed &&
  !(error instanceof EchoMismatchError) &&
  !(error instanceof AbortedError);

const isBroken = (outcome: { readonly kind: string }): outcome is BrokenSuccess => outcome.kind === 'broken';

function brokenReplyError({ operation }: Call, reply: Reply, problem: string): BrokenReplyError {
  const { url, numquestion, status, contentType } = reply.delivery;
  const exchange = { operation: operation.name, url, numquestion };
  return new BrokenReplyError(exchange, { problem, status, contentType, length: reply.bytes().length });
}

/**
 * Sends a call's question to the main host, or to the backup host if the main host cannot have processed it.
 *
 * @param readOutcome reads the outcome from a reply
 * @throws ConnectionError, EchoMismatchError, AbortedError
 */
export async function sendOnce<O extends { readonly kind: string }>(
  { settings }: ClientContext,
  call: Call,
  readOutcome: (reply: Reply) => O | BrokenSuccess,
): Promise<SendResult<O>> {
  const { operation, variables, limits } = call;
  try {
    const reply = await requestWithFailover(settings, { operation: operation.name, TYPE: operation.TYPE, variables }, limits);
    const outcome = readOutcome(reply);
    return isBroken(outcome) ? { lost: brokenReplyError(call, reply, outcome.problem) } : { outcome };
  } catch (error) {
    if (isLost(error)) return { lost: error };
    throw error;
  }
}
