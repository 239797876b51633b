import { connect, type Socket } from 'node:net';
import { encodeForm } from '../../contracts/index.js';
import { HEAD, type Variables } from '../support/question.js';
import { postHead } from '../support/raw-http.js';
import { parseReply } from './reply-parser.js';
import { parseResponses } from './response-parser.js';

/** Connections that a server has not accepted yet and the system keeps for it. */
const BACKLOG = 400;

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function answered(socket: Socket): Promise<Variables> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      try {
        const [response] = parseResponses(Buffer.concat(received));
        resolve(parseReply(response?.body ?? new Uint8Array()));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Asks many questions at once, each over a connection of its own: all are open before the first is asked. */
export async function askAtOnce(url: string, questions: readonly Variables[]): Promise<Variables[]> {
  const port = Number(new URL(url).port);
  const sockets: Socket[] = [];
  while (sockets.length < questions.length) {
    const more = Math.min(BACKLOG, questions.length - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: more }, () => open(port)))));
  }
  const replies = sockets.map(answered);
  for (const [n, socket] of sockets.entries()) {
    const body = encodeForm(Object.entries({ ...HEAD, DEVISE: '978', ...questions[n] }));
    socket.end(Buffer.concat([Buffer.from(postHead({ 'Content-Length': body.length, Connection: 'close' })), body]));
  }
  return Promise.all(replies);
}

/** How often each CODEREPONSE came. */
export function codesOf(replies: readonly Variables[]): Readonly<Record<string, number>> {
  const codes: Record<string, number> = {};
  for (const { CODEREPONSE = '' } of replies) codes[CODEREPONSE] = (codes[CODEREPONSE] ?? 0) + 1;
  return codes;
}

/** How many files and sockets this process may have open. */
export function openFilesAllowed(): number {
  const { userLimits } = process.report.getReport() as unknown as { userLimits?: { open_files?: { soft?: string | number } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' || /^\d+$/.test(soft ?? '') ? Number(soft) : Number.POSITIVE_INFINITY;
}
