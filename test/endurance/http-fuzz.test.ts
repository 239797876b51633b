import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import { encodeForm, REPLY_CONTENT_TYPE } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { CARD, HEAD, NOON } from '../support/question.js';
import { postHead } from '../support/raw-http.js';
import { campaign } from './campaign.js';
import { expectNoGrowth, heapInUse } from './heap.js';
import { mutatedSending, type Sending } from './mutate-http.js';
import { Random } from './random.js';
import { parseReply } from './reply-parser.js';
import { type ParsedResponse, parseResponses } from './response-parser.js';

const AT_ONCE = 32;
const MEASUREMENTS = 12;
/** Milliseconds. */
const CLOSE_TIMEOUT = 10_000;

const isLinux = process.platform === 'linux';

const describeSending = ({ segments, end }: Sending): string =>
  `${JSON.stringify(Buffer.concat(segments).toString('latin1').slice(0, 2000))} in ${segments.length} segments, ${end}`;

async function write(socket: Socket, { segments, end }: Sending): Promise<void> {
  for (const segment of segments) {
    if (socket.destroyed) return;
    socket.write(segment);
    await nextTurn();
  }
  if (end === 'hang-up') socket.destroy();
  else socket.end();
}

/** Sends over a new connection. Resolves with all received bytes when the connection is closed. */
function send(port: number, n: number, sending: Sending): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Ports of closed connections stay in use for a while. Each local address has its own ports.
    const socket = connect({ port, host: '127.0.0.1', ...(isLinux && { localAddress: `127.0.0.${1 + (n % 250)}` }) });
    const received: Buffer[] = [];
    socket.setTimeout(CLOSE_TIMEOUT, () =>
      reject(new Error(`The server did not close a connection that its client has ended, after ${describeSending(sending)}`)),
    );
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    // The server may close the connection on invalid HTTP while the client is still sending.
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === undefined ? reject(error) : socket.destroy()));
    socket.on('close', () => resolve(Buffer.concat(received)));
    socket.on('connect', () => void write(socket, sending));
  });
}

function expectWellFormed({ status, headers, body }: ParsedResponse): void {
  expect(status).toBeLessThan(500);
  if (headers.get('content-type') === REPLY_CONTENT_TYPE) {
    expect(status).toBe(200);
    parseReply(body);
  } else if (headers.get('content-type')?.startsWith('application/json')) JSON.parse(Buffer.from(body).toString());
}

/** Checks that the received bytes are well-formed responses, unless the client cut the connection. Returns the responses. */
function checkResponses(received: Buffer, sending: Sending): readonly ParsedResponse[] {
  if (sending.end === 'hang-up') return [];
  try {
    const responses = parseResponses(received);
    for (const response of responses) expectWellFormed(response);
    return responses;
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\nAfter ${describeSending(sending)}`, {
      cause,
    });
  }
}

campaign(
  { name: 'any bytes over a socket get well-formed responses or none', unit: 'connections', short: 800, long: 60_000 },
  async (connections, seed) => {
    const random = new Random(seed);
    let exchanges = 0;
    const simulator = createSimulator({ clock: NOON, onExchange: () => exchanges++ });
    const port = Number(new URL(await simulator.listen()).port);
    const statuses = new Map<number, number>();
    const heap: number[] = [];
    let replies = 0;
    let n = 0;
    const body = encodeForm(
      Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1', DEVISE: '978', REFERENCE: 'a' }),
    );
    const validQuestion: Sending = {
      segments: [Buffer.from(postHead({ 'Content-Length': body.length })), Buffer.from(body)],
      end: 'half-close',
    };
    const client = async (): Promise<void> => {
      while (n < connections) {
        const sending = mutatedSending(random);
        for (const { status, headers } of checkResponses(await send(port, n++, sending), sending)) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (headers.get('content-type') === REPLY_CONTENT_TYPE) replies++;
        }
      }
    };
    try {
      const share = Math.ceil(connections / MEASUREMENTS);
      for (const total = connections; n < total; ) {
        connections = Math.min(total, n + share);
        await Promise.all(Array.from({ length: AT_ONCE }, client));
        await simulator.reset();
        const [response] = checkResponses(await send(port, n, validQuestion), validQuestion);
        expect(parseReply(response?.body ?? new Uint8Array()).CODEREPONSE).toBe('00000');
        replies++;
        heap.push(heapInUse());
        connections = total;
      }
    } finally {
      await simulator.close();
    }
    expect(replies).toBeLessThanOrEqual(exchanges);
    expect(replies).toBeGreaterThan(n / 4);
    const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`);
    return `${counts.join(', ')}; ${exchanges} exchanges; ${expectNoGrowth(heap)}`;
  },
);
