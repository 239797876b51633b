import { type Does, type Operation, operationNamed, STATUSES } from '../contracts/index.js';
import { AbortedError } from './errors/aborted-error.js';
import { askWithFailover } from './failover.js';
import { type Found, type InquiryOutcome, inquiryOutcomeOf } from './outcome.js';
import type { Settings } from './settings.js';
import type { Patience } from './transport.js';
import type { WireVariables } from './wire-variables.js';

/** What the gateway shows of a question: the transaction it made, or the one it was about. */
export type Sighting =
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
export interface Trail {
  /** By amount, currency and reference (00011), or by the number of the transaction it was about (00017). */
  readonly by: 'reference' | 'number';
  /** The STATUS it leaves. */
  readonly leaves: string;
}

/**
 * The trail of every operation that leaves one. A change of amount leaves none in STATUS, and a subscriber can only be looked for
 * by an operation that changes them.
 */
const TRAILS: { readonly [does in Does]?: Trail } = {
  authorize: { by: 'reference', leaves: STATUSES.authorized },
  pay: { by: 'reference', leaves: STATUSES.captured },
  force: { by: 'reference', leaves: STATUSES.captured },
  credit: { by: 'reference', leaves: STATUSES.credited },
  capture: { by: 'number', leaves: STATUSES.captured },
  cancel: { by: 'number', leaves: STATUSES.cancelled },
  refund: { by: 'number', leaves: STATUSES.refunded },
};

/** How the operation can be asked for; undefined where it cannot. */
export const trailOf = (operation: Operation): Trail | undefined => TRAILS[operation.does];

async function inquire(
  settings: Settings,
  name: string,
  variables: WireVariables,
  patience: Patience,
): Promise<InquiryOutcome | undefined> {
  const operation = operationNamed(name);
  if (!operation) throw new Error(`The operations table has no ${name}.`);
  const reply = await askWithFailover(settings, { operation: name, TYPE: operation.TYPE, variables }, patience);
  return inquiryOutcomeOf(reply);
}

const pick = (variables: WireVariables, names: readonly string[]): WireVariables =>
  Object.fromEntries(names.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]])));

// Only 00018 is read as not found: an inquiry that fails in any other way says nothing.
function sighting(outcome: InquiryOutcome | undefined): Sighting {
  if (outcome?.kind === 'found') return { kind: 'found', found: outcome };
  return { kind: outcome?.kind === 'not-found' ? 'not-found' : 'failed' };
}

async function lookUnguarded(settings: Settings, { by }: Trail, variables: WireVariables, patience: Patience): Promise<Sighting> {
  if (by === 'number') return sighting(await inquire(settings, 'inquire', pick(variables, ['NUMTRANS', 'NUMAPPEL']), patience));
  const named = await inquire(settings, 'exists', pick(variables, ['MONTANT', 'DEVISE', 'REFERENCE']), patience);
  if (named?.kind !== 'found') return sighting(named);
  // That it exists does not say what it is: an authorization or a credit may bear the same amount and reference.
  const inquired = sighting(await inquire(settings, 'inquire', { NUMTRANS: named.transaction.numtrans }, patience));
  return inquired.kind === 'not-found' ? { kind: 'failed' } : inquired;
}

/**
 * Asks the gateway what it shows of a question.
 *
 * @throws AbortedError where the signal fired; any other failure is a sighting that failed
 */
export async function look(settings: Settings, trail: Trail, variables: WireVariables, patience: Patience): Promise<Sighting> {
  try {
    return await lookUnguarded(settings, trail, variables, patience);
  } catch (error) {
    if (error instanceof AbortedError) throw error;
    return { kind: 'failed' };
  }
}

function wasThereBefore(before: Sighting, found: Found, { by, leaves }: Trail): boolean {
  if (before.kind === 'failed') return true;
  if (before.kind === 'not-found') return false;
  return by === 'number' ? before.found.state === leaves : before.found.transaction.numtrans === found.transaction.numtrans;
}

/**
 * What a sighting says of a lost question.
 *
 * @param before what was there before it was sent; undefined: nobody looked, and what is there now is taken for its doing
 */
export function judge(trail: Trail, before: Sighting | undefined, after: Sighting): Verdict {
  if (after.kind === 'failed') return { found: 'failed' };
  if (after.kind === 'not-found') return { found: trail.by === 'reference' && before?.kind !== 'found' ? 'not-found' : 'unclear' };
  const { found } = after;
  if (found.state !== trail.leaves) return { found: 'unclear' };
  return before && wasThereBefore(before, found, trail) ? { found: 'unclear' } : { found: 'done', transaction: found };
}
