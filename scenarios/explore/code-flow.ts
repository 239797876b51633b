import { containsCard, maskText } from '../../contracts/index.js';
import { DEFAULT_CARD } from '../default-variables.js';
import type { Endpoint } from '../target.js';
import { type Attempt, DEFAULT_WORDING, type Order, readSaid, type Statement, type Task, type Wording } from './attempt.js';
import { againInTurn, type Flow, type FlowRun } from './flow.js';
import type { Law } from './laws.js';
import type { Sandbox } from './sandbox.js';
import { Scheduler } from './scheduler.js';

/** What code under test gets: a gateway, an account, and an order that is not paid yet. */
export interface Shop extends Pick<Endpoint, 'url' | 'account' | 'fetch'> {
  readonly backupUrl: string;
  readonly reference: string;
  /** In minor units. */
  readonly amount: number;
  readonly card: { readonly number: string; readonly expiry: string; readonly cvv: string };
  /** The shop's database: what a step writes, later steps and later attempts find. */
  readonly stored: Map<string, string>;
}

/** Runs a step of a flow. Returns what the shop tells its customer, such as `paid`, `refused 00105` or `unknown`. */
export type ShopStep = (shop: Shop) => Promise<string>;

/** A flow of functions in this process. */
export interface CodeFlowOptions extends Order {
  /** Names the flow in reports. Default: `flow`. */
  readonly name?: string;
  /** The steps by what they do, in order: `{ authorize, capture }`. A step runs only if the one before is done. */
  readonly steps: Readonly<Partial<Record<Task, ShopStep>>>;
  /** What the shop does when the faults are gone. Default: the steps again, from the first that was not done. */
  readonly recover?: Readonly<Partial<Record<Task, ShopStep>>>;
  /** What is not tried again where its result is unknown: a person decides. Default: nothing. */
  readonly leftToPerson?: readonly Task[];
  /** How many workers run the flow on the one order at the same time, with one database. Default: 1. */
  readonly workers?: number;
  /** How to read what a step returns. Default: the words of the merchants in scenarios/examples. */
  readonly wording?: Wording;
  /** Laws in addition to the usual ones. */
  readonly laws?: readonly Law[];
}

type Steps = readonly (readonly [Task, ShopStep])[];

const stepsOf = (steps: CodeFlowOptions['steps']): Steps => Object.entries(steps) as unknown as Steps;

const KILLED = Symbol('killed');

async function runStep(task: Task, step: ShopStep, shop: Shop, killed: Promise<typeof KILLED>, wording: Wording): Promise<Statement> {
  const statement = (text: string, ending: Statement['ending']): Statement => ({
    task,
    said: ending === 'normal' ? readSaid(text, task, wording) : 'unsure',
    ending,
    text: maskText(text),
    showsCard: containsCard(text),
  });
  try {
    const text = await Promise.race([step(shop), killed]);
    // JavaScript code may return nothing.
    return text === KILLED ? statement('', 'killed') : statement(String(text ?? ''), 'normal');
  } catch (error) {
    return statement(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 'crash');
  }
}

function shopAt({ endpoint }: Sandbox, amount: number, stored: Map<string, string>, fetch = endpoint.fetch): Shop {
  return {
    // The addresses change when the faults are gone.
    get url() {
      return endpoint.url;
    },
    get backupUrl() {
      return endpoint.backupUrl ?? endpoint.url;
    },
    account: endpoint.account,
    fetch,
    reference: 'ORDER-1',
    amount,
    card: { number: DEFAULT_CARD.PORTEUR, expiry: DEFAULT_CARD.DATEVAL, cvv: DEFAULT_CARD.CVV },
    stored,
  };
}

const NEVER = new Promise<typeof KILLED>(() => {});

/** Runs the steps of one worker. */
class WorkerRun implements FlowRun {
  readonly #options: CodeFlowOptions;
  readonly #shop: Shop;
  readonly #killed: Promise<typeof KILLED>;
  #next = 0;

