import { connect, type Socket } from 'node:net';
import { encodeForm } from '../../contracts/index.js';
import { HEAD, type Variables } from '../support/question.js';
import { postHead } from '../support/raw-http.js';
import { parseReply } from './reply-parser.js';
import { parseResponses } from './response-parser.js';

/** Connections to open at once: the operating system queues only so many for a server to accept. */
const BACKLOG = 400;

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function replyOf(socket: Socket): Promise<Variables> {
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

/** Sends many questions at once, each over its own connection. All connections are open before the first question is sent. */
export async function askAtOnce(url: string, questions: readonly Variables[]): Promise<Variables[]> {
  const port = Number(new URL(url).port);
  const sockets: Socket[] = [];
  while (sockets.length < questions.length) {
    const count = Math.min(BACKLOG, questions.length - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: count }, () => open(port)))));
  }
  const replies = sockets.map(replyOf);
  for (const [n, socket] of sockets.entries()) {
    const body = encodeForm(Object.entries({ ...HEAD, DEVISE: '978', ...questions[n] }));
    socket.end(Buffer.concat([Buffer.from(postHead({ 'Content-Length': body.length, Connection: 'close' })), body]));
  }
  return Promise.all(replies);
}

/** Counts the replies by CODEREPONSE. */
export function codesOf(replies: readonly Variables[]): Readonly<Record<string, number>> {
  const codes: Record<string, number> = {};
  for (const { CODEREPONSE = '' } of replies) codes[CODEREPONSE] = (codes[CODEREPONSE] ?? 0) + 1;
  return codes;
}

/** Returns how many files and sockets this process may open. */
export function maxOpenFiles(): number {
  const { userLimits } = process.report.getReport() as unknown as { userLimits?: { open_files?: { soft?: string | number } } };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' || /^\d+$/.test(soft ?? '') ? Number(soft) : Number.POSITIVE_INFINITY;
}
