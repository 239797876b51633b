import type { ControlClient } from '../control.js';
import { isOver, milliseconds, type ResultFault } from './authentication-record.js';

/** A checkout, as the control API returns it. */
export interface CheckoutRecord {
  readonly addresses: { readonly PBX_REPONDRE_A: string };
  readonly state: 'open' | 'paid' | 'pending' | 'cancelled' | 'timeout';
  readonly isPending: boolean;
  readonly expiresAt: string;
  readonly attempts: readonly { readonly code: string; readonly at: string }[];
  readonly plan: { readonly due: readonly { readonly at: string }[]; readonly endedAt: string | null } | null;
  readonly faults: { readonly server?: ResultFault; readonly browser?: ResultFault };
}

/** Returns the checkouts of a gateway. */
export async function checkoutsOf(control: ControlClient): Promise<readonly CheckoutRecord[]> {
  const { checkouts } = (await control.call('GET', '/checkouts?limit=1000')) as { checkouts: CheckoutRecord[] };
  return checkouts;
}

/** Returns a checkout. */
export async function checkoutOf(control: ControlClient, id: string): Promise<CheckoutRecord> {
  return (await control.call('GET', `/checkouts/${id}`)) as CheckoutRecord;
}

/** When the results of a checkout were made. A payment that was pending has a second one. */
function resultsOf({ attempts, isPending, state, expiresAt }: CheckoutRecord): string[] {
  const settledAt = isPending && state === 'paid' && attempts.some(({ code }) => code === '00000') ? [expiresAt] : [];
  return [...attempts.map(({ at }) => at), ...settledAt];
}

/** How many calls to the shop's server the gateway has made or is about to make by now. */
export function dueNotifications(record: CheckoutRecord, now: Date): number {
  const { lost, late, times = 1 } = record.faults.server ?? {};
  if (record.addresses.PBX_REPONDRE_A === '' || lost) return 0;
  return resultsOf(record).filter((at) => late === undefined || isOver(milliseconds(at), late, now)).length * times;
}

/** Whether something is due that the gateway has not taken yet: an instalment, a renewal, or a payment that is pending. */
export function isBehind({ plan, state, expiresAt }: CheckoutRecord, now: Date): boolean {
  const isDue = (time: string | undefined): boolean => time !== undefined && milliseconds(time) <= now.getTime();
  return (plan?.endedAt === null && isDue(plan.due[0]?.at)) || (state === 'pending' && isDue(expiresAt));
}

/** Whether the page that leads the browser back to the shop waits for the gateway's clock, which showed `asked` when the customer left the shop. */
export function isPageLate({ state, faults }: CheckoutRecord, asked: Date, now: Date): boolean {
  const late = faults.browser?.late;
  return state !== 'open' && late !== undefined && !isOver(asked.getTime(), late, now);
}
