import { isResponseCode } from '../contracts/index.js';
import { answers, type Echo, echoOf } from './echo.js';
import { BrokenReplyError } from './errors/broken-reply-error.js';
import { EchoMismatchError } from './errors/echo-mismatch-error.js';
import type { TransportError } from './errors/transport-error.js';
import { type ExchangeInfo, runTraced } from './events.js';
import { displayText } from './masking.js';
import { type EncodedQuestion, encodeQuestion, type WireVariables } from './question.js';
import { Reply } from './reply.js';
import type { Settings } from './settings.js';
import { type HttpReply, post, type RequestLimits } from './transport.js';

/** A question before it is encoded. */
export interface QuestionInput {
  /** Name of the operation, or its TYPE if it has no name. */
  readonly operation: string;
  readonly TYPE: string;
  readonly variables: WireVariables;
}

/** Which checks a reply must pass. */
export interface ReplyChecks {
  /** SITE, RANG and NUMQUESTION are those of the question. */
  readonly echo: boolean;
  /** The reply has HTTP status 200 and a CODEREPONSE, and does not contradict itself. */
  readonly format: boolean;
}

const ALL_CHECKS: ReplyChecks = { echo: true, format: true };

function formatProblemOf({ status, body }: HttpReply, reply: Reply): string | undefined {
  if (status !== 200) return 'the gateway always answers with HTTP status 200';
  if (body.length === 0) return 'the body is empty';
  if (!isResponseCode(reply.code)) return 'it has no CODEREPONSE of five digits or letters';
  const contradictions = reply.contradictions();
  return contradictions.length === 0 ? undefined : `it has ${contradictions.join(', ')} twice, with different values`;
}

function checkFormat(exchange: ExchangeInfo, http: HttpReply, reply: Reply): void {
  const problem = formatProblemOf(http, reply);
  if (problem === undefined) return;
  throw new BrokenReplyError(exchange, { problem, status: http.status, contentType: http.contentType, length: http.body.length });
}

/** Longest part of a wrong echo that an error shows, in characters. */
const MAX_SHOWN_ECHO = 40;

function checkEcho(exchange: ExchangeInfo, { echo, scrub }: EncodedQuestion, reply: Reply): void {
  if (answers(echo, reply)) return;
  const received = echoOf(reply);
  const shown = (name: keyof Echo): string => displayText(scrub, received[name]).slice(0, MAX_SHOWN_ECHO);
  throw new EchoMismatchError(exchange, echo, { SITE: shown('SITE'), RANG: shown('RANG'), NUMQUESTION: shown('NUMQUESTION') });
}

/**
 * Sends a question to one host, once, and reads the reply.
 *
 * @throws TransportError if there is no usable reply, or the reply answers another question
 */
export async function request(
  settings: Settings,
  { operation, TYPE, variables }: QuestionInput,
  url: string,
  limits: RequestLimits,
  checks: ReplyChecks = ALL_CHECKS,
): Promise<Reply> {
  const question = await encodeQuestion(settings, TYPE, variables);
  const exchange: ExchangeInfo = { operation, url, numquestion: question.echo.NUMQUESTION };
  return runTraced(settings.trace, exchange, async () => {
    const start = performance.now();
    const elapsed = (): number => Math.round(performance.now() - start);
    settings.log?.({ event: 'question', ...exchange, variables: question.maskedVariables() });
    try {
      const http = await post(settings, exchange, question, limits);
      const { status, contentType } = http;
      const delivery = { url, status, contentType, milliseconds: elapsed(), numquestion: exchange.numquestion };
      const reply = new Reply(http.body, delivery, question.scrub);
      if (checks.format) checkFormat(exchange, http, reply);
      if (checks.echo) checkEcho(exchange, question, reply);
      settings.log?.({ event: 'reply', ...exchange, code: reply.code, milliseconds: delivery.milliseconds, variables: reply.toJSON() });
      return reply;
    } catch (error) {
      settings.log?.({ event: 'failure', ...exchange, error: error as TransportError, milliseconds: elapsed() });
      throw error;
    }
  });
}
