import type { ControlClient, JournalRequest } from '../control.js';
import { type AuthenticationRecord, dueCalls } from './authentication-record.js';

/** How long the gateway's calls to an application are waited for, in milliseconds. It measures nothing. */
const TIMEOUT = 10_000;
/** Between two looks at the journal, in milliseconds. */
const LOOK_INTERVAL = 20;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const isCall = ({ operation, request }: JournalRequest): boolean =>
  operation === 'result' && request.some(([name, value]) => name === '(address)' && value.startsWith('GET '));

async function areDelivered(control: ControlClient): Promise<boolean> {
  const { authentications } = (await control.call('GET', '/authentications?limit=1000')) as { authentications: AuthenticationRecord[] };
  if (authentications.length === 0) return true;
  const now = await control.clock();
  const { entries } = (await control.call('GET', '/journal?limit=1000')) as { entries: JournalRequest[] };
  const made = entries.filter(isCall).length;
  return made >= authentications.reduce((due, record) => due + dueCalls(record, now), 0);
}

/**
 * Waits until the application under test has answered the calls of the gateway that are due. The journal has no other sign of it, so it is
 * looked at again and again.
 */
export async function callsDelivered(control: ControlClient): Promise<void> {
  const end = performance.now() + TIMEOUT;
  while (!(await areDelivered(control)) && performance.now() < end) await pause(LOOK_INTERVAL);
}
