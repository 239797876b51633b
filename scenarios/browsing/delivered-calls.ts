import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient, JournalRequest } from '../control.js';
import { type AuthenticationRecord, dueCalls } from './authentication-record.js';
import { checkoutsOf, dueNotifications, isBehind } from './checkout-record.js';

/** How long the gateway's calls to an application are waited for, in milliseconds. It measures nothing. */
const TIMEOUT = 10_000;
/** Between two looks at the journal, in milliseconds. */
const LOOK_INTERVAL = 20;

const isCall = ({ operation, request }: JournalRequest): boolean =>
  operation === 'result' && request.some(([name, value]) => name === '(address)' && value.startsWith('GET '));

const journalOf = async (control: ControlClient): Promise<readonly JournalRequest[]> =>
  ((await control.call('GET', '/journal?limit=1000')) as { entries: JournalRequest[] }).entries;

async function areResultsDelivered(control: ControlClient): Promise<boolean> {
  const { authentications } = (await control.call('GET', '/authentications?limit=1000')) as { authentications: AuthenticationRecord[] };
  if (authentications.length === 0) return true;
  const now = await control.clock();
  const made = (await journalOf(control)).filter(isCall).length;
  return made >= authentications.reduce((due, record) => due + dueCalls(record, now), 0);
}

async function areNotificationsDelivered(control: ControlClient): Promise<boolean> {
  if (!(await journalOf(control)).some(({ operation }) => operation === 'checkout')) return true;
  const [records, now] = [await checkoutsOf(control), await control.clock()];
  if (records.some((record) => isBehind(record, now))) return false;
  const made = (await journalOf(control)).filter(({ operation }) => operation === 'notification').length;
  return made >= records.reduce((due, record) => due + dueNotifications(record, now), 0);
}

/**
 * Waits until the application under test has answered the calls of the gateway that are due. The journal has no other sign of it, so it is
 * looked at again and again.
 */
export async function callsDelivered(control: ControlClient): Promise<void> {
  const end = performance.now() + TIMEOUT;
  const areDelivered = async () => (await areResultsDelivered(control)) && (await areNotificationsDelivered(control));
  while (!(await areDelivered()) && performance.now() < end) await delay(LOOK_INTERVAL);
}
