import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { ControlClient } from '../../scenarios/control.js';
import { loadScenarios } from '../../scenarios/load.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorEndpoint, type Target } from '../../scenarios/target.js';
import { CONTRACT } from '../scenarios/run-contract.js';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { controlFetchOf, fetchOf, openGateway, openGatewayPage, serveGatewayPage } from '../support/gateway-page.js';
import type { StaticServer } from '../support/static-server.js';

/** Runs each case on a new gateway in the page. Supports one case at a time. */
function pageTarget(page: Page): Target {
  const fetch = fetchOf(page);
  const { account } = simulatorEndpoint('http://localhost', fetch);
  const control = new ControlClient('http://localhost/_sim', controlFetchOf(page));
  return {
    name: 'MSW in Chromium',
    canStage: true,
    isReachable: false,
    account,
    open: async () => ({ ...(await openGateway(page)), account, fetch, control, close: async () => {} }),
  };
}

describeInChromium('the contract tests through a service worker in Chromium', () => {
  const open = useChromium();
  let site: StaticServer;

  beforeAll(async () => {
    site = await serveGatewayPage();
  });

  test('all pass, and the page requests only its own files', { timeout: 120_000 }, async () => {
    const page = await openGatewayPage((await open()).page, site);
    const { results, passed } = await runScenarios(await loadScenarios([CONTRACT]), { target: pageTarget(page), jobs: 1 });
    expect(results.filter(({ outcome }) => outcome !== 'passed').map((result) => result.case.name)).toEqual([]);
    expect(passed).toBeGreaterThan(500);
    expect(new Set(site.requested)).toEqual(new Set(['/', '/page.js', '/mockServiceWorker.js']));
  });
});
