import { type Does, type Operation, operationNamed, STATUSES } from '../../contracts/index.js';
import { AbortedError } from '../errors/aborted-error.js';
import { TransportError } from '../errors/transport-error.js';
import { requestWithFailover } from '../failover.js';
import { type Found, inquiryOutcomeOf } from '../outcome.js';
import type { WireVariables } from '../question.js';
import type { Reply } from '../reply.js';
import { request } from '../request.js';
import type { Settings } from '../settings.js';
import type { RequestLimits } from '../transport.js';

/** How to inquire about the result of an operation. */
export interface InquiryPlan {
  /**
   * `reference`: the transaction the operation creates, by amount, currency and reference (00011, then 00017).
   * `number`: the transaction the operation changes, by its NUMTRANS (00017).
   */
  readonly by: 'reference' | 'number';
  /** STATUS of that transaction once the operation is processed. */
  readonly expectedStatus: string;
}

// A change of amount does not show in STATUS, and no operation reads a subscriber without changing it: they have no plan.
const INQUIRY_PLANS: { readonly [does in Does]?: InquiryPlan } = {
  authorize: { by: 'reference', expectedStatus: STATUSES.authorized },
  pay: { by: 'reference', expectedStatus: STATUSES.captured },
  force: { by: 'reference', expectedStatus: STATUSES.captured },
  credit: { by: 'reference', expectedStatus: STATUSES.credited },
  capture: { by: 'number', expectedStatus: STATUSES.captured },
  cancel: { by: 'number', expectedStatus: STATUSES.cancelled },
  refund: { by: 'number', expectedStatus: STATUSES.refunded },
};

/** Returns how to inquire about an operation, or undefined if that is not possible. */
export const inquiryPlanOf = (operation: Operation): InquiryPlan | undefined => INQUIRY_PLANS[operation.does];

/** What an inquiry shows. */
export type Observation =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'not-found' }
  /** The gateway did not answer, or its answer says nothing about the transaction. */
  | { readonly kind: 'failed' };

const pick = (variables: WireVariables, names: readonly string[]): WireVariables =>
  Object.fromEntries(names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])));

function observationOf(reply: Reply, requestedNumtrans: string | undefined): Observation {
  const outcome = inquiryOutcomeOf(reply, requestedNumtrans);
  if (outcome.kind === 'found') return { kind: 'found', found: outcome };
  return { kind: outcome.kind === 'not-found' ? 'not-found' : 'failed' };
}

// An inquiry changes nothing, so it may go to the backup host even if the main host has processed it.
function backupAfter(error: unknown, { hosts: [main, backup] }: Settings): string | undefined {
  return error instanceof TransportError && !(error instanceof AbortedError) && error.url === main ? backup : undefined;
}

async function sendInquiry(
  settings: Settings,
  operation: 'exists' | 'inquire',
  variables: WireVariables,
  limits: RequestLimits,
): Promise<Observation> {
  const TYPE = operationNamed(operation)?.TYPE;
  if (TYPE === undefined) throw new Error(`The operations table has no ${operation}.`);
  const input = { operation, TYPE, variables };
  try {
    return observationOf(await requestWithFailover(settings, input, limits), variables.NUMTRANS);
  } catch (error) {
    const backup = backupAfter(error, settings);
    if (backup === undefined) throw error;
    const { url, name: because } = error as TransportError;
    settings.log?.({ event: 'failover', operation, from: url, to: backup, because });
    const observation = observationOf(await request(settings, input, backup, limits), variables.NUMTRANS);
    // The main host, which does not answer, may still be processing what the backup host does not find.
    return observation.kind === 'not-found' ? { kind: 'failed' } : observation;
  }
}

async function inquireByPlan(
  settings: Settings,
  { by }: InquiryPlan,
  variables: WireVariables,
  limits: RequestLimits,
): Promise<Observation> {
  if (by === 'number') return sendInquiry(settings, 'inquire', pick(variables, ['NUMTRANS', 'NUMAPPEL']), limits);
  const existing = await sendInquiry(settings, 'exists', pick(variables, ['MONTANT', 'DEVISE', 'REFERENCE']), limits);
  if (existing.kind !== 'found') return existing;
  // 00011 does not show what it found: an authorization, a payment or a credit. 00017 does.
  const inquired = await sendInquiry(settings, 'inquire', { NUMTRANS: existing.found.transaction.numtrans }, limits);
  return inquired.kind === 'not-found' ? { kind: 'failed' } : inquired;
}

/**
 * Inquires what the gateway shows of a question: the transaction it created, or the transaction it changed.
 *
 * @param variables the variables of that question
 * @throws AbortedError if the signal fired; any other failure is an observation of kind `failed`
 */
export async function inquire(
  settings: Settings,
  plan: InquiryPlan,
  variables: WireVariables,
  limits: RequestLimits,
): Promise<Observation> {
  try {
    return await inquireByPlan(settings, plan, variables, limits);
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    return { kind: 'failed' };
  }
}
