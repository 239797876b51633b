import type { Clock } from './gateway/clock.js';
import type { Gateway } from './gateway/gateway.js';
import type { JournalEntry, JournalFilter } from './journal/entry.js';
import type { CertificateAuthority } from './transport/tls/authority.js';

/** What can be done with a running simulator from code. */
export interface Simulator {
  /** Answers a request without a network: the whole HTTP interface, in process. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Where it listens; undefined before {@link Simulator.listen}. */
  readonly url: string | undefined;
  /** The same port over HTTPS; undefined where it does not speak that. Its certificate is for localhost and the gateway's hosts. */
  readonly httpsUrl: string | undefined;
  /** The certificate authority that programs must trust, where it speaks HTTPS. */
  readonly certificateAuthority: CertificateAuthority | undefined;
  /** The main gateway's clock. */
  readonly clock: Clock;
  /** The main gateway: its accounts, rules, payments born elsewhere, snapshots. */
  readonly gateway: Gateway;
  /** The gateway of `/s/<name>/PPPS.php`, made on first use. */
  session(name: string): Gateway;
  /** The main gateway's exchanges, newest first. */
  journal(filter?: Partial<JournalFilter>): Promise<JournalEntry[]>;
  /**
   * Opens a port.
   *
   * @returns the base URL; the gateway is at `<url>/PPPS.php`
   * @throws ListenError when the port is taken or may not be opened
   * @throws AuthorityError when the certificate authority cannot be read or made
   */
  listen(options?: ListenOptions): Promise<string>;
  /**
   * Refuses connections for so many milliseconds, as a server that is down, then listens again.
   *
   * @returns once it is up again
   * @throws ListenError when it does not listen, or the port was taken meanwhile
   */
  outage(milliseconds: number): Promise<void>;
  /** Forgets everything in the main gateway. */
  reset(): Promise<void>;
  /** Ends it: no new connection, those at work are answered, the file is closed. */
  close(): Promise<void>;
}

/** Where to listen. */
export interface ListenOptions {
  /** 0 picks a free one, which is also the default in code. */
  readonly port?: number;
  /** 127.0.0.1 where it is left out: only this machine. */
  readonly host?: string;
  /** Speak TLS on the same port too, with a certificate of an authority that is made on first use. */
  readonly https?: boolean;
  /** Be the proxy (HTTPS_PROXY) of programs whose gateway host is fixed: answers for its hosts, and for no other. HTTPS comes with it. */
  readonly proxy?: boolean;
  /** Told, in a sentence for the user, of what it turns away or is turned away by: a host that is none of the gateway's, a program that does not trust its certificate. */
  readonly onRefused?: (why: string) => void;
}
