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
import { parseResponses, type Response } from './response-parser.js';

const AT_ONCE = 32;
const MEASUREMENTS = 12;
const PATIENCE = 10_000;

const isLinux = process.platform === 'linux';

const shown = ({ segments, end }: Sending): string =>
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

/** Sends over a connection of its own; answers all that came back until the server closed it. */
function send(port: number, n: number, sending: Sending): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Ports of closed connections stay taken for a while: there are as many again for each address.
    const socket = connect({ port, host: '127.0.0.1', ...(isLinux && { localAddress: `127.0.0.${1 + (n % 250)}` }) });
    const received: Buffer[] = [];
    socket.setTimeout(PATIENCE, () =>
      reject(new Error(`The server keeps a connection open that its client has ended, after ${shown(sending)}`)),
    );
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    // The server may close on what is no HTTP while there is more of it to come.
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === undefined ? reject(error) : socket.destroy()));
    socket.on('close', () => resolve(Buffer.concat(received)));
    socket.on('connect', () => void write(socket, sending));
  });
}

function expectWellFormed({ status, headers, body }: Response): void {
  expect(status).toBeLessThan(500);
  if (headers.get('content-type') === REPLY_CONTENT_TYPE) {
    expect(status).toBe(200);
    parseReply(body);
  } else if (headers.get('content-type')?.startsWith('application/json')) JSON.parse(Buffer.from(body).toString());
}

/** What came over a connection that the client did not cut, or that was not reset under it, is responses and nothing else. */
function check(received: Buffer, sending: Sending): readonly Response[] {
  if (sending.end === 'hang-up') return [];
  try {
    const responses = parseResponses(received);
    for (const response of responses) expectWellFormed(response);
    return responses;
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\nAfter ${shown(sending)}`, {
      cause,
    });
  }
}

campaign(
  { name: 'whatever comes over a socket gets well-formed responses or none', unit: 'connections', short: 800, long: 60_000 },
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
    const ordinary: Sending = {
      segments: [Buffer.from(postHead({ 'Content-Length': body.length })), Buffer.from(body)],
      end: 'half-close',
    };
    const customer = async (): Promise<void> => {
      while (n < connections) {
        const sending = mutatedSending(random);
        for (const { status, headers } of check(await send(port, n++, sending), sending)) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          if (headers.get('content-type') === REPLY_CONTENT_TYPE) replies++;
        }
      }
    };
    try {
      const share = Math.ceil(connections / MEASUREMENTS);
      for (const total = connections; n < total; ) {
        connections = Math.min(total, n + share);
        await Promise.all(Array.from({ length: AT_ONCE }, customer));
        await simulator.reset();
        const [response] = check(await send(port, n, ordinary), ordinary);
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
    const seen = [...statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${times} × ${status}`);
    return `${seen.join(', ')}; ${exchanges} exchanges; ${expectNoGrowth(heap)}`;
  },
);
