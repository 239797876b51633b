import type { CaseContext, StepRecord } from './case-context.js';
import { interpolateAll } from './interpolate.js';
import { failureOf, makeStep } from './make-step.js';
import type { Given } from './scenario.js';

type Imported = NonNullable<Given['payments']>[number];

async function importPayment(context: CaseContext, { as, ...payment }: Imported): Promise<void> {
  const { site, rang } = context.endpoint.account;
  const whole = { SITE: site, RANG: rang, REFERENCE: context.unique.reference, ...payment };
  await context.control().call('POST', '/payments', whole);
  const fields = Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, String(value)]));
  if (as !== undefined) context.earlier.set(as, { sent: fields, reply: fields });
}

async function stageGateway(given: Given, context: CaseContext): Promise<void> {
  const { site, rang } = context.endpoint.account;
  const { clock, account: settings, rules = [], payments = [] } = interpolateAll(given, context.names());
  const control = context.control();
  if (clock !== undefined) await control.call('PUT', '/clock', { now: clock, frozen: true });
  await context.readClock();
  if (settings) await control.call('PUT', `/accounts/${site}/${rang}`, settings);
  for (const payment of payments) await importPayment(context, payment);
  for (const rule of rules) await control.call('POST', '/rules', rule);
}

/**
 * Sets the case's gateway up as its scenario begins. Its clock goes on as it is where the scenario does not say.
 *
 * @returns what went wrong; undefined: nothing
 */
export async function stage(given: Given, context: CaseContext): Promise<StepRecord | undefined> {
  try {
    if (context.endpoint.control) await stageGateway(given, context);
  } catch (error) {
    return { step: { expect: {} }, path: ['given'], failures: [failureOf(error, ['given'])] };
  }
  for (const { as, with: variables = {} } of given.subscribers ?? []) {
    const step = { send: 'subscribers.register', as, with: variables, expect: { reply: { CODEREPONSE: '00000' } } };
    const record = await makeStep(step, context, ['given', 'subscribers']);
    if (record.failures.length > 0) return record;
  }
  return undefined;
}
