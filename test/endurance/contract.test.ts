import { setupServer } from 'msw/node';
import { beforeAll, expect, onTestFinished } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import type { LoadedScenario } from '../../scenarios/parse.js';
import { casesOf, runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget, type Target } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { pageTarget } from '../browser/page-target.js';
import { type Difference, twinTarget } from '../msw/twin-target.js';
import { CONTRACT, inProcessFetch } from '../scenarios/run-contract.js';
import { listeningTarget, problemsIn, problemsWithoutCalls, shuffled } from '../scenarios/runs.js';
import { STORAGES } from '../simulator/storages.js';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { openGatewayPage, serveGatewayPage } from '../support/gateway-page.js';
import type { StaticServer } from '../support/static-server.js';
import { type Campaign, campaign } from './campaign.js';

const CASES = casesOf(await loadScenarios([CONTRACT]));

/** Returns cases in a random order, as scenarios with one row each. No case is repeated before all of them occurred. */
function casesInRandomOrder(count: number, seed: number): LoadedScenario[] {
  const rounds = Array.from({ length: Math.ceil(count / CASES.length) }, (_, round) => shuffled(CASES, seed + round));
  return rounds
    .flat()
    .slice(0, count)
    .map(({ scenario, row }) => ({ ...scenario, examples: [row] }));
}

async function pass(count: number, seed: number, target: Target, jobs: number): Promise<string> {
  const summary = await runScenarios(casesInRandomOrder(count, seed), { target, jobs });
  expect((target.canCallBack ? problemsIn : problemsWithoutCalls)(summary)).toEqual([]);
  return `${Math.min(count, CASES.length)} different cases`;
}

const contractCampaign = (where: string): Campaign => ({
  name: `the contract tests pass ${where}`,
  unit: 'contract cases',
  short: 60,
  long: 3000,
});

campaign(contractCampaign('in this process'), (count, seed) =>
  pass(count, seed, simulatorTarget('http://localhost', inProcessFetch(createSimulator())), 8),
);

for (const { storage, options } of STORAGES)
  campaign(contractCampaign(`over HTTP, in ${storage}`), async (count, seed) =>
    pass(count, seed, await listeningTarget(await options()), 8),
  );

campaign(contractCampaign('with the same replies from the MSW handlers and the server'), async (count, seed) => {
  const simulator = createSimulator();
  const mswServer = setupServer();
  onTestFinished(async () => {
    mswServer.close();
    await simulator.close();
  });
  await simulator.listen();
  mswServer.listen({ onUnhandledRequest: ({ url }, print) => new URL(url).origin === simulator.url || print.error() });
  const differences: Difference[] = [];
  const summary = await pass(count, seed, twinTarget(simulator, mswServer, differences), 1);
  expect(differences).toEqual([]);
  return summary;
});

describeInChromium('Chromium', () => {
  const open = useChromium();
  let site: StaticServer;

  beforeAll(async () => {
    site = await serveGatewayPage();
  });

  campaign(contractCampaign('through a service worker in Chromium'), async (count, seed) =>
    pass(count, seed, pageTarget(await openGatewayPage((await open()).page, site)), 1),
  );
});
