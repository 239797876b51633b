import { GATEWAY_PATH, gatewayHost, REPLY_CONTENT_TYPE } from '../../contracts/index.js';
import type { Host } from '../engine/question.js';
import type { Answer } from '../gateway/answer.js';
import type { Gateway } from '../gateway/gateway.js';
import type { FaultInjector } from './fault-injector.js';
import { readBody } from './read-body.js';
import type { ReplyChannel } from './reply-channel.js';

const PLAIN = { 'Content-Type': REPLY_CONTENT_TYPE };
// Where the payment of an inquiry was born: the wire itself has no variable for it.
const FROM_ELSEWHERE = { ...PLAIN, 'X-Simulator-Origin': 'paybox-system' };

/** Where the backup host is played beside the main one: the same gateway, told apart by rules. */
const BACKUP_PATH = `/backup${GATEWAY_PATH}`;

/** Where questions are taken, at the gateway's hosts and of each session. */
export const QUESTION_PATHS: readonly string[] = [GATEWAY_PATH, '/', BACKUP_PATH];

/** The availability page. Protocol sheet, section 1. */
export const LOAD_PAGE =
  '<!DOCTYPE html>\n<html><head><title>TestGateway</title></head><body><div id="server_status" style="text-align:center;">OK</div></body></html>\n';

/** What is said to whoever asks the gateway with anything but POST. */
export const USE_POST = `The gateway takes a form POST here: curl -d 'VERSION=00103&TYPE=…' <url>${GATEWAY_PATH}\n`;

/** Which of the gateway's hosts is asked: the backup by its path here, or by its name where the real hosts lead here. */
export function hostAsked(name: string, path: string): Host {
  return path.endsWith(BACKUP_PATH) || gatewayHost(name)?.role === 'backup' ? 'backup' : 'main';
}

/** Which of the gateway's hosts a URL names. */
export function hostOf(url: string): Host {
  const { hostname, pathname } = new URL(url);
  return hostAsked(hostname, pathname);
}

/** The head of an answer's reply. */
export const headersOf = ({ kept }: Pick<Answer, 'kept'>): Readonly<Record<string, string>> =>
  kept.operation === 'inquire' && kept.origin === 'system' ? FROM_ELSEWHERE : PLAIN;

/**
 * Answers a request with a question for a gateway as HTTP shows it, with what a rule lets go wrong.
 *
 * @param host which of the gateway's hosts was asked
 * @throws TypeError where the connection is cut and no socket carries it, as `fetch` does
 */
export async function answerRequest(
  gateway: Gateway,
  request: Request,
  host: Host,
  faults: FaultInjector,
  channel: ReplyChannel,
): Promise<Response> {
  const answer = await gateway.answer({ ...(await readBody(request)), host });
  const headers = headersOf(answer);
  return answer.fault ? faults.send(answer, answer.fault, gateway.name, headers, channel) : new Response(answer.body, { headers });
}
