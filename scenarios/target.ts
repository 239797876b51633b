import { TEST_HMAC_KEY } from '../contracts/index.js';
import { ControlClient } from './control.js';

/** The account that questions are sent for. */
export interface TargetAccount {
  readonly site: string;
  readonly rang: string;
  readonly identifiant?: string;
  readonly cle?: string;
  /** 128 hex digits. */
  readonly hmacKey?: string;
  /** 00103 for an account without Direct Plus. */
  readonly version: '00103' | '00104';
}

/** The gateway that a case runs on. */
export interface Endpoint {
  readonly url: string;
  /** URL of the backup host, if there is one. */
  readonly backupUrl?: string;
  readonly account: TargetAccount;
  readonly fetch: typeof globalThis.fetch;
  /** The control API, if the endpoint has one. */
  readonly control: ControlClient | undefined;
  close(): Promise<void>;
}

/** An endpoint that scenarios run against. */
export interface Target {
  /** Human-readable. */
  readonly name: string;
  /** Whether the target has a control API: clock, rules and account settings can be staged, payments can be checked. */
  readonly canStage: boolean;
  /** Whether other processes can reach it. */
  readonly isReachable: boolean;
  /** Whether the gateway can call a server of this process. */
  readonly canCallBack: boolean;
  readonly account: TargetAccount;
  /** Opens a gateway for one case. */
  open(caseName: string): Promise<Endpoint>;
}

/** The simulator's test account that accepts both CLE and HMAC. */
export const SIMULATOR_ACCOUNT: TargetAccount = {
  site: '1999888',
  rang: '32',
  identifiant: '107904482',
  cle: '1999888I',
  hmacKey: TEST_HMAC_KEY,
  version: '00104',
};

/**
 * Returns one gateway of a simulator. Closing the endpoint does not change the gateway.
 *
 * @param base URL of the gateway without `/PPPS.php`
 * @param controlFetch used for the control API. Default: `fetch`
 */
export function simulatorEndpoint(base: string, fetch: typeof globalThis.fetch, controlFetch = fetch): Endpoint {
  return {
    url: `${base}/PPPS.php`,
    backupUrl: `${base}/backup/PPPS.php`,
    account: SIMULATOR_ACCOUNT,
    fetch,
    control: new ControlClient(`${base}/_sim`, controlFetch),
    close: async () => {},
  };
}

/**
 * A running simulator. Each case gets its own session of it, which is deleted after the case.
 *
 * @param url base URL of the simulator, without a path
 * @param fetch the `fetch` of a simulator in this process, to reach it without a network. Default: the global one.
 * @param controlFetch used for the control API. Default: `fetch`
 */
export function simulatorTarget(url: string, fetch: typeof globalThis.fetch = globalThis.fetch, controlFetch = fetch): Target {
  const isReachable = fetch === globalThis.fetch;
  const base = url.replace(/\/+$/, '');
  return {
    name: `the simulator at ${base}`,
    canStage: true,
    isReachable,
    canCallBack: true,
    account: SIMULATOR_ACCOUNT,
    open: async (caseName) => ({
      ...simulatorEndpoint(`${base}/s/${caseName}`, fetch, controlFetch),
      close: async () => {
        await controlFetch(`${base}/_sim/sessions/${caseName}`, { method: 'DELETE' }).then((response) => response.arrayBuffer());
      },
    }),
  };
}

/**
 * Any Paybox Direct endpoint, such as the real test platform or another simulator. State cannot be set up on it.
 *
 * @param url URL of the gateway, including its path
 */
export function endpointTarget(url: string, account: TargetAccount, fetch: typeof globalThis.fetch = globalThis.fetch): Target {
  return {
    name: url,
    canStage: false,
    isReachable: true,
    canCallBack: false,
    account,
    open: async () => ({ url, account, fetch, control: undefined, close: async () => {} }),
  };
}
