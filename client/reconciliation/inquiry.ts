import { type Does, type Operation, operationNamed, STATUSES } from '../../contracts/index.js';
import { AbortedError } from '../errors/aborted-error.js';
import { TransportError } from '../errors/transport-error.js';
import { askWithFailover } from '../failover.js';
import type { NumTrans } from '../numbers.js';
import { type Found, inquiryOutcomeOf } from '../outcome.js';
import type { Reply } from '../reply.js';
import { ask } from '../request.js';
import type { Settings } from '../settings.js';
import type { RequestLimits } from '../transport.js';
import type { WireVariables } from '../wire-variables.js';

/** What the gateway shows of a question: the transaction it made, or the one it was about. */
export type Observation =
  | { readonly kind: 'found'; readonly found: Found }
  | { readonly kind: 'not-found' }
  /** The gateway gave no answer. */
  | { readonly kind: 'failed' };

/** What can be said of a lost question. */
export type Verdict =
  | { readonly found: 'done'; readonly transaction: Found }
  | { readonly found: 'not-found' }
  | { readonly found: 'unclear' }
  | { readonly found: 'failed' };

/** How an operation whose reply is lost can be asked for. */
export interface InquiryPlan {
  /** By amount, currency and reference (00011), or by the number of the transaction it was about (00017). */
  readonly by: 'reference' | 'number';
  /** The STATUS it leaves. */
  readonly leaves: string;
}

/**
 * The trail of every operation that leaves one. A change of amount leaves none in STATUS, and a subscriber can only be looked for
 * by an operation that changes them.
 */
const TRAILS: { readonly [does in Does]?: InquiryPlan } = {
  authorize: { by: 'reference', leaves: STATUSES.authorized },
  pay: { by: 'reference', leaves: STATUSES.captured },
  force: { by: 'reference', leaves: STATUSES.captured },
  credit: { by: 'reference', leaves: STATUSES.credited },
  capture: { by: 'number', leaves: STATUSES.captured },
  cancel: { by: 'number', leaves: STATUSES.cancelled },
  refund: { by: 'number', leaves: STATUSES.refunded },
};

/** How the operation can be asked for; undefined where it cannot. */
export const inquiryPlanOf = (operation: Operation): InquiryPlan | undefined => TRAILS[operation.does];

const pick = (variables: WireVariables, names: readonly string[]): WireVariables =>
  Object.fromEntries(names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])));

// Only 00018 is read as not found: an inquiry that fails in any other way says nothing.
function sightingOf(reply: Reply, asked: string | undefined): Observation {
  const outcome = inquiryOutcomeOf(reply, asked);
  if (outcome.kind === 'found') return { kind: 'found', found: outcome };
  return { kind: outcome.kind === 'not-found' ? 'not-found' : 'failed' };
}

/** The backup host, where the main one was asked in vain: an inquiry changes nothing, so that it may go to both. */
function backupAfter(error: unknown, { hosts: [main, backup] }: Settings): string | undefined {
  return error instanceof TransportError && !(error instanceof AbortedError) && error.url === main ? backup : undefined;
}

async function inquire(
  settings: Settings,
  name: 'exists' | 'inquire',
  variables: WireVariables,
  limits: RequestLimits,
): Promise<Observation> {
  const operation = operationNamed(name);
  if (!operation) throw new Error(`The operations table has no ${name}.`);
  const query = { operation: name, TYPE: operation.TYPE, variables };
  try {
    return sightingOf(await askWithFailover(settings, query, limits), variables.NUMTRANS);
  } catch (error) {
    const backup = backupAfter(error, settings);
    if (backup === undefined) throw error;
    const { url, name: because } = error as TransportError;
    settings.log({ event: 'failover', operation: name, from: url, to: backup, because });
    const sighting = sightingOf(await ask(settings, query, backup, limits), variables.NUMTRANS);
    // What the backup does not find, the main host that is silent may be at work on.
    return sighting.kind === 'not-found' ? { kind: 'failed' } : sighting;
  }
}

async function lookUnguarded(
  settings: Settings,
  { by }: InquiryPlan,
  variables: WireVariables,
  limits: RequestLimits,
): Promise<Observation> {
  if (by === 'number') return inquire(settings, 'inquire', pick(variables, ['NUMTRANS', 'NUMAPPEL']), limits);
  const named = await inquire(settings, 'exists', pick(variables, ['MONTANT', 'DEVISE', 'REFERENCE']), limits);
  if (named.kind !== 'found') return named;
  // That it exists does not say what it is: an authorization or a credit may bear the same amount and reference.
  const inquired = await inquire(settings, 'inquire', { NUMTRANS: named.found.transaction.numtrans }, limits);
  return inquired.kind === 'not-found' ? { kind: 'failed' } : inquired;
}

/**
 * Asks the gateway what it shows of a question.
 *
 * @throws AbortedError where the signal fired; any other failure is a sighting that failed
 */
export async function look(settings: Settings, trail: InquiryPlan, variables: WireVariables, limits: RequestLimits): Promise<Observation> {
  try {
    return await lookUnguarded(settings, trail, variables, limits);
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    return { kind: 'failed' };
  }
}

/** A question whose reply was lost, and what is known beside it. */
export interface Lost {
  readonly trail: InquiryPlan;
  /** REFABONNE. */
  readonly subscriber: string | undefined;
  /** What was there before it was sent; undefined: nobody looked. */
  readonly before: Observation | undefined;
  /** Whether a transaction is known as an earlier call's doing. */
  readonly isReported: (numtrans: NumTrans) => boolean;
}

/** Whether what would be found, as things are, could not be told from another's doing without a look before. */
export const needsLookBefore = ({ by }: InquiryPlan, subscriber: string | undefined): boolean =>
  by === 'number' || subscriber !== undefined;

function isNew({ subscriber, before, isReported }: Lost, { transaction, reply }: Found): boolean {
  if (isReported(transaction.numtrans)) return false;
  const told = reply.get('REFABONNE') || undefined;
  if (told !== undefined && told !== subscriber) return false;
  if (!before) return told === subscriber;
  return before.kind === 'not-found' || (before.kind === 'found' && before.found.transaction.numtrans !== transaction.numtrans);
}

function isItsDoing(lost: Lost, found: Found): boolean {
  const { trail, before } = lost;
  if (found.state !== trail.leaves) return false;
  return trail.by === 'reference' ? isNew(lost, found) : before?.kind === 'found' && before.found.state !== trail.leaves;
}

/** What a sighting says of a lost question. */
export function judge(lost: Lost, after: Observation): Verdict {
  if (after.kind === 'failed') return { found: 'failed' };
  if (after.kind === 'not-found') {
    return { found: lost.trail.by === 'reference' && lost.before?.kind !== 'found' ? 'not-found' : 'unclear' };
  }
  return isItsDoing(lost, after.found) ? { found: 'done', transaction: after.found } : { found: 'unclear' };
}
