import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import type { LoadedScenario } from '../../scenarios/parse.js';
import { type RunSummary, runScenarios } from '../../scenarios/runner.js';
import { hasPhp, openPhpShop } from '../support/php-shop.js';
import { type DeafWay, openDeafFront } from './deaf-front.js';
import { CONTRACT } from './run-contract.js';
import { drivesIntegration, LIBRARY, listeningTarget, problemsIn, shuffled, visitsShop } from './runs.js';
import { serveMerchant } from './serve-merchant.js';

const MERCHANT = resolve('dist/scenarios/examples/reference/merchant.js');
const JOBS = 12;

const scenarios = await loadScenarios([LIBRARY]);
const onGateway = scenarios.filter((scenario) => !drivesIntegration(scenario) && !visitsShop(scenario));
const onIntegration = scenarios.filter(drivesIntegration);
const onShop = scenarios.filter(visitsShop);

/** Scenarios that the built command also passes, in addition to those that run it several times at once. */
const PROCESSES = ['account-that-signs', 'capture-has-a-question-number-of-its-own', 'order-from-payment-to-refund'];

describe('the scenario library', () => {
  it('contains enough scenarios of each kind', () => {
    expect(onGateway.length).toBeGreaterThanOrEqual(40);
    expect(onIntegration.length).toBeGreaterThanOrEqual(30);
    expect(onShop.length).toBeGreaterThanOrEqual(20);
    expect(scenarios.filter(({ tags }) => tags[0] === 'three-d-secure').length).toBeGreaterThanOrEqual(4 + 25);
  });

  it('names, like the contract tests, the section and the weight of each scenario, and why it matters', async () => {
    const about = [...scenarios, ...(await loadScenarios([CONTRACT]))];
    const incomplete = about.filter(({ section, weight, why }) => section === undefined || weight === undefined || why.length < 20);
    expect(incomplete.map(({ file }) => file)).toEqual([]);
  });

  it('has no id in common with the contract tests', async () => {
    await expect(loadScenarios([CONTRACT, LIBRARY])).resolves.toHaveLength(scenarios.length + (await loadScenarios([CONTRACT])).length);
  });

  it('tags each scenario with its folder and names it after its file', () => {
    for (const { file, id, tags } of scenarios) expect(`scenarios/library/${tags[0]}/${id}.yaml`).toBe(file);
  });

  it('passes on the simulator over HTTP, concurrently and in a random order', { timeout: 60_000 }, async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    const summary = await runScenarios(shuffled(onGateway, seed), { target: await listeningTarget(), jobs: JOBS });
    expect(problemsIn(summary), `in the order of SEED=${seed}`).toEqual([]);
  });
});

describe('the integration with the reference client', () => {
  async function problemsOf(selected: readonly LoadedScenario[], integration: string): Promise<string[]> {
    const target = await listeningTarget();
    return problemsIn(await runScenarios(selected, { target, jobs: JOBS, values: { integration } }));
  }

  it('passes every scenario', { timeout: 120_000 }, async () => {
    const { integration, close } = await serveMerchant();
    onTestFinished(close);
    expect(await problemsOf(onIntegration, integration)).toEqual([]);
  });

  // What only separate processes of the built command can show: environment and output of a process, question numbers of several of them.
  it.skipIf(!existsSync(MERCHANT) && !process.env.CI)(
    'passes the scenarios of separate processes as the built command',
    { timeout: 120_000 },
    async () => {
      const selected = onIntegration.filter(({ id, steps }) => PROCESSES.includes(id) || steps.some((step) => 'together' in step));
      expect(selected.map(({ id }) => id)).toEqual(expect.arrayContaining(PROCESSES));
      expect(await problemsOf(selected, `"${process.execPath}" "${MERCHANT}"`)).toEqual([]);
    },
  );
});

describe.skipIf(!hasPhp && !process.env.CI)('the web shops in PHP', () => {
  /** Scenarios whose mistake the careless shop does not make: it hears of a result on one way only. */
  const HEARS_OF_ONE_WAY: Readonly<Record<string, DeafWay>> = {
    'shop-without-the-call-of-the-gateway': '/back',
    'shop-whose-customer-never-returns': '/direct',
  };

  async function summaryOf(selected: readonly LoadedScenario[], shop: string, jobs = JOBS): Promise<RunSummary> {
    return runScenarios(selected, { target: await listeningTarget(), jobs, values: { shop } });
  }

  async function openShop(which: 'safe' | 'careless', environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const shop = await openPhpShop(which, { SHOP_PER_REQUEST: '1', ...environment });
    // PHP warns of orders that the careless shop reads while it writes them.
    onTestFinished(() => (which === 'safe' ? shop.close() : shop.close().catch(() => {})));
    return shop.url;
  }

  it('pass every scenario if they are careful', { timeout: 120_000 }, async () => {
    expect(problemsIn(await summaryOf(onShop, await openShop('safe')))).toEqual([]);
  });

  it('fail every scenario whose mistake they make', { timeout: 120_000 }, async () => {
    const selected = onShop.filter(({ id }) => !Object.hasOwn(HEARS_OF_ONE_WAY, id));
    const shop = await openShop('careless');
    const notFailing = async (scenarios: readonly LoadedScenario[], jobs?: number): Promise<LoadedScenario[]> => {
      const { results } = await summaryOf(scenarios, shop, jobs);
      const failed = new Set(results.filter(({ outcome }) => outcome === 'failed').map((result) => result.case.scenario.id));
      return scenarios.filter(({ id }) => !failed.has(id));
    };
    // Orders without a lock may lose the second payment too when the machine is busy.
    const left = await notFailing(await notFailing(selected), 1);
    expect(left.map(({ id }) => id)).toEqual([]);
  });

  it.each(Object.entries(HEARS_OF_ONE_WAY))('fail %s if they do not serve %s', { timeout: 60_000 }, async (id, deaf) => {
    const shop = await openShop('safe');
    const front = await openDeafFront(shop, deaf);
    onTestFinished(front.close);
    const { failed } = await summaryOf(
      onShop.filter((scenario) => scenario.id === id),
      front.url,
    );
    expect(failed).toBe(1);
  });
});