  constructor(options: CodeFlowOptions, shop: Shop, killed: Promise<typeof KILLED>) {
    this.#options = options;
    this.#shop = shop;
    this.#killed = killed;
  }

  start(): Promise<Attempt> {
    const { fetch } = this.#shop;
    let isKilled = false;
    void this.#killed.then(() => {
      isKilled = true;
    });
    // What was killed asks nothing more, although its code still runs when its time limits end.
    const untilKilled: typeof globalThis.fetch = (input, init) => (isKilled ? new Promise(() => {}) : fetch(input, init));
    return this.#run(stepsOf(this.#options.steps), this.#killed, { ...this.#shop, fetch: untilKilled });
  }

  async again(): Promise<Attempt | undefined> {
    const { recover, steps, leftToPerson = [] } = this.#options;
    if (recover) return this.#run(stepsOf(recover), NEVER, this.#shop);
    const rest = stepsOf(steps).slice(this.#next);
    const [next] = rest;
    return next && leftToPerson.includes(next[0]) ? undefined : this.#run(rest, NEVER, this.#shop);
  }

  async #run(list: Steps, killed: Promise<typeof KILLED>, shop: Shop): Promise<Attempt> {
    const statements: Statement[] = [];
    for (const [task, step] of list) {
      const statement = await runStep(task, step, shop, killed, this.#options.wording ?? DEFAULT_WORDING);
      statements.push(statement);
      if (statement.said !== 'done' && task !== 'other') break;
      this.#next++;
    }
    return { statements };
  }
}

/** Several workers on one order. One of them runs at a time. */
class WorkersRun implements FlowRun {
  readonly #runs: readonly WorkerRun[];
  readonly #scheduler: Scheduler;
  #firsts: readonly Attempt[] = [];

  constructor(options: CodeFlowOptions, sandbox: Sandbox, workers: number, killed: Promise<typeof KILLED>) {
    const stored = new Map<string, string>();
    const scheduler = new Scheduler(workers);
    this.#scheduler = scheduler;
    this.#runs = Array.from({ length: workers }, (_, worker) => {
      const fetch: typeof globalThis.fetch = async (input, init) => {
        try {
          return await sandbox.endpoint.fetch(input, init);
        } finally {
          if (sandbox.takeHold?.()) await scheduler.pass(worker);
        }
      };
      return new WorkerRun(options, shopAt(sandbox, options.amount, stored, fetch), killed);
    });
  }

  async start(): Promise<Attempt> {
    this.#firsts = await Promise.all(
      this.#runs.map(async (run, worker) => {
        await this.#scheduler.start(worker);
        try {
          return await run.start();
        } finally {
          this.#scheduler.end(worker);
        }
      }),
    );
    return { statements: this.#firsts.flatMap(({ statements }) => statements), workers: this.#firsts };
  }

  again(): Promise<Attempt | undefined> {
    return againInTurn(this.#runs, this.#firsts);
  }
}

/**
 * Returns a flow of functions in this process, for `explore` and for `expect(flow).toHoldUnderFaults()`.
 *
 * @example
 * const flow = codeFlow({ amount: 1000, steps: { pay: (shop) => payOrder(shop) } });
 */
export function codeFlow(options: CodeFlowOptions): Flow {
  const { name = 'flow', amount, refund, laws, workers = 1 } = options;
  return {
    name,
    order: { amount, ...(refund !== undefined && { refund }) },
    canBeKilled: true,
    workers,
    ...(laws && { laws }),
    open: async (sandbox, conditions) => {
      await sandbox.apply(conditions);
      const killed = sandbox.killed?.then((): typeof KILLED => KILLED) ?? NEVER;
      return workers > 1
        ? new WorkersRun(options, sandbox, workers, killed)
        : new WorkerRun(options, shopAt(sandbox, amount, new Map()), killed);
    },
  };
}
