import type { CaseContext, StepResult } from '../case-context.js';
import { DEFAULT_SECONDS, gatewayEnvironment } from '../program.js';
import type { BrowseStep } from '../scenario.js';
import { visit } from './bank.js';
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

/**
 * Opens a page of the application under test as a customer, follows the pages that lead on, and does at the bank what the step says.
 * Resolves with the last page, when the application has also answered the gateway's calls.
 *
 * @throws BrowserError when a page does not come in time
 */
export async function browse(step: BrowseStep, context: CaseContext): Promise<NonNullable<StepResult['http']>> {
  const application = new URL(step.browse).origin;
  const environment = JSON.stringify(gatewayEnvironment(context.endpoint));
  const signal = AbortSignal.any([context.closing, AbortSignal.timeout((step.within ?? DEFAULT_SECONDS) * 1000)]);
  const customer = customerOf(context, signal, ({ origin }) => (origin === application ? { [ENVIRONMENT_HEADER]: environment } : {}));
  const { page } = await visit(await customer.browser.open(requestOf(step)), step.do ?? 'confirm', customer);
  await callsDelivered(context.control());
  context.hasBrowsed = true;
  return { status: page.status, body: page.text, url: page.url };
}
