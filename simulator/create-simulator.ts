import { getRequestListener } from '@hono/node-server';
import { makeApp } from './app.js';
import type { ControlAccess } from './control/access.js';
import { ownHosts } from './control/own-hosts.js';
import type { Clock } from './gateway/clock.js';
import type { GatewaySettings } from './gateway/configuration/settings.js';
import type { Gateway } from './gateway/gateway.js';
import { Gateways, type OnExchange } from './gateway/gateways.js';
import { HostedPageHandler } from './hosted-page/handle-hosted-page.js';
import type { JournalEntry, JournalFilter } from './journal/entry.js';
import { Deliveries } from './notifications/delivery.js';
import { makeSigner } from './notifications/signer.js';
import { openStorage } from './store/open-storage.js';
import { FaultInjector } from './transport/fault-injector.js';
import { type Listening, type ListenOptions, listen } from './transport/node/listen.js';
import { ListenError } from './transport/node/open-port.js';
import { questionListener, recordTrailingBytes } from './transport/node/question-listener.js';
import { refuseInvalidUrls } from './transport/node/request-url.js';
import type { CertificateAuthority } from './transport/tls/authority.js';

/** The settings of a simulator. */
export interface SimulatorOptions extends GatewaySettings {
  /**
   * SQLite file or PostgreSQL database (`postgres://user@host/database`) that stores the state. Default: memory. A database is reached on first
   * use: `listen()` and `gateway.ready()` throw when it cannot be.
   */
  readonly db?: string;
  /**
   * Names a group of processes on one database that start with the same settings: the first of them applies the settings. Default: each process
   * applies its settings when it starts.
   */
  readonly deployment?: string;
  /** Who may use the control API. Default: `loopback`, this machine only. */
  readonly control?: ControlAccess;
  /**
   * Host names under which the control API and the inspector may be called, in addition to localhost; with `control: 'any'`, also in addition to
   * IP addresses, names without a dot, and the names of this machine.
   */
  readonly controlHosts?: readonly string[];
  /** Host names of shops that may be called with results. Default: all, except those of the gateway. */
  readonly notificationHosts?: readonly string[];
  /** Called with each exchange when it is committed. */
  readonly onExchange?: OnExchange | undefined;
  /** The private key that signs results, as PEM (PKCS #8, RSA). Default: the published test key, which is the same in every simulator. */
  readonly signingKey?: string;
}

/** A simulator in this process. */
export interface Simulator {
  /** Answers a request without a network: the whole HTTP interface, in process. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Its base URL; undefined before {@link Simulator.listen}. */
  readonly url: string | undefined;
  /** The same port over HTTPS; undefined without `https`. The certificate is for localhost and the gateway's hosts. */
  readonly httpsUrl: string | undefined;
  /** The certificate authority that programs must trust; undefined without `https`. */
  readonly certificateAuthority: CertificateAuthority | undefined;
  /** The clock of the main gateway. */
  readonly clock: Clock;
  /** The main gateway: its accounts, rules, payments, subscribers, snapshots. */
  readonly gateway: Gateway;
  /** The gateway of `/s/<name>/PPPS.php`, created on first use. */
  session(name: string): Gateway;
  /** The exchanges of the main gateway, newest first. */
  journal(filter?: Partial<JournalFilter>): Promise<JournalEntry[]>;
  /**
   * Opens a port.
   *
   * @returns the base URL; the gateway is at `<url>/PPPS.php`
   * @throws ListenError when the port cannot be opened
   * @throws AuthorityError when the certificate authority cannot be read or created
   */
  listen(options?: ListenOptions): Promise<string>;
  /**
   * Refuses connections for some milliseconds, like a server that is down, then listens again. Resolves when it listens again.
   *
   * @throws ListenError when it does not listen, or the port was taken meanwhile
   */
  outage(milliseconds: number): Promise<void>;
  /** Deletes the state of the main gateway. */
  reset(): Promise<void>;
  /** Stops listening, answers the requests in progress, and closes the store. */
  close(): Promise<void>;
}

/**
 * Creates a simulator in this process, ready to use.
 *
 * @throws StoreError when the file cannot be opened, or the URL of the database cannot be read
 * @throws RuleError when a rule cannot be applied; RangeError when the clock is not a time
 * @example
 * const simulator = createSimulator();
 * const url = await simulator.listen();
 * await fetch(`${url}/PPPS.php`, { method: 'POST', body: new URLSearchParams({ VERSION: '00103', TYPE: '00003' }) });
 * await simulator.close();
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { db, deployment, control = 'loopback', controlHosts = [], notificationHosts, onExchange, signingKey, ...settings } = options;
  const storage = openStorage(db);
  const deliveries = new Deliveries({ signer: makeSigner(signingKey), ...(notificationHosts && { hosts: notificationHosts }) });
  const hostedPage = new HostedPageHandler(deliveries);
  const gateways = new Gateways(storage, settings, onExchange, deployment, (gateway) => hostedPage.watch(gateway));
  const faults = new FaultInjector();
  let listening: Listening | undefined;
  const outage = (milliseconds: number): Promise<void> => {
    if (!listening) throw new ListenError('The simulator does not listen on a port, so it cannot refuse connections.');
    gateways.listeners.end();
    return listening.outage(milliseconds);
  };
  const policy = { access: control, hosts: control === 'any' ? [...ownHosts(), ...controlHosts] : controlHosts };
  const app = makeApp(gateways, policy, faults, outage, { deliveries, hostedPage });
  const answer = questionListener(gateways, faults, refuseInvalidUrls(getRequestListener(app.fetch, { overrideGlobalObjects: false })));
  return {
    fetch: async (request) => app.fetch(request),
    get url() {
      return listening?.url;
    },
    get httpsUrl() {
      return listening?.httpsUrl;
    },
    get certificateAuthority() {
      return listening?.authority;
    },
    get clock() {
      return gateways.main.clock;
    },
    get gateway() {
      return gateways.main;
    },
    session: (name) => gateways.get(name),
    journal: (filter) => gateways.main.journal(filter),
    listen: async (where = {}) => {
      await gateways.main.ready();
      listening ??= await listen(answer, recordTrailingBytes(gateways), where);
      return listening.url;
    },
    outage: async (milliseconds) => outage(milliseconds),
    reset: () => gateways.main.reset(),
    close: async () => {
      gateways.release();
      faults.close();
      deliveries.close();
      gateways.listeners.end();
      await listening?.close();
      listening = undefined;
      await gateways.idle();
      await storage.close();
    },
  };
}
