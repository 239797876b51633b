import type { CaseContext, StepRecord } from './case-context.js';
import { DEFAULT_CARD } from './default-variables.js';
import { interpolateAll } from './interpolate.js';
import { failureFromError, runStep } from './run-step.js';
import type { Given, GivenSubscriber } from './scenario.js';

type GivenPayment = NonNullable<Given['payments']>[number];

async function importGivenPayment(context: CaseContext, { as, ...payment }: GivenPayment): Promise<void> {
  const { site, rang } = context.endpoint.account;
  const complete = { SITE: site, RANG: rang, REFERENCE: context.unique.reference, ...payment };
  await context.control().call('POST', '/payments', complete);
  const fields = Object.fromEntries(Object.entries(complete).map(([name, value]) => [name, String(value)]));
  if (as !== undefined) context.earlier.set(as, { sent: fields, reply: fields });
}

async function importGivenSubscriber(context: CaseContext, { as, token, with: variables }: GivenSubscriber): Promise<void> {
  if (token === undefined) return;
  const { site, rang } = context.endpoint.account;
  const { PORTEUR, DATEVAL } = DEFAULT_CARD;
  const sent = { SITE: site, RANG: rang, REFABONNE: context.unique.subscriber, PORTEUR, DATEVAL, ...variables };
  await context.control().call('POST', '/subscribers', { ...sent, token });
  context.earlier.set(as, { sent, reply: { PORTEUR: token } });
}

/** Returns the settings of the account that a `given` sets up, with the variants that it depends on. Undefined if it sets up neither. */
export function accountSettingsOf({ account, variants }: Pick<Given, 'account' | 'variants'>): Given['account'] {
  return variants ? { ...account, variants: { ...variants, ...(account?.variants as object | undefined) } } : account;
}

async function stageByControlApi(given: Given, context: CaseContext): Promise<void> {
  const { site, rang } = context.endpoint.account;
  const { clock, rules = [], payments = [], subscribers = [], ...settings } = interpolateAll(given, context.names());
  const account = accountSettingsOf(settings);
  const control = context.control();
  if (clock === undefined) await context.clock();
  else await context.clock('PUT', '/clock', { now: clock, frozen: true });
  if (account) await control.call('PUT', `/accounts/${site}/${rang}`, account);
  for (const payment of payments) await importGivenPayment(context, payment);
  for (const subscriber of subscribers) await importGivenSubscriber(context, subscriber);
  for (const rule of rules) await control.call('POST', '/rules', rule);
}

/**
 * Sets up the `given` of a scenario on the case's gateway. Without a `clock` the gateway's clock stays unchanged.
 *
 * @returns the step that failed, or undefined if everything was set up
 */
export async function stage(given: Given, context: CaseContext): Promise<StepRecord | undefined> {
  try {
    if (context.endpoint.control) await stageByControlApi(given, context);
  } catch (error) {
    return { step: { expect: {} }, path: ['given'], failures: [failureFromError(error, ['given'])] };
  }
  for (const { as, token, with: variables = {} } of given.subscribers ?? []) {
    if (token !== undefined) continue;
    const step = { send: 'subscribers.register', as, with: variables, expect: { reply: { CODEREPONSE: '00000' } } };
    const record = await runStep(step, context, ['given', 'subscribers']);
    if (record.failures.length > 0) return record;
  }
  return undefined;
}
