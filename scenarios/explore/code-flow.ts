import { containsCard, maskText } from '../../contracts/index.js';
import { DEFAULT_CARD } from '../default-variables.js';
import type { Endpoint } from '../target.js';
import { type Attempt, DEFAULT_WORDING, type Deed, type Order, readSaid, type Statement, type Wording } from './attempt.js';
import type { Flow, FlowRun } from './flow.js';
import type { Law } from './laws.js';
import type { Sandbox } from './sandbox.js';

/** What code under test gets: a gateway, an account, and an order that nobody has paid. */
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
  readonly steps: Readonly<Partial<Record<Deed, ShopStep>>>;
  /** What the shop does when the faults are gone. Default: the steps again, from the first that was not done. */
  readonly recover?: Readonly<Partial<Record<Deed, ShopStep>>>;
  /** What is not tried again where its result is unknown: a person decides. Default: nothing. */
  readonly leftToPerson?: readonly Deed[];
  /** How to read what a step returns. Default: the words of the merchants in scenarios/examples. */
  readonly wording?: Wording;
  /** Laws in addition to the usual ones. */
  readonly laws?: readonly Law[];
}

type Steps = readonly (readonly [Deed, ShopStep])[];

const stepsOf = (steps: CodeFlowOptions['steps']): Steps => Object.entries(steps) as unknown as Steps;

const KILLED = Symbol('killed');

async function runStep(deed: Deed, step: ShopStep, shop: Shop, killed: Promise<typeof KILLED>, wording: Wording): Promise<Statement> {
  const statement = (text: string, ending: Statement['ending']): Statement => ({
    deed,
    said: ending === 'normal' ? readSaid(text, wording) : 'unsure',
    ending,
    text: maskText(text),
    showsCard: containsCard(text),
  });
  try {
    const text = await Promise.race([step(shop), killed]);
    return text === KILLED ? statement('', 'killed') : statement(text, 'normal');
  } catch (error) {
    return statement(error instanceof Error ? `${error.name}: ${error.message}` : String(error), 'crash');
  }
}

/**
 * Returns a flow of functions in this process, for `explore` and for `expect(flow).toHoldUnderFaults()`.
 *
 * @example
 * const flow = codeFlow({ amount: 1000, steps: { pay: (shop) => payOrder(shop) } });
 */
export function codeFlow(options: CodeFlowOptions): Flow {
  const { name = 'flow', amount, refund, steps, recover, wording = DEFAULT_WORDING, leftToPerson = [], laws } = options;
  const open = async (sandbox: Sandbox): Promise<FlowRun> => {
    const { endpoint } = sandbox;
    const shop: Shop = {
      get url() {
        return endpoint.url;
      },
      get backupUrl() {
        return endpoint.backupUrl ?? endpoint.url;
      },
      account: endpoint.account,
      fetch: endpoint.fetch,
      reference: 'ORDER-1',
      amount,
      card: { number: DEFAULT_CARD.PORTEUR, expiry: DEFAULT_CARD.DATEVAL, cvv: DEFAULT_CARD.CVV },
      stored: new Map(),
    };
    let next = 0;
    const run = async (list: Steps, killed: Promise<typeof KILLED>): Promise<Attempt> => {
      const statements: Statement[] = [];
      for (const [deed, step] of list) {
        const statement = await runStep(deed, step, shop, killed, wording);
        statements.push(statement);
        if (statement.said !== 'done' && deed !== 'other') break;
        next++;
      }
      return { statements };
    };
    const never = new Promise<typeof KILLED>(() => {});
    return {
      start: () => run(stepsOf(steps), sandbox.killed?.then(() => KILLED) ?? never),
      again: async () => {
        const rest = stepsOf(steps).slice(next);
        const isLeft = rest.some(([deed], index) => index === 0 && leftToPerson.includes(deed));
        return recover ? run(stepsOf(recover), never) : isLeft ? undefined : run(rest, never);
      },
    };
  };
  return {
    name,
    order: { amount, ...(refund !== undefined && { refund }) },
    canBeKilled: true,
    ...(laws && { laws }),
    open: async (sandbox, conditions) => {
      await sandbox.apply(conditions);
      return open(sandbox);
    },
  };
}
