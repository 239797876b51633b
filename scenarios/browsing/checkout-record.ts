import type { ControlClient } from '../control.js';
import { isOver, type ResultFault } from './authentication-record.js';

/** A checkout, as a snapshot of the gateway has it. */
export interface CheckoutRecord {
  readonly id: string;
  readonly REFERENCE: string;
  readonly addresses: { readonly PBX_REPONDRE_A: string };
  readonly state: 'open' | 'paid' | 'pending' | 'cancelled' | 'timeout';
  readonly isPending: boolean;
  readonly expiresAt: number;
  readonly attempts: readonly { readonly code: string; readonly at: number }[];
  readonly plan?: { readonly due: readonly { readonly at: number }[]; readonly endedAt: number };
  readonly faults: { readonly server?: ResultFault; readonly browser?: ResultFault };
}

/** Returns the checkouts of a gateway. */
export async function checkoutsOf(control: ControlClient): Promise<readonly CheckoutRecord[]> {
  const { content } = (await control.call('GET', '/snapshot')) as { content: { checkouts: CheckoutRecord[] } };
  return content.checkouts;
}

/** When the results of a checkout were made, in milliseconds since the epoch. A payment that was pending has a second one. */
function resultsOf({ attempts, isPending, state, expiresAt }: CheckoutRecord): number[] {
  const settledAt = isPending && state === 'paid' && attempts.some(({ code }) => code === '00000') ? [expiresAt] : [];
  return [...attempts.map(({ at }) => at), ...settledAt];
}

/** How many calls to the shop's server the gateway has made or is about to make by now. */
export function dueNotifications(record: CheckoutRecord, now: Date): number {
  const { lost, late, times = 1 } = record.faults.server ?? {};
  if (record.addresses.PBX_REPONDRE_A === '' || lost) return 0;
  return resultsOf(record).filter((at) => late === undefined || isOver(at, late, now)).length * times;
}

/** Whether something is due that the gateway has not taken yet: an instalment, a renewal, or a payment that is pending. */
export function isBehind({ plan, state, expiresAt }: CheckoutRecord, now: Date): boolean {
  const [next] = plan?.endedAt === 0 ? plan.due : [];
  return (next !== undefined && next.at <= now.getTime()) || (state === 'pending' && expiresAt <= now.getTime());
}

/** Whether the page that leads the browser back to the shop waits for the gateway's clock, which showed `asked` when the customer set out. */
export function isPageLate({ state, faults }: CheckoutRecord, asked: Date, now: Date): boolean {
  const late = faults.browser?.late;
  return state !== 'open' && late !== undefined && !isOver(asked.getTime(), late, now);
}
