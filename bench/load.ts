import { connect, type Socket } from 'node:net';

/** What a run of load measured. */
export interface Load {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const CLOSES = /^connection: close$/im;
const LENGTH = /content-length: (\d+)/i;

/** The head of a reply once the reply is whole; undefined before. */
function wholeHead(received: Buffer): string | undefined {
  const end = received.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const length = LENGTH.exec(head)?.[1];
  if (length === undefined) throw new Error('The server answered without a Content-Length.');
  return received.length >= end + END_OF_HEAD.length + Number(length) ? head : undefined;
}

function request(body: Uint8Array): Buffer {
  const head = `POST /PPPS.php HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

interface Visit {
  readonly port: number;
  readonly isGood: (reply: Buffer) => boolean;
  /** The next request; undefined: that was all. */
  readonly next: () => Buffer | undefined;
  readonly took: (milliseconds: number) => void;
}

// Callbacks and no promises: the load must cost less than what it measures.
class Customer {
  readonly #visit: Visit;
  readonly #done: () => void;
  readonly #failed: (error: Error) => void;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #sentAt = 0;

  constructor(visit: Visit, done: () => void, failed: (error: Error) => void) {
    this.#visit = visit;
    this.#done = done;
    this.#failed = failed;
  }

  connect(): void {
    this.#socket?.removeAllListeners('close').destroy();
    this.#socket = connect({ port: this.#visit.port, host: '127.0.0.1', noDelay: true })
      .on('connect', () => this.#send())
      .on('data', (chunk) => this.#receive(chunk))
      .on('error', this.#failed)
      .on('close', () => this.#failed(new Error('The server closed a connection.')));
  }

  #send(): void {
    const request = this.#visit.next();
    if (!request) {
      this.#done();
      this.#socket?.destroy();
      return;
    }
    this.#sentAt = performance.now();
    this.#socket?.write(request);
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const head = wholeHead(this.#received);
    if (head === undefined) return;
    this.#visit.took(performance.now() - this.#sentAt);
    if (!this.#visit.isGood(this.#received)) this.#failed(new Error(`Unexpected reply: ${this.#received.toString('latin1')}`));
    this.#received = Buffer.alloc(0);
    if (CLOSES.test(head)) this.connect();
    else this.#send();
  }
}

/**
 * Posts bodies over connections that are kept as long as the server keeps them, each waiting for its reply before the next.
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
  const visit = { port, isGood, next: () => bodies[next++], took: (milliseconds: number) => void latencies.push(milliseconds) };
  const work = (): Promise<void> => new Promise((resolve, reject) => new Customer(visit, resolve, reject).connect());
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return { requestsPerSecond: requests / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
