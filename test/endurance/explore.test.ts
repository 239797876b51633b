import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { inProcessSandboxes } from '../../cli/explore/in-process-sandbox.js';
import { type Exploration, type ExploreOptions, explore } from '../../scenarios/explore/explore.js';
import { measureBaseline } from '../../scenarios/explore/measure.js';
import { isShopFlow, READY_FLOW_NAMES, type ReadyFlowName, SHOP_FLOW_NAMES } from '../../scenarios/explore/ready-flow-names.js';
import { readyFlow } from '../../scenarios/explore/ready-flows.js';
import { explorationText } from '../../scenarios/explore/report/text.js';
import { sandboxesOf } from '../../scenarios/explore/sandbox.js';
import { scenarioFlow } from '../../scenarios/explore/scenario-flow.js';
import { simulatorTarget, type Target } from '../../scenarios/target.js';
import { createSimulator, type Simulator } from '../../simulator/index.js';
import { REFERENCE_FLOWS, restoreGlobals } from '../scenarios/explore/reference-merchant.js';
import { inProcessFetch } from '../scenarios/run-contract.js';
import { openPhpShop } from '../support/php-shop.js';
import { tempFolder } from '../support/temp-folder.js';
import { MERCHANT_MUTANTS } from './merchant-mutants.js';

const isLong = process.env.ENDURANCE !== 'short';

const JOBS = 2 * availableParallelism();

/** Without the defaults of an installation, the interpreters start faster. */
const INTERPRETERS = { php: 'php', python: 'python3 -S', ruby: 'ruby --disable-gems' } as const;
const EXTENSIONS = { php: 'php', python: 'py', ruby: 'rb' } as const;

type Language = keyof typeof INTERPRETERS;

const LANGUAGES = Object.keys(INTERPRETERS) as Language[];

const fileOf = (language: Language, name: string): string => resolve('scenarios/examples', language, `${name}.${EXTENSIONS[language]}`);

let simulator: Simulator;
let target: Target;

beforeAll(async () => {
  simulator = createSimulator();
  target = simulatorTarget(await simulator.listen(), globalThis.fetch, inProcessFetch(simulator));
});

afterAll(() => simulator.close());

afterEach(restoreGlobals);

/** Explores a flow of a merchant as `paybox-sim explore --integration` does. */
async function exploreMerchant(language: Language, file: string, name: ReadyFlowName, more: Partial<ExploreOptions>): Promise<Exploration> {
  const { scenario, order, leftToPerson } = readyFlow(name, 1000);
  const options = { leftToPerson, values: { integration: `${INTERPRETERS[language]} "${file}"` } };
  const sandboxes = sandboxesOf(target);
  const { limits } = await measureBaseline(
    (assumed, provisional) => scenarioFlow(scenario, { order: assumed, limits: provisional, ...options }),
    sandboxes,
    order,
  );
  return explore({ flow: scenarioFlow(scenario, { order, limits, ...options }), sandboxes, jobs: JOBS, ...more });
}

const FLOWS: readonly ReadyFlowName[] = isLong ? READY_FLOW_NAMES.filter((name) => !isShopFlow(name)) : ['pay'];

describe.each(LANGUAGES)('the safe merchant: %s', (language) => {
  test.each(FLOWS)('breaks no law with one fault: %s', { timeout: 600_000 }, async (name) => {
    const exploration = await exploreMerchant(language, fileOf(language, 'safe'), name, { depth: 1 });
    expect(exploration.failures.length, explorationText(exploration)).toBe(0);
  });

  test.runIf(isLong)('breaks no law with two faults', { timeout: 7_200_000 }, async () => {
    const exploration = await exploreMerchant(language, fileOf(language, 'safe'), 'pay', { depth: 2, budget: 3_600_000 });
    expect(exploration.failures.length, explorationText(exploration)).toBe(0);
    expect(exploration.left).toEqual([0, 0, 0]);
  });
});

test.each(isLong ? REFERENCE_FLOWS : REFERENCE_FLOWS.slice(0, 1))(
  'the merchant with the reference client breaks no law with two faults: $name',
  { timeout: 3_600_000 },
  async (flow) => {
    const exploration = await explore({ flow, sandboxes: inProcessSandboxes(), depth: 2, jobs: 1, budget: 1_800_000 });
    expect(exploration.failures.length, explorationText(exploration)).toBe(0);
    expect(exploration.left).toEqual([0, 0, 0]);
    process.stderr.write(`${flow.name}: ${exploration.results.length} runs with up to two faults\n`);
  },
);

test.runIf(isLong).each(SHOP_FLOW_NAMES)('the web shop in PHP breaks no law with two faults: %s', { timeout: 3_600_000 }, async (name) => {
  const shop = await openPhpShop('safe', { SHOP_PER_REQUEST: '1' });
  onTestFinished(shop.close);
  const { scenario, order, leftToPerson, recover } = readyFlow(name, 1999);
  const options = { order, limits: { timeout: 1, within: 30 }, leftToPerson, values: { shop: shop.url }, ...(recover && { recover }) };
  const exploration = await explore({
    flow: scenarioFlow(scenario, options),
    sandboxes: sandboxesOf(target),
    depth: 2,
    jobs: JOBS,
    budget: 1_800_000,
  });
  expect(exploration.failures.length, explorationText(exploration)).toBe(0);
  expect(exploration.left).toEqual([0, 0, 0]);
  process.stderr.write(`${name}: ${exploration.results.length} runs with up to two faults\n`);
});

/** What the careless merchants are known for, by the law that it breaks and where. */
const CARELESS: readonly (readonly [Language, ReadyFlowName, readonly string[]])[] = [
  ['php', 'pay', ['charged-once at pay', 'said-paid at pay', 'refusal-final at pay']],
  ['php', 'refund', ['said-paid at the run', 'charged-once at pay']],
  ['python', 'pay', ['charged-once at pay', 'said-paid at pay', 'ends at pay']],
  ['ruby', 'pay', ['charged-once at pay', 'said-paid at pay']],
];

test.each(CARELESS)('finds what the careless merchant does: %s, %s', { timeout: 600_000 }, async (language, name, expected) => {
  const { failures } = await exploreMerchant(language, fileOf(language, 'careless'), name, { depth: 1 });
  expect(failures.map(({ law, place }) => `${law} at ${place}`)).toEqual(expect.arrayContaining([...expected]));
});

const MUTANTS = isLong ? MERCHANT_MUTANTS : MERCHANT_MUTANTS.filter(({ language }) => language === 'php').slice(0, 4);

test.each(MUTANTS)('finds the mistake: $language $mistake', { timeout: 600_000 }, async ({ language, changes, flow = 'pay' }) => {
  const file = join(await tempFolder(), `mutant.${EXTENSIONS[language]}`);
  let code = readFileSync(fileOf(language, 'safe'), 'utf8');
  for (const [from, to] of changes) {
    expect(code.split(from), `${from} in the merchant`).toHaveLength(2);
    code = code.replace(from, () => to);
  }
  writeFileSync(file, code);
  const { failures } = await exploreMerchant(language, file, flow, { stopsAtFailure: true, budget: 300_000 });
  expect(failures.map(({ law, place }) => `${law} at ${place}`)).not.toEqual([]);
});
