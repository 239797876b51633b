import { Temporal } from 'temporal-polyfill';
import type { ControlClient } from '../control.js';

/** What goes wrong with the results of one way. */
export interface ResultFault {
  readonly lost?: boolean;
  readonly late?: string;
  readonly times?: number;
}

/** An authentication, as the control API returns it. */
export interface AuthenticationRecord {
  readonly ID3D: string;
  readonly IdSession: string;
  readonly URLHttpDirect: string;
  /** Empty while the cardholder is asked. */
  readonly outcome: string;
  readonly expiresAt: string;
  readonly endedAt: string | null;
  readonly faults: { readonly server?: ResultFault; readonly browser?: ResultFault };
}

/** Returns the authentication with an IdSession, or undefined if there is none. */
export async function authenticationOf(control: ControlClient, IdSession: string): Promise<AuthenticationRecord | undefined> {
  const query = new URLSearchParams({ IdSession, limit: '1' });
  const { authentications } = (await control.call('GET', `/authentications?${query}`)) as { authentications: AuthenticationRecord[] };
  return authentications[0];
}

/** The instant of an ISO 8601 time, in milliseconds since the epoch. */
export const milliseconds = (time: string): number => Temporal.Instant.from(time).epochMilliseconds;

/** Whether the time of a result that is late has come. */
export function isOver(since: number, late: string, now: Date): boolean {
  const start = Temporal.Instant.fromEpochMilliseconds(since).toZonedDateTimeISO('Europe/Paris');
  return start.add(late).epochMilliseconds <= now.getTime();
}

/** How many calls to the shop's server the gateway has made or is about to make by now. */
export function dueCalls(record: AuthenticationRecord, now: Date): number {
  const { lost, late, times = 1 } = record.faults.server ?? {};
  if (record.URLHttpDirect === '' || record.endedAt === null || lost) return 0;
  return late === undefined || isOver(milliseconds(record.endedAt), late, now) ? times : 0;
}

/**
 * Whether the page that leads the browser back to the shop waits for the gateway's clock.
 *
 * @param asked when the customer began to ask for it
 */
export function isReturnPending({ endedAt, faults }: AuthenticationRecord, asked: Date, now: Date): boolean {
  const late = faults.browser?.late;
  return endedAt !== null && late !== undefined && !isOver(Math.max(asked.getTime(), milliseconds(endedAt)), late, now);
}

/** The duration until the time of the cardholder, or of the hosted page, is over. */
export function timeLeft({ expiresAt }: { readonly expiresAt: string }, now: Date): string {
  return `PT${Math.max(0, milliseconds(expiresAt) - now.getTime()) / 1000}S`;
}
