import type { Page } from 'playwright-core';
import { ControlClient } from '../../scenarios/control.js';
import { simulatorEndpoint, type Target } from '../../scenarios/target.js';
import { controlFetchOf, fetchOf, openGateway } from '../support/gateway-page.js';

/** Runs each case on a new gateway in the page. Supports one case at a time. */
export function pageTarget(page: Page): Target {
  const fetch = fetchOf(page);
  const { account } = simulatorEndpoint('http://localhost', fetch);
  const control = new ControlClient('http://localhost/_sim', controlFetchOf(page));
  return {
    name: 'MSW in Chromium',
    canStage: true,
    isReachable: false,
    canCallBack: false,
    account,
    open: async () => ({ ...(await openGateway(page)), account, fetch, control, close: async () => {} }),
  };
}
