import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { KeyPair } from './certificate.js';
import { makeServerCertificate } from './x509.js';

const HOUR = 60 * 60 * 1000;

/** How long before it expires a certificate is replaced. Milliseconds. */
const RENEWAL = 30 * 24 * HOUR;

/** A server's certificate that is replaced before it expires. It exists in memory only. */
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
    // An interval, because one long timer would fire late after the machine slept.
    // When a renewal fails, the old certificate stays and the next hour tries again.
    this.#timer = setInterval(() => void this.renewIfDue().catch(() => {}), HOUR).unref();
  }

  /** @param now the time in milliseconds since the epoch */
  static async open(authority: KeyPair, now: () => number = Date.now): Promise<ServerCertificate> {
    return new ServerCertificate(authority, now, await makeServerCertificate(authority, now()));
  }

  /** The context for new connections. */
  get context(): SecureContext {
    return this.#context;
  }

  /** Replaces the certificate if it expires soon. Called every hour. */
  async renewIfDue(): Promise<void> {
    if (this.#now() < this.#end - RENEWAL) return;
    const next = await makeServerCertificate(this.#authority, this.#now());
    this.#context = contextOf(next);
    this.#end = endOf(next);
  }

  /** Stops the renewal. */
  close(): void {
    clearInterval(this.#timer);
  }
}

const endOf = ({ certificate }: KeyPair): number => new Date(new X509Certificate(certificate).validTo).getTime();

const contextOf = ({ key, certificate }: KeyPair): SecureContext => createSecureContext({ key, cert: certificate });
