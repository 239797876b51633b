import { connect, type Socket } from 'node:net';

/** The figures of a load test. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const CLOSES = /^connection: close$/im;
const LENGTH = /content-length: (\d+)/i;

/** Returns the head of a reply if the reply is complete, else undefined. */
function headOfCompleteReply(received: Buffer): string | undefined {
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

/** What the connections of a load test share. */
interface RequestSource {
  readonly port: number;
  readonly isExpected: (reply: Buffer) => boolean;
  /** Returns the next request, or undefined after the last one. */
  readonly next: () => Buffer | undefined;
  readonly addLatency: (milliseconds: number) => void;
}

// Callbacks instead of promises: the load generator must cost less than the server that it measures.
class LoadConnection {
  readonly #source: RequestSource;
  readonly #done: () => void;
  readonly #failed: (error: Error) => void;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #sentAt = 0;

  constructor(source: RequestSource, done: () => void, failed: (error: Error) => void) {
    this.#source = source;
    this.#done = done;
    this.#failed = failed;
  }

  connect(): void {
    this.#socket?.removeAllListeners('close').destroy();
    this.#socket = connect({ port: this.#source.port, host: '127.0.0.1', noDelay: true })
      .on('connect', () => this.#send())
      .on('data', (chunk) => this.#receive(chunk))
      .on('error', this.#failed)
      .on('close', () => this.#failed(new Error('The server closed a connection.')));
  }

  #send(): void {
    const request = this.#source.next();
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
    const head = headOfCompleteReply(this.#received);
    if (head === undefined) return;
    this.#source.addLatency(performance.now() - this.#sentAt);
    if (!this.#source.isExpected(this.#received)) this.#failed(new Error(`Unexpected reply: ${this.#received.toString('latin1')}`));
    this.#received = Buffer.alloc(0);
    if (CLOSES.test(head)) this.connect();
    else this.#send();
  }
}

/**
 * Posts bodies over persistent connections. Each connection waits for the reply before it sends the next request, and is opened again if
 * the server closes it after a reply.
 *
 * @param makeBody makes the n-th body; n starts at `first`
 * @param isExpected whether a reply is correct
 * @throws Error when a reply is not correct or a connection fails
 */
export async function runLoad(
  port: number,
  {
    connections,
    requests,
    first,
    makeBody,
    isExpected,
  }: { connections: number; requests: number; first: number; makeBody: (n: number) => Uint8Array; isExpected: (reply: Buffer) => boolean },
): Promise<LoadResult> {
  const bodies = Array.from({ length: requests }, (_, i) => request(makeBody(first + i)));
  const latencies: number[] = [];
  let next = 0;
  const source: RequestSource = {
    port,
    isExpected,
    next: () => bodies[next++],
    addLatency: (milliseconds) => void latencies.push(milliseconds),
  };
  const runConnection = (): Promise<void> => new Promise((resolve, reject) => new LoadConnection(source, resolve, reject).connect());
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, runConnection));
  const seconds = (performance.now() - start) / 1000;
  latencies.sort((a, b) => a - b);
  return { requestsPerSecond: requests / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
