import { defineScenario } from '../builder.js';
import type { LoadedScenario } from '../parse.js';
import type { BrowseStep, RunStep, Step } from '../scenario.js';
import type { Order, Task } from './attempt.js';
import { isShopFlow, type ReadyFlowName } from './ready-flow-names.js';

/** A flow of commands: its steps, and what it buys. */
export interface CommandFlow {
  readonly scenario: LoadedScenario;
  readonly order: Order;
  readonly recover?: readonly Step[];
  readonly leftToPerson: readonly Task[];
}

// Nothing shows whether a part of a payment was refunded. All of it shows as its STATUS.
const refundLeft = (refund: number, amount: number): readonly Task[] => (refund > 0 && refund < amount ? ['refund'] : []);

const NUMBERS = '${order.word2} ${order.word3}';

const merchant = (command: string, does: Task, as?: string): RunStep => ({
  run: `\${integration} ${command}`,
  does,
  ...(as !== undefined && { as }),
});

const PAY = merchant('pay ${reference} ${amount} ${card}', 'pay', 'order');
const AUTHORIZE = merchant('authorize ${reference} ${amount} ${card}', 'authorize', 'order');

const visit = (path: string, does: Task, form?: Readonly<Record<string, string>>): BrowseStep => ({
  browse: `\${shop}${path}`,
  does,
  ...(form && { form }),
});

const ORDERED = { reference: '${reference}', amount: '${amount}' };
/** The test card whose holder the bank asks. */
const CHALLENGED = '4000000000001091';
const seeOrder = (does: Task): BrowseStep => visit('/orders/${reference}', does);
const PAY_HERE = visit('/checkout', 'other', { ...ORDERED, card: CHALLENGED });
const PAY_THERE = visit('/hosted', 'other', { ...ORDERED, capture: 'later' });
const CHECK = visit('/check', 'other', { reference: '${reference}' });
const SHIP = visit('/capture', 'other', { reference: '${reference}' });

interface ReadyFlow {
  readonly why: string;
  readonly steps: readonly Step[];
  /** What the shop and its customer do when the faults are gone. Default: the steps again. */
  readonly recover?: readonly Step[];
  /** What is not tried again where its result is unknown: a person decides. Default: nothing. */
  readonly leftToPerson?: readonly Task[];
  /** The part of the amount that is refunded. Default: nothing. */
  readonly refunds?: number;
}

/** The flows of the commands and of the web shop that scenarios/examples describes, by name. */
const READY_FLOWS = {
  pay: { why: 'An order is paid at once.', steps: [PAY] },
  'authorize-capture': {
    why: 'An order is authorized, and captured when it ships.',
    steps: [AUTHORIZE, merchant(`capture ${NUMBERS} \${amount}`, 'capture')],
  },
  cancel: { why: 'An order is authorized and called off.', steps: [AUTHORIZE, merchant(`cancel ${NUMBERS} \${amount}`, 'cancel')] },
  refund: {
    why: 'An order is paid and refunded in full.',
    steps: [PAY, merchant(`refund ${NUMBERS} \${refund}`, 'refund')],
    refunds: 1,
  },
  'partial-refund': {
    why: 'An order is paid, and half of it is refunded. Nothing shows whether a part was refunded, so a person decides after a lost reply.',
    steps: [PAY, merchant(`refund ${NUMBERS} \${refund}`, 'refund')],
    refunds: 0.5,
  },
  'subscribe-renew': {
    why: 'A card is registered, and an order is paid with its token.',
    steps: [
      merchant('subscribe ${subscriber} ${card}', 'subscribe', 'order'),
      merchant('renew ${subscriber} ${order.word2} ${reference} ${amount}', 'pay'),
    ],
  },
  'three-d-secure': {
    why: 'A customer pays in a web shop and confirms the payment at the bank. A payment of which nothing is known is looked at again when minutes have passed, which no shop waits for here.',
    steps: [PAY_HERE, seeOrder('pay')],
    leftToPerson: ['pay'],
  },
  'hosted-page': {
    why: 'A customer authorizes an order on the page of the gateway, and the shop captures it when it ships.',
    steps: [PAY_THERE, seeOrder('authorize'), SHIP, seeOrder('capture')],
    recover: [CHECK, PAY_THERE, SHIP, seeOrder('capture')],
  },
} as const satisfies Record<ReadyFlowName, ReadyFlow>;

function scenarioOf(id: string, why: string, steps: readonly Step[], row: Record<string, string>): LoadedScenario {
  return { ...defineScenario({ id, why }).examples(row).build(), steps };
}

/** Returns a ready flow of a merchant or a web shop like those of scenarios/examples, for an order of an amount in minor units. */
export function readyFlow(name: ReadyFlowName, amount: number): CommandFlow {
  const { why, steps, recover, leftToPerson = [], refunds = 0 }: ReadyFlow = READY_FLOWS[name];
  const refund = Math.round(amount * refunds);
  const scenario = scenarioOf(name, why, steps, { amount: String(amount), ...(refund > 0 && { refund: String(refund) }) });
  return {
    scenario: { ...scenario, needs: [isShopFlow(name) ? 'shop' : 'integration'] },
    order: { amount, ...(refund > 0 && { refund }) },
    leftToPerson: [...leftToPerson, ...refundLeft(refund, amount)],
    ...(recover && { recover }),
  };
}

const ORDER_OF_TASKS = ['authorize', 'pay', 'capture', 'cancel', 'refund'] as const;

/** Commands of a shop by what they do. */
export type ShopCommands = Readonly<Partial<Record<(typeof ORDER_OF_TASKS)[number] | 'recover', string>>>;

/**
 * Returns the flow of a shop's own commands, in the order authorize, pay, capture, cancel, refund. They can use `${reference}`, `${amount}`,
 * `${card}`, and the words that the first of them prints: `${order.word2}`.
 *
 * @param amount in minor units
 * @param refund how much of it is refunded, if there is a command for it. Default: all
 */
export function commandFlow(commands: ShopCommands, amount: number, refund = amount): CommandFlow {
  const steps = ORDER_OF_TASKS.flatMap((does) => {
    const run = commands[does];
    return run === undefined ? [] : [{ run, does }];
  }).map((step, index): RunStep => (index === 0 ? { ...step, as: 'order' } : step));
  const refunded: { readonly refund?: number } = commands.refund === undefined ? {} : { refund };
  const row = { amount: String(amount), ...(commands.refund !== undefined && { refund: String(refund) }) };
  const scenario = scenarioOf('shop', 'An order of the shop.', steps, row);
  const { recover } = commands;
  return {
    scenario,
    order: { amount, ...refunded },
    leftToPerson: refundLeft(refunded.refund ?? 0, amount),
    ...(recover !== undefined && { recover: [{ run: recover, does: steps.at(-1)?.does ?? 'pay' }] }),
  };
}
