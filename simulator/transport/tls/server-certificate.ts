import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { KeyPair } from './key-pair.js';
import { makeServerCertificate } from './x509.js';

const HOUR = 60 * 60 * 1000;

/** How long before its end a certificate is replaced. Milliseconds. */
const RENEWAL = 30 * 24 * HOUR;

/** A server's certificate that is replaced before it ends, for as long as the server runs. Kept in memory only. */
export class ServerCertificate {
  readonly #authority: KeyPair;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #context: SecureContext;
  #end: number;

  private constructor(authority: KeyPair, now: () => number, first: KeyPair) {
    this.#authority = authority;
    this.#now = now;
    this.#context = contextOf(first);
    this.#end = endOf(first);
    // Asked for again and again, since one long timer would oversleep with the machine.
    // Where it cannot be renewed, the old one serves on and the next hour tries again.
    this.#timer = setInterval(() => void this.renewIfDue().catch(() => {}), HOUR).unref();
  }

  /** @param now the time in milliseconds since the epoch */
  static async open(authority: KeyPair, now: () => number = Date.now): Promise<ServerCertificate> {
    return new ServerCertificate(authority, now, await makeServerCertificate(authority, now()));
  }

  /** What a connection that begins now is secured with. */
  get context(): SecureContext {
    return this.#context;
  }

  /** Replaces a certificate that ends soon; asked for every hour. */
  async renewIfDue(): Promise<void> {
    if (this.#now() < this.#end - RENEWAL) return;
    const next = await makeServerCertificate(this.#authority, this.#now());
    this.#context = contextOf(next);
    this.#end = endOf(next);
  }

  /** Ends the renewal. */
  close(): void {
    clearInterval(this.#timer);
  }
}

const endOf = ({ certificate }: KeyPair): number => new Date(new X509Certificate(certificate).validTo).getTime();

const contextOf = ({ key, certificate }: KeyPair): SecureContext => createSecureContext({ key, cert: certificate });
