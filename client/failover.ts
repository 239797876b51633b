import { isRetryable, mayHaveBeenProcessed } from '../contracts/index.js';
import { ConnectionError } from './errors/connection-error.js';
import type { Reply } from './reply.js';
import { type QuestionInput, request } from './request.js';
import type { Settings } from './settings.js';
import type { RequestLimits } from './transport.js';

type HostReply = { readonly reply: Reply } | { readonly error: ConnectionError };

async function hostReplyOf(pending: Promise<Reply>): Promise<HostReply> {
  try {
    return { reply: await pending };
  } catch (error) {
    if (error instanceof ConnectionError) return { error };
    throw error;
  }
}

const allowsFailover = (hostReply: HostReply): boolean =>
  'error' in hostReply || (isRetryable(hostReply.reply.code) && !mayHaveBeenProcessed(hostReply.reply.code));

/**
 * Sends a question to the main host, then to the backup host if the main host cannot have processed it: the connection never
 * opened, or the response code says so. Each host gets its own question number.
 *
 * @returns the last reply
 * @throws ConnectionError if no host could be reached
 * @throws TransportError if a host may have processed the question
 */
export async function requestWithFailover(settings: Settings, input: QuestionInput, limits: RequestLimits): Promise<Reply> {
  let lastReply: Reply | undefined;
  let connectionError: ConnectionError | undefined;
  for (const [index, url] of settings.hosts.entries()) {
    const hostReply = await hostReplyOf(request(settings, input, url, limits));
    if ('reply' in hostReply && !allowsFailover(hostReply)) return hostReply.reply;
    if ('reply' in hostReply) lastReply = hostReply.reply;
    else connectionError = hostReply.error;
    const next = settings.hosts[index + 1];
    const because = 'reply' in hostReply ? hostReply.reply.code : hostReply.error.name;
    if (next !== undefined) settings.log?.({ event: 'failover', operation: input.operation, from: url, to: next, because });
  }
  if (lastReply) return lastReply;
  throw connectionError;
}
