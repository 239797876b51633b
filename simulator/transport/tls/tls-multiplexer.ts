import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type CertificateAuthority, openAuthority } from './authority.js';
import { firstByte } from './first-byte.js';
import { proxyRefusal } from './proxy-target.js';
import { ServerCertificate } from './server-certificate.js';
import { untrustedClientHint } from './untrusted-client.js';

/** First byte of a TLS connection: a handshake record. No HTTP request begins with it. */
const HANDSHAKE = 0x16;

/** How long a refused peer may take to hang up. Milliseconds. */
const PARTING = 2000;

/** What clients say to a certificate whose authority they do not know, as OpenSSL names it. */
const DISTRUST = /^ERR_SSL_\w+_ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN)$/;

const TUNNEL_OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n';

function refuse(socket: Socket, why: string): void {
  const body = `${why}\n`;
  const head = `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.setTimeout(PARTING, () => socket.destroy());
  socket.resume().end(head + body);
}

/** Lets an HTTP server speak TLS too, on the same port, and play the gateway's hosts for those who take it for their proxy. */
export class TlsMultiplexer {
  readonly authority: CertificateAuthority;
  readonly #certificate: ServerCertificate;
  readonly #onRefused: (why: string) => void;
  // Over these no request has come yet: the server does not know of them, and would wait for them when it ends.
  readonly #silent = new Set<Socket>();
  #toldDistrust = false;

  private constructor(authority: CertificateAuthority, certificate: ServerCertificate, onRefused: (why: string) => void) {
    this.authority = authority;
    this.#certificate = certificate;
    this.#onRefused = onRefused;
  }

  /**
   * @param onRefused told, in a sentence for the user, of hosts that were refused and of programs that do not trust the certificate
   * @throws AuthorityError when there is no certificate authority to be had
   */
  static async open(onRefused: (why: string) => void): Promise<TlsMultiplexer> {
    const { pair, ...authority } = await openAuthority();
    return new TlsMultiplexer(authority, await ServerCertificate.open(pair), onRefused);
  }

  /**
   * Takes over the connections of a server: plain ones, and what comes out of secure ones, go to the server as before.
   *
   * @param proxy whether it opens tunnels to the gateway's hosts, inside which it answers itself
   */
  attach(server: Server, proxy: boolean): void {
    const accept = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
    const serve = (socket: Socket): void => {
      for (const listener of accept) listener.call(server, socket);
    };
    server.removeAllListeners('connection');
    server.on('connection', (socket) => {
      this.#await(socket);
      firstByte(socket, (byte) => (byte === HANDSHAKE ? this.#secure(socket, serve) : serve(socket)));
    });
    // One that waits for a 100 before it sends its body is told of apart.
    for (const event of ['request', 'checkContinue']) server.on(event, ({ socket }: IncomingMessage) => this.#silent.delete(socket));
    if (proxy)
      server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => this.#tunnel(url, socket, head, serve));
  }

  /** Cuts the connections over which no request has come. */
  cutSilent(): void {
    for (const socket of this.#silent) socket.destroy();
  }

  close(): void {
    this.#certificate.close();
  }

  #await(socket: Socket): void {
    this.#silent.add(socket);
    // Whoever resets the connection, at whatever moment, ends this connection and nothing else.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#silent.delete(socket));
  }

  // Programs try again: the causes are told once.
  #tellDistrust(): void {
    const { file } = this.authority;
    this.#onRefused(this.#toldDistrust ? `A program does not trust the certificate of ${file}.` : untrustedClientHint(file));
    this.#toldDistrust = true;
  }

  #tunnel(target: string, socket: Socket, head: Buffer, serve: (inside: Socket) => void): void {
    this.#silent.add(socket);
    const [, host = target, port = ''] = /^(.*?)(?::(\d*))?$/.exec(target) ?? [];
    const refusal = proxyRefusal(host, port);
    if (refusal !== undefined) {
      this.#onRefused(refusal);
      refuse(socket, refusal);
      return;
    }
    socket.write(TUNNEL_OPENED);
    if (head.length > 0) socket.unshift(head);
    this.#secure(socket, serve);
  }

  #secure(socket: Socket, serve: (inside: Socket) => void): void {
    // Hung up on amid a handshake, it shall not stay half open.
    socket.allowHalfOpen = false;
    const inside = new TLSSocket(socket, { isServer: true, secureContext: this.#certificate.context, ALPNProtocols: ['http/1.1'] });
    this.#silent.delete(socket);
    this.#await(inside);
    inside.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      if (DISTRUST.test(code)) this.#tellDistrust();
    });
    inside.once('secure', () => serve(inside));
  }
}
