import { setTimeout as delay } from 'node:timers/promises';
import { loadPatterns } from '../../contracts/patterns.js';
import type { CaseContext, StepResult } from '../case-context.js';
import { isMet } from '../expectations.js';
import { DEFAULT_SECONDS, gatewayEnvironment } from '../program.js';
import type { BrowseStep } from '../scenario.js';
import { visit } from './bank.js';
import { pageCustomer } from './checkout.js';
import { customerOf } from './customer.js';
import { callsDelivered } from './delivered-calls.js';

/** The header that tells an application the gateway and the account of the case: what a program has in its environment, as JSON. */
const ENVIRONMENT_HEADER = 'X-Paybox-Environment';

function requestOf({ browse, method, headers = {}, json, form, body }: BrowseStep) {
  const written = json === undefined ? (form ? new URLSearchParams(form).toString() : body) : JSON.stringify(json);
  const type = json === undefined ? (form ? 'application/x-www-form-urlencoded' : undefined) : 'application/json';
  return {
    url: browse,
    method: method ?? (written === undefined ? 'GET' : 'POST'),
    headers: { ...(type !== undefined && { 'Content-Type': type }), ...headers },
    ...(written !== undefined && { body: written }),
  };
}

/** Between two visits of a step with `until`, in milliseconds. */
const VISIT_INTERVAL = 100;

/** One visit of a customer with a new browser, until the application has also answered the gateway's calls. */
async function visitOnce(step: BrowseStep, context: CaseContext, signal: AbortSignal): Promise<NonNullable<StepResult['http']>> {
  const application = new URL(step.browse).origin;
  const environment = JSON.stringify({ ...gatewayEnvironment(context.endpoint), ...context.environment });
  const headersFor = ({ origin }: URL) => (origin === application ? { [ENVIRONMENT_HEADER]: environment } : {});
  const hosted = pageCustomer(context, { act: step.hosted, card: step.card });
  const customer = { ...customerOf(context, signal, headersFor), hosted };
  const { page } = await visit(await customer.browser.open(requestOf(step)), step.do ?? 'confirm', customer);
  await callsDelivered(context.control());
  return { status: page.status, body: page.text, url: page.url, isOfGateway: new URL(page.url).origin !== application };
}

/**
 * Opens a page of the application under test as a customer, follows the pages that lead on, and does on the hosted page and at the bank what the
 * step says.
 * With `until` it is repeated. Resolves with the last page, when the application has also answered the gateway's calls.
 *
 * @throws BrowserError when a page does not come in time
 */
export async function browse(step: BrowseStep, context: CaseContext): Promise<NonNullable<StepResult['http']>> {
  const { until, within = DEFAULT_SECONDS } = step;
  const end = performance.now() + within * 1000;
  const signal = AbortSignal.any([context.closing, AbortSignal.timeout(within * 1000)]);
  context.hasBrowsed = true;
  if (until !== undefined) await loadPatterns();
  for (;;) {
    const page = await visitOnce(step, context, signal);
    if (until === undefined || isMet(until, page.body) || performance.now() + VISIT_INTERVAL > end) return page;
    await delay(VISIT_INTERVAL);
  }
}
