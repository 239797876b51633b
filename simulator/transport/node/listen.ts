import { createServer, type RequestListener, type Server } from 'node:http';
import type { ListenOptions } from '../../simulator.js';
import { wait } from '../../wait.js';
import type { CertificateAuthority } from '../tls/authority.js';
import type { TlsMultiplexer } from '../tls/tls-multiplexer.js';
import { openPort } from './open-port.js';

/** A server that listens. */
export interface Listening {
  /** `http://127.0.0.1:8888`, without a path. */
  readonly url: string;
  /** `https://localhost:8888`, where it speaks HTTPS: the same port. */
  readonly httpsUrl: string | undefined;
  /** Who signed its certificate, where it speaks HTTPS. */
  readonly authority: CertificateAuthority | undefined;
  /** Refuses connections for so many milliseconds, then listens again; kept once it does. Requests at work are answered. */
  outage(milliseconds: number): Promise<void>;
  /** Ends it: no new connection, requests at work are answered. */
  close(): Promise<void>;
}

const shownHost = (address: string): string => {
  if (address === '0.0.0.0' || address === '::') return '127.0.0.1';
  return address.includes(':') ? `[${address}]` : address;
};

// Where the certificate's names lead to this server, one of them is shown.
const secureHost = (address: string): string => (shownHost(address) === '127.0.0.1' ? 'localhost' : shownHost(address));

// A client that keeps its connection open would hold the close back for as long as it likes: each goes once it is idle.
async function closeServer(server: Server, door: TlsMultiplexer | undefined): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), 10);
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  door?.cutSilent();
  setTimeout(() => server.closeAllConnections(), 2000).unref();
  await closed;
  clearInterval(sweep);
}

// A client may end its side once it has asked (`nc -N`, shutdown). Unless this is said, Node carries out what it asked and closes without
// an answer.
const answersHalfClosed = (server: Server): Server => Object.assign(server, { httpAllowHalfOpen: true });

/**
 * Answers requests that wait for a 100 before they send their body. By itself Node writes it in the middle of the reply where an earlier
 * request of the connection is still at work and the reply is ready first.
 */
function answersExpectations(server: Server, answer: RequestListener): Server {
  return server.on('checkContinue', (incoming, outgoing) => {
    const goOn = (): void => {
      if (!outgoing.headersSent) outgoing.writeContinue();
    };
    if (outgoing.socket) goOn();
    else outgoing.once('socket', goOn);
    answer(incoming, outgoing);
  });
}

const serverOf = (answer: RequestListener): Server => answersExpectations(answersHalfClosed(createServer(answer)), answer);

// Certificates take a while to load: they are when they are wanted.
async function makeServer(
  answer: RequestListener,
  { https = false, proxy = false, onRefused = () => {} }: ListenOptions,
): Promise<[Server, TlsMultiplexer | undefined]> {
  if (!https && !proxy) return [serverOf(answer), undefined];
  const { TlsMultiplexer } = await import('../tls/tls-multiplexer.js');
  const { proxyRequests } = await import('../tls/proxy-requests.js');
  const door = await TlsMultiplexer.open(onRefused);
  const server = serverOf(proxy ? proxyRequests(answer, onRefused) : answer);
  door.attach(server, proxy);
  return [server, door];
}

/**
 * Serves requests on a port.
 *
 * @throws ListenError when the port cannot be opened
 * @throws AuthorityError when it shall speak HTTPS and there is no certificate authority to be had
 */
export async function listen(answer: RequestListener, { port = 0, host = '127.0.0.1', ...doors }: ListenOptions): Promise<Listening> {
  const [server, door] = await makeServer(answer, doors);
  const { address, port: opened } = await openPort(server, port, host).catch((error: unknown) => {
    door?.close();
    throw error;
  });
  let isOpen = true;
  let isEnded = false;
  return {
    url: `http://${shownHost(address)}:${opened}`,
    httpsUrl: door && `https://${secureHost(address)}:${opened}`,
    authority: door?.authority,
    outage: async (milliseconds) => {
      isOpen = false;
      await Promise.all([closeServer(server, door), wait(milliseconds)]);
      if (isEnded) return;
      await openPort(server, opened, host);
      isOpen = true;
    },
    close: async () => {
      isEnded = true;
      door?.close();
      if (isOpen) await closeServer(server, door);
    },
  };
}
