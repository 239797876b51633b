import { isQuestion } from '../../contracts/index.js';
import { callsDelivered } from '../browsing/delivered-calls.js';
import type { ControlClient } from '../control.js';
import type { Endpoint, Target } from '../target.js';
import type { Observation, ObservedPayment, ObservedQuestion } from './observation.js';
import type { Conditions } from './perturbation.js';

/** A gateway for one run. */
export interface Sandbox {
  /** Where the program finds the gateway. */
  readonly endpoint: Endpoint;
  /** Sets up the conditions of a run. What was received before does not count. */
  apply(conditions: Conditions): Promise<void>;
  /** Takes the faults away. Variants stay, because they are how the gateway is. */
  clear(): Promise<void>;
  /** Lets time pass until everything that is late has come, if anything is. */
  settle(conditions: Conditions): Promise<void>;
  /** Returns what was received since {@link Sandbox.apply}, and the books. */
  observe(): Promise<Observation>;
  /** Of a gateway in this process: whether a rule holds the last reply, so that another worker goes on. Only once for each. */
  takeHold?(): boolean;
  /** Of a gateway in this process: resolves at the question during which the program is to be killed. */
  readonly killed?: Promise<void>;
  close(): Promise<void>;
}

/** Opens gateways for runs. */
export interface SandboxSource {
  open(): Promise<Sandbox>;
}

/** A URL at which connections are refused. */
export const REFUSED = 'http://127.0.0.1:1/PPPS.php';

const PAGE = 1000;

type JournalEntry = ObservedQuestion & { readonly seq: number; readonly reply: Readonly<Record<string, string>> };

async function entriesAfter(control: ControlClient, seq: number): Promise<JournalEntry[]> {
  const { entries } = (await control.call('GET', `/journal?limit=${PAGE}`)) as { entries: JournalEntry[] };
  // An attempt to pay on the hosted page has its code in its reply.
  return entries
    .filter((entry) => entry.seq > seq)
    .map((entry) => ({ ...entry, CODEREPONSE: entry.CODEREPONSE || (entry.reply.CODEREPONSE ?? '') }))
    .reverse();
}

/** Returns what a gateway received after a request of its journal, and its books. */
export async function observe(control: ControlClient, since: number): Promise<Observation> {
  const { payments } = (await control.call('GET', `/payments?limit=${PAGE}`)) as { payments: ObservedPayment[] };
  const entries = await entriesAfter(control, since);
  return { questions: entries.filter(isQuestion), entries, payments };
}

/** Returns the gateway of an endpoint that has a control API as a sandbox. */
function controlSandbox(base: Endpoint & { readonly control: ControlClient }): Sandbox {
  const { control } = base;
  const endpoint = { ...base };
  let since = 0;
  return {
    endpoint,
    apply: async ({ rules, variants, settings, down }) => {
      const { entries } = (await control.call('GET', '/journal?limit=1')) as { entries: JournalEntry[] };
      since = entries[0]?.seq ?? 0;
      const { site, rang } = base.account;
      if (Object.keys(variants).length + Object.keys(settings).length > 0)
        await control.call('PUT', `/accounts/${site}/${rang}`, { ...settings, variants });
      for (const rule of rules) await control.call('POST', '/rules', rule);
      if (down.includes('main')) endpoint.url = REFUSED;
      if (down.includes('backup')) endpoint.backupUrl = REFUSED;
    },
    clear: async () => {
      await control.call('DELETE', '/rules');
      Object.assign(endpoint, { url: base.url, backupUrl: base.backupUrl });
    },
    settle: async ({ later }) => {
      if (later === undefined) return;
      await control.call('POST', '/clock/advance', { by: later });
      await callsDelivered(control);
    },
    observe: () => observe(control, since),
    close: () => base.close(),
  };
}

// Letters only: digits may look like a card number, which is no name of a session.
const sessionName = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => String.fromCharCode(97 + (byte % 26))).join('');

/**
 * Opens a session of a simulator for each run.
 *
 * @throws TypeError when the target has no control API
 */
export function sandboxesOf(target: Target): SandboxSource {
  return {
    open: async () => {
      const endpoint = await target.open(sessionName());
      if (!endpoint.control) throw new TypeError(`${target.name} has no control API, which exploring needs.`);
      return controlSandbox({ ...endpoint, control: endpoint.control });
    },
  };
}
