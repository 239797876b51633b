import { beforeAll, expect, test } from 'vitest';
import { loadScenarios } from '../../scenarios/load.js';
import { runScenarios } from '../../scenarios/runner.js';
import { CONTRACT } from '../scenarios/run-contract.js';
import { problemsWithoutCalls } from '../scenarios/runs.js';
import { wireCases } from '../scenarios/wire-cases.js';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { openGatewayPage, serveGatewayPage } from '../support/gateway-page.js';
import type { StaticServer } from '../support/static-server.js';
import { pageTarget } from './page-target.js';

describeInChromium('the contract tests that a transport can change, through a service worker in Chromium', () => {
  const open = useChromium();
  let site: StaticServer;

  beforeAll(async () => {
    site = await serveGatewayPage();
  });

  test('all pass, and the page requests only its own files', async () => {
    const page = await openGatewayPage((await open()).page, site);
    const summary = await runScenarios(wireCases(await loadScenarios([CONTRACT])), { target: pageTarget(page), jobs: 1 });
    expect(problemsWithoutCalls(summary)).toEqual([]);
    expect(summary.passed).toBeGreaterThan(90);
    expect(new Set(site.requested)).toEqual(new Set(['/', '/page.js', '/mockServiceWorker.js']));
  });
});
