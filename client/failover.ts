import { isRetryable, mayHaveBeenProcessed } from '../contracts/index.js';
import { ConnectionError } from './errors/connection-error.js';
import type { Reply } from './reply.js';
import { ask, type Query } from './request.js';
import type { Settings } from './settings.js';
import type { RequestLimits } from './transport.js';

type Answer = { readonly reply: Reply } | { readonly error: ConnectionError };

async function answerOf(work: Promise<Reply>): Promise<Answer> {
  try {
    return { reply: await work };
  } catch (error) {
    if (error instanceof ConnectionError) return { error };
    throw error;
  }
}

const asksForAnother = (answer: Answer): boolean =>
  'error' in answer || (isRetryable(answer.reply.code) && !mayHaveBeenProcessed(answer.reply.code));

/**
 * Puts a question to the main host, and to the backup host where the main one cannot have processed it: the connection never
 * opened, or the code says so. Each host gets a question number of its own.
 *
 * @throws ConnectionError where no host could be reached
 * @throws TransportError where a host may have processed the question
 */
export async function askWithFailover(settings: Settings, query: Query, limits: RequestLimits): Promise<Reply> {
  let refused: Reply | undefined;
  let unreachable: ConnectionError | undefined;
  for (const [index, url] of settings.hosts.entries()) {
    const answer = await answerOf(ask(settings, query, url, limits));
    if ('reply' in answer && !asksForAnother(answer)) return answer.reply;
    if ('reply' in answer) refused = answer.reply;
    else unreachable = answer.error;
    const next = settings.hosts[index + 1];
    const because = 'reply' in answer ? answer.reply.code : answer.error.name;
    if (next !== undefined) settings.log({ event: 'failover', operation: query.operation, from: url, to: next, because });
  }
  if (refused) return refused;
  throw unreachable;
}
