import { BrokenReplyError } from './errors/broken-reply-error.js';
import { type Echo, EchoMismatchError } from './errors/echo-mismatch-error.js';
import type { Sent, TransportError } from './errors/transport-error.js';
import { type Exchange, traced } from './events.js';
import { readable } from './masking.js';
import { makeQuestion, type Question } from './question.js';
import { Reply } from './reply.js';
import type { Settings } from './settings.js';
import { type HttpReply, post, type RequestLimits } from './transport.js';
import type { WireVariables } from './wire-variables.js';

/** What is asked. */
export interface Query {
  /** Name of the operation, or its TYPE where it has none. */
  readonly operation: string;
  readonly TYPE: string;
  readonly variables: WireVariables;
}

/** Which checks a reply goes through. */
export interface Checks {
  readonly echo: boolean;
  readonly reply: boolean;
}

/** Every check. */
const ALL_CHECKS: Checks = { echo: true, reply: true };

function problemOf({ status, body }: HttpReply, code: string): string | undefined {
  if (status !== 200) return 'the gateway always answers HTTP 200';
  if (body.length === 0) return 'the body is empty';
  return /^\d{5}$/.test(code) ? undefined : 'it has no CODEREPONSE';
}

function checkReply(sent: Sent, http: HttpReply, reply: Reply): void {
  const problem = problemOf(http, reply.code);
  if (problem === undefined) return;
  throw new BrokenReplyError(sent, { problem, status: http.status, contentType: http.contentType, length: http.body.length });
}

const LONGEST_ECHO = 40;

function checkEcho(sent: Sent, { echo, scrub }: Question, reply: Reply): void {
  const repeated = (name: keyof Echo): string => reply.get(name) ?? '';
  if (repeated('SITE') === echo.SITE && repeated('RANG') === echo.RANG && repeated('NUMQUESTION') === echo.NUMQUESTION) return;
  const shown = (name: keyof Echo): string => readable(scrub, repeated(name)).slice(0, LONGEST_ECHO);
  throw new EchoMismatchError(sent, echo, { SITE: shown('SITE'), RANG: shown('RANG'), NUMQUESTION: shown('NUMQUESTION') });
}

/**
 * Puts a question to one host, once, and reads the reply.
 *
 * @throws TransportError where there is no reply, or one to another question
 */
export async function ask(
  settings: Settings,
  { operation, TYPE, variables }: Query,
  url: string,
  limits: RequestLimits,
  checks: Checks = ALL_CHECKS,
): Promise<Reply> {
  const question = await makeQuestion(settings, TYPE, variables);
  const sent: Exchange = { operation, url, numquestion: question.echo.NUMQUESTION };
  return traced(settings.trace, sent, async () => {
    const begin = performance.now();
    const elapsed = (): number => Math.round(performance.now() - begin);
    settings.log({ event: 'question', ...sent, variables: question.masked });
    try {
      const http = await post(settings, sent, question, limits);
      const delivery = { url, status: http.status, contentType: http.contentType, milliseconds: elapsed(), numquestion: sent.numquestion };
      const reply = new Reply(http.body, delivery, question.scrub);
      if (checks.reply) checkReply(sent, http, reply);
      if (checks.echo) checkEcho(sent, question, reply);
      settings.log({ event: 'reply', ...sent, code: reply.code, milliseconds: delivery.milliseconds, variables: reply.toJSON() });
      return reply;
    } catch (error) {
      settings.log({ event: 'failure', ...sent, error: error as TransportError, milliseconds: elapsed() });
      throw error;
    }
  });
}
