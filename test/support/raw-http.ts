import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An HTTP response as received. */
export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const HEAD_END = Buffer.from('\r\n\r\n');

interface Parsed {
  readonly reply: RawReply;
  readonly length: number;
}

function readChunked(bytes: Buffer): { body: Buffer; length: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
    if (size === 0) return { body: Buffer.concat(parts), length: at };
  }
}

function readReply(bytes: Buffer): Parsed | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const headers = new Headers(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  const status = Number(statusLine.split(' ')[1]);
  const rest = bytes.subarray(headEnd + HEAD_END.length);
  if (headers.get('transfer-encoding') === 'chunked') {
    const chunked = readChunked(rest);
    return chunked && { reply: { status, headers, body: chunked.body }, length: bytes.length - rest.length + chunked.length };
  }
  const size = Number(headers.get('content-length') ?? 0);
  if (rest.length < size) return undefined;
  return { reply: { status, headers, body: rest.subarray(0, size) }, length: bytes.length - rest.length + size };
}

/** A connection that can send any bytes, for requests that no HTTP client would send. It is closed at the end of the test. */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
    onTestFinished(() => void socket.destroy());
  }

  static open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new RawConnection(socket)));
      socket.once('error', reject);
    });
  }

  /** Uses a socket that is already open, for instance a TLS connection or one inside a tunnel. */
  static over(socket: Socket): RawConnection {
    return new RawConnection(socket);
  }

  /** Returns the socket for another use. Received bytes that were not read are lost. */
  release(): Socket {
    return this.#socket.removeAllListeners('data');
  }

  /** Resolves when the other side has closed the connection. */
  async closed(): Promise<void> {
    while (!this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  send(...parts: readonly (string | Uint8Array)[]): void {
    for (const part of parts) this.#socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
  }

  /** Resolves when all bytes have left this process. */
  sent(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.writableLength === 0) resolve();
      else this.#socket.once('drain', resolve);
    });
  }

  /** Resolves with the next response. Rejects if the connection is closed before it is complete. */
  async reply(): Promise<RawReply> {
    for (;;) {
      const parsed = readReply(this.#received);
      if (parsed) {
        this.#received = this.#received.subarray(parsed.length);
        return parsed.reply;
      }
      if (this.#ended) throw new Error(`The connection was closed after ${JSON.stringify(this.#received.toString('latin1'))}.`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Closes the sending side. Responses can still be received. */
  end(): void {
    this.#socket.end();
  }

  /** Closes the connection at once. */
  destroy(): void {
    this.#socket.destroy();
  }
}

const headerLines = (headers: Readonly<Record<string, string | number>>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

/** Returns the head of a POST request to the gateway. */
export const postHead = (headers: Readonly<Record<string, string | number>>, path = '/PPPS.php'): string =>
  `POST ${path} HTTP/1.1\r\n${headerLines({ Host: 'localhost', ...headers })}\r\n`;

/** Returns a GET request. */
export const getRequest = (path: string, headers: Readonly<Record<string, string>>): string =>
  `GET ${path} HTTP/1.1\r\n${headerLines(headers)}\r\n`;

/** Returns a CONNECT request, which opens a tunnel through a proxy. Its Host is another one, because only the target counts. */
export const connectRequest = (target: string): string => `CONNECT ${target} HTTP/1.1\r\n${headerLines({ Host: 'localhost' })}\r\n`;

/** Returns the status of the next response, or `closed` if the connection is closed instead. */
export const statusOf = (connection: RawConnection): Promise<number | 'closed'> =>
  connection.reply().then(
    ({ status }) => status,
    () => 'closed',
  );
