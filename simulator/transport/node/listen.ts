import { createServer, type RequestListener, type Server } from 'node:http';
import { delay } from '../delay.js';
import type { CertificateAuthority } from '../tls/authority.js';
import type { TlsMultiplexer } from '../tls/tls-multiplexer.js';
import { answerBadRequests, type OnTrailingBytes } from './bad-requests.js';
import { openPort } from './open-port.js';
import { rememberReply } from './open-replies.js';

/** Where a simulator listens. */
export interface ListenOptions {
  /** Port; 0 picks a free one. Default: 0. */
  readonly port?: number;
  /** Address. Default: 127.0.0.1, this machine only. */
  readonly host?: string;
  /** Accept TLS on the same port too, with a certificate of an authority that is created on first use. */
  readonly https?: boolean;
  /** Act as the proxy (HTTPS_PROXY) of programs whose gateway host is fixed: serves its hosts, and no other. Implies `https`. */
  readonly proxy?: boolean;
  /** Called with a message for the user when a host is refused by the proxy, or a program does not trust the certificate. */
  readonly onWarning?: (message: string) => void;
}

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8888`, without a path. */
  readonly url: string;
  /** `https://localhost:8888`, on the same port; undefined without HTTPS. */
  readonly httpsUrl: string | undefined;
  /** The authority that signed its certificate; undefined without HTTPS. */
  readonly authority: CertificateAuthority | undefined;
  /** Refuses connections for some milliseconds, then listens again. Requests in progress are answered. Resolves when it listens again. */
  outage(milliseconds: number): Promise<void>;
  /** Stops listening. Requests in progress are answered. */
  close(): Promise<void>;
}

const shownHost = (address: string): string => {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
};

// The certificate is for localhost, not for every address.
const secureHost = (address: string): string => (shownHost(address) === '127.0.0.1' ? 'localhost' : shownHost(address));

// A client that keeps its connection open would delay the close, so idle connections are closed.
async function closeServer(server: Server, tls: TlsMultiplexer | undefined): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 10);
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  tls?.closeIdle();
  setTimeout(() => server.closeAllConnections(), 2000).unref();
  await closed;
  clearInterval(sweep);
}

// A client may close its side after the request (`nc -N`, shutdown). By default Node processes the request and closes without a reply.
const allowHalfClosed = (server: Server): Server => Object.assign(server, { httpAllowHalfOpen: true });

/**
 * Answers requests with `Expect: 100-continue`. By default Node writes the 100 in the middle of a reply when an earlier request on the
 * connection is still in progress and the reply is ready first.
 */
function answerContinue(server: Server, answer: RequestListener): Server {
  return server.on('checkContinue', (incoming, outgoing) => {
    const writeContinue = (): void => {
      if (!outgoing.headersSent) outgoing.writeContinue();
    };
    if (outgoing.socket) writeContinue();
    else outgoing.once('socket', writeContinue);
    answer(incoming, outgoing);
  });
}

function createHttpServer(answer: RequestListener, onTrailing: OnTrailingBytes): Server {
  const remembered: RequestListener = (incoming, outgoing) => {
    rememberReply(outgoing);
    answer(incoming, outgoing);
  };
  return answerBadRequests(answerContinue(allowHalfClosed(createServer(remembered)), remembered), onTrailing);
}

// The TLS modules take a while to load, so only a server that needs them loads them.
async function makeServer(
  answer: RequestListener,
  onTrailing: OnTrailingBytes,
  { https = false, proxy = false, onWarning = () => {} }: ListenOptions,
): Promise<[Server, TlsMultiplexer | undefined]> {
  if (!https && !proxy) return [createHttpServer(answer, onTrailing), undefined];
  const { TlsMultiplexer } = await import('../tls/tls-multiplexer.js');
  const { proxyRequests } = await import('../tls/proxy.js');
  const tls = await TlsMultiplexer.open(onWarning);
  const server = createHttpServer(proxy ? proxyRequests(answer, onWarning) : answer, onTrailing);
  tls.attach(server, proxy);
  return [server, tls];
}

/**
 * Serves requests on a port.
 *
 * @param onTrailing called with bytes that follow the body of a request
 * @throws ListenError when the port cannot be opened
 * @throws AuthorityError when HTTPS is asked for and the certificate authority cannot be opened
 */
export async function listen(
  answer: RequestListener,
  onTrailing: OnTrailingBytes,
  { port = 0, host = '127.0.0.1', ...tlsOptions }: ListenOptions,
): Promise<Listening> {
  const [server, tls] = await makeServer(answer, onTrailing, tlsOptions);
  const { address, port: opened } = await openPort(server, port, host).catch((error: unknown) => {
    tls?.close();
    throw error;
  });
  let isOpen = true;
  let isEnded = false;
  return {
    url: `http://${shownHost(address)}:${opened}`,
    httpsUrl: tls && `https://${secureHost(address)}:${opened}`,
    authority: tls?.authority,
    outage: async (milliseconds) => {
      isOpen = false;
      await Promise.all([closeServer(server, tls), delay(milliseconds)]);
      if (isEnded) return;
      await openPort(server, opened, host);
      isOpen = true;
    },
    close: async () => {
      isEnded = true;
      tls?.close();
      if (isOpen) await closeServer(server, tls);
    },
  };
}
