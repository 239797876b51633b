import type { Call, ClientContext } from './client-context.js';
import { AbortedError } from './errors/aborted-error.js';
import { BrokenReplyError } from './errors/broken-reply-error.js';
import { EchoMismatchError } from './errors/echo-mismatch-error.js';
import { TransportError } from './errors/transport-error.js';
import { askWithFailover } from './failover.js';
import type { Broken } from './outcome.js';
import type { Reply } from './reply.js';

const isLost = (error: unknown): error is TransportError =>
  error instanceof TransportError &&
  error.mayHaveBeenProcessed &&
  !(error instanceof EchoMismatchError) &&
  !(error instanceof AbortedError);

// A success that names no transaction, or another than was asked for, cannot be followed up: it counts as lost.
function brokenReply({ operation }: Call, reply: Reply, problem: string): TransportError {
  const { url, numquestion, status, contentType } = reply.delivery;
  const sent = { operation: operation.name, url, numquestion };
  return new BrokenReplyError(sent, { problem, status, contentType, length: reply.bytes().length });
}

/** What came of a question: an outcome, or no reply that can be read. */
export type Read<O> = { readonly outcome: O } | { readonly lost: TransportError };

/**
 * Puts a call's question to the gateway.
 *
 * @param read what a reply says
 * @throws ConnectionError, EchoMismatchError, AbortedError
 */
export async function put<O extends { readonly kind: string }>(
  { settings }: ClientContext,
  call: Call,
  read: (reply: Reply) => O | Broken,
): Promise<Read<O>> {
  const { operation, variables, limits } = call;
  try {
    const reply = await askWithFailover(settings, { operation: operation.name, TYPE: operation.TYPE, variables }, limits);
    const outcome = read(reply);
    return isBroken(outcome) ? { lost: brokenReply(call, reply, outcome.problem) } : { outcome };
  } catch (error) {
    if (isLost(error)) return { lost: error };
    throw error;
  }
}

const isBroken = (outcome: { readonly kind: string }): outcome is Broken => outcome.kind === 'broken';
