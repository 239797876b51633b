import { TEST_HMAC_KEY } from '../contracts/index.js';
import { Control } from './control.js';

/** The account questions are put on. */
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

/** A gateway for one case. */
export interface Endpoint {
  readonly url: string;
  /** The backup host; undefined: there is none. */
  readonly backupUrl?: string;
  readonly account: TargetAccount;
  readonly fetch: typeof globalThis.fetch;
  /** Sets the case's gateway up and looks into it; undefined where that cannot be done. */
  readonly control: Control | undefined;
  close(): Promise<void>;
}

/** Where scenarios are run. */
export interface Target {
  /** For people. */
  readonly name: string;
  /** Whether clock, rules and account settings can be staged, and payments looked at. */
  readonly canStage: boolean;
  /** Whether a program of its own can reach it. */
  readonly isReachable: boolean;
  readonly account: TargetAccount;
  open(caseName: string): Promise<Endpoint>;
}

/** The simulator's test account that takes either CLE or HMAC. */
const SIMULATOR_ACCOUNT: TargetAccount = { site: '1999888', rang: '32', cle: '1999888I', hmacKey: TEST_HMAC_KEY, version: '00104' };

/** One gateway of a simulator, by the URL its paths begin with. Closing leaves it as it is. */
export function simulatorEndpoint(base: string, fetch: typeof globalThis.fetch): Endpoint {
  return {
    url: `${base}/PPPS.php`,
    backupUrl: `${base}/backup/PPPS.php`,
    account: SIMULATOR_ACCOUNT,
    fetch,
    control: new Control(`${base}/_sim`, fetch),
    close: async () => {},
  };
}

/**
 * A running simulator: every case gets a gateway of its own in it, dropped afterwards.
 *
 * @param url base URL of the simulator, without a path
 * @param fetch to reach it without a network: the simulator's own
 */
export function simulatorTarget(url: string, fetch: typeof globalThis.fetch = globalThis.fetch): Target {
  const isReachable = fetch === globalThis.fetch;
  const base = url.replace(/\/+$/, '');
  return {
    name: `the simulator at ${base}`,
    canStage: true,
    isReachable,
    account: SIMULATOR_ACCOUNT,
    open: async (caseName) => ({
      ...simulatorEndpoint(`${base}/s/${caseName}`, fetch),
      close: async () => {
        await fetch(`${base}/_sim/sessions/${caseName}`, { method: 'DELETE' }).then((response) => response.arrayBuffer());
      },
    }),
  };
}

/**
 * Any endpoint that speaks Paybox Direct: the real test platform, somebody's own fake. Nothing can be staged there.
 *
 * @param url the gateway's URL with its path
 */
export function endpointTarget(url: string, account: TargetAccount, fetch: typeof globalThis.fetch = globalThis.fetch): Target {
  return {
    name: url,
    canStage: false,
    isReachable: true,
    account,
    open: async () => ({ url, account, fetch, control: undefined, close: async () => {} }),
  };
}
