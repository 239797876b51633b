import { connect } from 'node:net';

/** What a run of load measured. */
export interface Load {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const LENGTH = /content-length: (\d+)/i;

/** Length of the first whole reply in what was received; 0 while it is not whole. */
function replyLength(received: Buffer): number {
  const head = received.indexOf(END_OF_HEAD);
  if (head < 0) return 0;
  const length = LENGTH.exec(received.toString('latin1', 0, head))?.[1];
  if (length === undefined) throw new Error('The server answered without a Content-Length.');
  const whole = head + END_OF_HEAD.length + Number(length);
  return received.length >= whole ? whole : 0;
}

function request(body: Uint8Array): Buffer {
  const head = `POST /PPPS.php HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/**
 * Posts bodies over keep-alive connections, each waiting for its reply before the next.
 *
 * @param makeBody the n-th body, n from `first` on
 * @param isGood whether a reply is what it should be; one that is not ends the run
 */
export async function load(
  port: number,
  {
    connections,
    requests,
    first,
    makeBody,
    isGood,
  }: { connections: number; requests: number; first: number; makeBody: (n: number) => Uint8Array; isGood: (reply: Buffer) => boolean },
): Promise<Load> {
  const bodies = Array.from({ length: requests }, (_, i) => request(makeBody(first + i)));
  const latencies: number[] = [];
  let next = 0;
  // Callbacks and no promises: the load must cost less than what it measures.
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      let received: Buffer = Buffer.alloc(0);
      let sentAt = 0;
      const send = (): void => {
        const body = bodies[next++];
        if (!body) {
          socket.destroy();
          resolve();
          return;
        }
        sentAt = performance.now();
        socket.write(body);
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('The server closed a connection.')));
      socket.on('data', (chunk: Buffer) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        if (replyLength(received) === 0) return;
        latencies.push(performance.now() - sentAt);
        if (!isGood(received)) {
          socket.destroy(new Error(`Unexpected reply: ${received.toString('latin1')}`));
          return;
        }
        received = Buffer.alloc(0);
        send();
      });
    });
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return { requestsPerSecond: requests / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
