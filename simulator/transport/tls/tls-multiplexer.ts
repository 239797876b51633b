import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { openReplies } from '../node/open-replies.js';
import { type CertificateAuthority, openAuthority } from './authority.js';
import { firstByte } from './first-byte.js';
import { proxyRefusal } from './proxy.js';
import { ServerCertificate } from './server-certificate.js';
import { acceptSocks5, SOCKS5 } from './socks5.js';
import { untrustedClientHint } from './untrusted-client.js';

/** First byte of a TLS connection: a handshake record. No HTTP request begins with it. */
const HANDSHAKE = 0x16;

/** How long a refused peer may take to close the connection. Milliseconds. */
const CLOSE_TIMEOUT = 2000;

/** How long a connection may take until its first byte, and until its TLS handshake is complete. Milliseconds, like Node.js for HTTP. */
const HANDSHAKE_TIMEOUT = 60_000;

/** The alerts of clients that do not trust the authority, as OpenSSL names them. */
const UNTRUSTED = /^ERR_SSL_\w+_ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/;

const TUNNEL_OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n';

function refuse(socket: Socket, why: string): void {
  const body = `${why}\n`;
  const head = `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.setTimeout(CLOSE_TIMEOUT, () => socket.destroy());
  socket.resume().end(head + body);
}

/** Closes a connection after {@link HANDSHAKE_TIMEOUT}, unless the returned function is called before. */
function limitTime(socket: Socket): () => void {
  const timer = setTimeout(() => socket.destroy(), HANDSHAKE_TIMEOUT).unref();
  const end = (): void => clearTimeout(timer);
  socket.once('close', end);
  return end;
}

/** Makes an HTTP server accept TLS on the same port, and act as a proxy for the gateway's hosts. */
export class TlsMultiplexer {
  readonly authority: CertificateAuthority;
  readonly #certificate: ServerCertificate;
  readonly #onWarning: (message: string) => void;
  // Connections without a request so far. The server does not know them, and would wait for them when it closes.
  readonly #idle = new Set<Socket>();
  #hasReportedUntrusted = false;

  private constructor(authority: CertificateAuthority, certificate: ServerCertificate, onWarning: (message: string) => void) {
    this.authority = authority;
    this.#certificate = certificate;
    this.#onWarning = onWarning;
  }

  /**
   * @param onWarning called with a message for the user when a host is refused, or a program does not trust the certificate
   * @throws AuthorityError when the certificate authority cannot be opened
   */
  static async open(onWarning: (message: string) => void): Promise<TlsMultiplexer> {
    const { pair, ...authority } = await openAuthority();
    return new TlsMultiplexer(authority, await ServerCertificate.open(pair), onWarning);
  }

  /**
   * Takes over the connections of a server. Plain connections, and the content of TLS connections, go to the server as before.
   *
   * @param proxy whether to accept CONNECT tunnels and SOCKS5 connections to the gateway's hosts, and answer inside them
   */
  attach(server: Server, proxy: boolean): void {
    const accept = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
    const serve = (socket: Socket): void => {
      for (const listener of accept) listener.call(server, socket);
    };
    server.removeAllListeners('connection');
    server.on('connection', (socket) => {
      this.#track(socket);
      const begun = limitTime(socket);
      firstByte(socket, (byte) => {
        if (proxy && byte === SOCKS5) {
          this.#socks5(socket, begun, serve);
          return;
        }
        begun();
        if (byte === HANDSHAKE) this.#secure(socket, serve);
        else serve(socket);
      });
    });
    // A request with Expect: 100-continue has its own event.
    for (const event of ['request', 'checkContinue']) server.on(event, ({ socket }: IncomingMessage) => this.#idle.delete(socket));
    if (proxy)
      server.on('connect', async ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
        this.#idle.add(socket);
        // The replies to the requests before it come first. Inside the tunnel they would be mixed with its content.
        await openReplies(socket);
        this.#tunnel(url, socket, head, serve);
      });
  }

  /** Closes the connections that sent no request. */
  closeIdle(): void {
    for (const socket of this.#idle) socket.destroy();
  }

  close(): void {
    this.#certificate.close();
  }

  #track(socket: Socket): void {
    this.#idle.add(socket);
    // A reset, at whatever moment, must end this connection only.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#idle.delete(socket));
  }

  // Programs try again: the causes are listed once.
  #reportUntrusted(): void {
    const { file } = this.authority;
    this.#onWarning(this.#hasReportedUntrusted ? `A program does not trust the certificate of ${file}.` : untrustedClientHint(file));
    this.#hasReportedUntrusted = true;
  }

  #tunnel(target: string, socket: Socket, head: Buffer, serve: (inside: Socket) => void): void {
    const [, host = target, port = ''] = /^(.*?)(?::(\d*))?$/.exec(target) ?? [];
    const refusal = proxyRefusal(host, port);
    if (refusal !== undefined) {
      this.#onWarning(refusal);
      refuse(socket, refusal);
      return;
    }
    socket.write(TUNNEL_OPENED);
    if (head.length > 0) socket.unshift(head);
    this.#secure(socket, serve);
  }

  /** @param begun called when the peer may begin its TLS handshake. Until then the time for the first byte is limited. */
  #socks5(socket: Socket, begun: () => void, serve: (inside: Socket) => void): void {
    const accepted = (): void => {
      begun();
      this.#secure(socket, serve);
    };
    acceptSocks5(socket, proxyRefusal, accepted, (why) => {
      socket.setTimeout(CLOSE_TIMEOUT, () => socket.destroy());
      if (why !== undefined) this.#onWarning(why);
    });
  }

  #secure(socket: Socket, serve: (inside: Socket) => void): void {
    // When the client closes during the handshake, the connection must not stay half open.
    socket.allowHalfOpen = false;
    const inside = new TLSSocket(socket, { isServer: true, secureContext: this.#certificate.context, ALPNProtocols: ['http/1.1'] });
    this.#idle.delete(socket);
    this.#track(inside);
    inside.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (UNTRUSTED.test(code)) this.#reportUntrusted();
    });
    const secured = limitTime(inside);
    inside.once('secure', () => {
      secured();
      serve(inside);
    });
  }
}
