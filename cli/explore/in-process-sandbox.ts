import type { Observation } from '../../scenarios/explore/observation.js';
import type { Conditions } from '../../scenarios/explore/perturbation.js';
import type { Sandbox, SandboxSource } from '../../scenarios/explore/sandbox.js';
import { SIMULATOR_ACCOUNT } from '../../scenarios/target.js';
import type { InjectedFault } from '../../simulator/engine/fault.js';
import { paymentState } from '../../simulator/engine/payment.js';
import type { RuleInput } from '../../simulator/engine/rule.js';
import type { Answer } from '../../simulator/gateway/answer.js';
import { Gateway } from '../../simulator/gateway/gateway.js';
import { MAIN } from '../../simulator/gateway/gateways.js';
import { receivedOf } from '../../simulator/journal/received.js';
import { MemoryStorage } from '../../simulator/store/memory/memory-store.js';
import { FaultInjector } from '../../simulator/transport/fault-injector.js';
import { replyHeaders } from '../../simulator/transport/handle-request.js';
import { fetchChannel } from '../../simulator/transport/reply-channel.js';

const URLS = { main: 'http://paybox.test/PPPS.php', backup: 'http://paybox.test/backup/PPPS.php' } as const;

const FORM = 'application/x-www-form-urlencoded';

const LIMIT = 1000;

const failed = (message: string, code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

async function bodyOf(input: string | URL | Request, init?: RequestInit): Promise<Uint8Array> {
  const body = init?.body;
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string' || body instanceof URLSearchParams) return new TextEncoder().encode(String(body));
  return new Uint8Array(await new Request(input, init).arrayBuffer());
}

// The client would wait until its time limit. Here the limit is reached at once.
const isBeyondLimit = ({ reply, delay }: InjectedFault): boolean => reply === 'never' || delay > 0;

function withoutHold(rule: RuleInput): RuleInput {
  if (rule.fault?.hold === undefined) return rule;
  const { hold: _, ...fault } = rule.fault;
  return { ...rule, fault: { delay: 0, ...fault } };
}

/** A gateway for one run, in this process and without a network. Time limits of clients are reached at once. */
class InProcessSandbox implements Sandbox {
  readonly endpoint: Sandbox['endpoint'];
  readonly killed: Promise<void>;
  readonly #gateway = new Gateway(MAIN, new MemoryStorage().open(MAIN), {});
  readonly #faults: FaultInjector;
  #down: Conditions['down'] = [];
  #killRules: ReadonlySet<string> = new Set();
  #holdRules: ReadonlySet<string> = new Set();
  #isHeld = false;
  #kill: () => void = () => {};

  constructor(faults: FaultInjector) {
    this.#faults = faults;
    this.killed = new Promise((resolve) => {
      this.#kill = resolve;
    });
    this.endpoint = {
      url: URLS.main,
      backupUrl: URLS.backup,
      account: SIMULATOR_ACCOUNT,
      fetch: (input, init) => this.#fetch(input, init),
      control: undefined,
      close: async () => {},
    };
  }

  async apply({ rules, variants, down, killAt, switchAt = [] }: Conditions): Promise<void> {
    const { site, rang } = SIMULATOR_ACCOUNT;
    if (Object.keys(variants).length > 0) this.#gateway.setAccount({ SITE: site, RANG: rang, variants });
    // A scheduler holds the workers, so the rule only marks the question.
    for (const rule of rules) this.#gateway.rules.add(withoutHold(rule as RuleInput));
    this.#down = down;
    this.#holdRules = new Set(rules.filter(({ from }) => switchAt.includes(from as number)).map(({ id }) => String(id)));
    if (killAt !== undefined) this.#killRules = new Set(rules.filter(({ from }) => from === killAt).map(({ id }) => String(id)));
  }

  takeHold(): boolean {
    const isHeld = this.#isHeld;
    this.#isHeld = false;
    return isHeld;
  }

  async clear(): Promise<void> {
    this.#gateway.rules.clear();
    this.#down = [];
  }

  // No page of the gateway is visited in process, so nothing is late.
  async settle(): Promise<void> {}

  async observe(): Promise<Observation> {
    const now = this.#gateway.clock.now();
    const [entries, payments] = await Promise.all([this.#gateway.journal({ limit: LIMIT }), this.#gateway.payments({ limit: LIMIT })]);
    return {
      questions: entries.reverse().map((entry) => {
        const clientReceived = receivedOf(entry.findings);
        return { ...entry, ...(clientReceived !== undefined && { clientReceived }) };
      }),
      payments: payments.map((payment) => {
        const { standing, authorized, captured, refunded } = paymentState(payment, now);
        return { id: payment.id, standing, authorized, captured, refunded, transactions: payment.transactions };
      }),
    };
  }

  async close(): Promise<void> {
    this.#gateway.release();
  }

  async #fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = input instanceof Request ? input.url : String(input);
    init?.signal?.throwIfAborted();
    const host = url.startsWith(URLS.backup) ? 'backup' : 'main';
    if (this.#down.includes(host)) throw failed('The connection was refused.', 'ECONNREFUSED');
    const answer = await this.#gateway.answer({ body: await bodyOf(input, init), contentType: FORM, host });
    return this.#replyOf(answer, init?.signal ?? undefined);
  }

  async #replyOf(answer: Answer, signal = new AbortController().signal): Promise<Response> {
    const { fault } = answer;
    const headers = await replyHeaders(answer, this.#gateway);
    if (!fault) return new Response(answer.body, { headers });
    if (this.#holdRules.has(fault.rule)) this.#isHeld = true;
    if (this.#killRules.has(fault.rule)) {
      this.#kill();
      return new Promise(() => {});
    }
    if (isBeyondLimit(fault)) throw new DOMException('The time limit of the client is reached.', 'TimeoutError');
    const { slow: _, ...instant } = fault;
    return this.#faults.send(answer, instant, this.#gateway.name, headers, fetchChannel(signal));
  }
}

/** Opens gateways in this process, for flows of functions. */
export function inProcessSandboxes(): SandboxSource {
  const faults = new FaultInjector();
  return { open: async () => new InProcessSandbox(faults) };
}
