import { describe, expect, test } from 'vitest';
import { inProcessSandboxes } from '../../../cli/explore/in-process-sandbox.js';
import { codeFlow } from '../../../scenarios/explore/code-flow.js';
import { type Exploration, explore } from '../../../scenarios/explore/explore.js';
import type { Flow } from '../../../scenarios/explore/flow.js';
import { explorationText } from '../../../scenarios/explore/report/text.js';
import { MISTAKES, type Mistake, shopSteps } from './shop.js';

const AMOUNT = 1000;

const FLOWS = {
  pay: (mistake?: Mistake) => codeFlow({ name: 'pay', amount: AMOUNT, steps: { pay: shopSteps(mistake).pay } }),
  capture: (mistake?: Mistake) => {
    const { authorize, capture } = shopSteps(mistake);
    return codeFlow({ name: 'capture', amount: AMOUNT, steps: { authorize, capture } });
  },
  refund: (mistake?: Mistake) => {
    const { pay, refund } = shopSteps(mistake);
    return codeFlow({ name: 'refund', amount: AMOUNT, refund: AMOUNT / 2, steps: { pay, refund }, leftToPerson: ['refund'] });
  },
} as const;

const exploreFlow = (flow: Flow, stopsAtFailure: boolean, depth = 2): Promise<Exploration> =>
  explore({ flow, sandboxes: inProcessSandboxes(), jobs: 1, depth, budget: 20_000, stopsAtFailure });

/** The flow in which a mistake shows, if it is not the payment. */
const SHOWS_IN: Readonly<Partial<Record<Mistake, keyof typeof FLOWS>>> = {
  'refunds again after a lost reply': 'refund',
  'captures again after a lost reply': 'capture',
};

describe('a shop that follows the protocol', () => {
  test.each(Object.keys(FLOWS) as (keyof typeof FLOWS)[])('breaks no law: %s', async (name) => {
    const exploration = await exploreFlow(FLOWS[name](), false, 1);
    expect(exploration.failures.length, explorationText(exploration)).toBe(0);
  });
});

test.each(MISTAKES)('finds the mistake: %s', async (mistake) => {
  const { failures } = await exploreFlow(FLOWS[SHOWS_IN[mistake] ?? 'pay'](mistake), true);
  expect(failures.map(({ law, place }) => `${law} at ${place}`)).not.toEqual([]);
});
