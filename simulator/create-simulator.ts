import { getRequestListener } from '@hono/node-server';
import { makeApp } from './app.js';
import type { ControlAccess } from './control/access.js';
import type { GatewaySettings } from './gateway/configuration/settings.js';
import { Gateways, type OnExchange } from './gateway/gateways.js';
import type { Simulator } from './simulator.js';
import { openStorage } from './store/open-storage.js';
import { FaultInjector } from './transport/fault-injector.js';
import { type Listening, listen } from './transport/node/listen.js';
import { ListenError } from './transport/node/open-port.js';
import { questionListener } from './transport/node/question-listener.js';

/** How a simulator is set up. Everything may be left out. */
export interface SimulatorOptions extends GatewaySettings {
  /**
   * SQLite file or PostgreSQL database (`postgres://user@host/database`) that keeps the state; without it the state is gone when the
   * simulator ends. A database is reached when it is first asked for: `listen()` and `gateway.ready()` say when it cannot be.
   */
  readonly db?: string;
  /**
   * Names a group of processes on one database that are started with the same settings: the first of them applies the settings. Without it,
   * each process applies its settings when it starts.
   */
  readonly deployment?: string;
  /** Who may use the control API: `loopback` (the default) or `any`. */
  readonly control?: ControlAccess;
  /** Told of every exchange once it is committed. */
  readonly onExchange?: OnExchange | undefined;
}

/**
 * A gateway in this process, ready at once.
 *
 * @throws StoreError when the file cannot be opened, or the database's URL not be read
 * @throws RuleError, RangeError when a rule or the clock of the options is none
 * @example
 * const simulator = createSimulator();
 * const url = await simulator.listen();
 * await fetch(`${url}/PPPS.php`, { method: 'POST', body: new URLSearchParams({ VERSION: '00103', TYPE: '00003' }) });
 * await simulator.close();
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const { db, deployment, control = 'loopback', onExchange, ...settings } = options;
  const storage = openStorage(db);
  const gateways = new Gateways(storage, settings, onExchange, deployment);
  const faults = new FaultInjector();
  let listening: Listening | undefined;
  const outage = (milliseconds: number): Promise<void> => {
    if (!listening) throw new ListenError('The simulator does not listen on a port, so it cannot refuse connections.');
    gateways.listeners.end();
    return listening.outage(milliseconds);
  };
  const app = makeApp(gateways, control, faults, outage);
  const answer = questionListener(gateways, faults, getRequestListener(app.fetch, { overrideGlobalObjects: false }));
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
      listening ??= await listen(answer, where);
      return listening.url;
    },
    outage: async (milliseconds) => outage(milliseconds),
    reset: () => gateways.main.reset(),
    close: async () => {
      faults.close();
      gateways.listeners.end();
      await listening?.close();
      listening = undefined;
      await gateways.idle();
      await storage.close();
    },
  };
}
