import type { FindingRule, JournalEntry } from '../../simulator/index.js';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';

/** An order of 10.00 EUR on the accepted test card, without TYPE: for 00001, 00003, 00004 and 00012. */
export const ORDER: Variables = { ...CARD, MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' };

/** The registration of the subscriber `alice`. */
export const REGISTRATION: Variables = { ...ORDER, TYPE: '00056', REFABONNE: 'alice' };

/** Sends {@link ORDER}. Default of TYPE: 00003. */
export function order(bench: TestSimulator, variables: Variables = {}): Promise<Variables> {
  return bench.ask({ TYPE: '00003', ...ORDER, ...variables });
}

/** Sends a later operation with the numbers of an earlier reply. */
export function follow(bench: TestSimulator, TYPE: string, earlier: Variables, MONTANT: string, more: Variables = {}): Promise<Variables> {
  return bench.ask({ TYPE, MONTANT, DEVISE: '978', ...numbersOf(earlier), ...more });
}

/** Sends an inquiry (00017) with the numbers of an earlier reply. */
export function inquire(bench: TestSimulator, earlier: Variables, more: Variables = {}): Promise<Variables> {
  return bench.ask({ TYPE: '00017', ...numbersOf(earlier), ...more });
}

/** Sends {@link REGISTRATION}. PORTEUR of the reply is the token. */
export function register(bench: TestSimulator, variables: Variables = {}): Promise<Variables> {
  return bench.ask({ ...REGISTRATION, ...variables });
}

/** An order on the subscriber `alice`, without TYPE. */
export function onSubscriber(registration: Variables): Variables {
  const PORTEUR = registration.PORTEUR ?? '';
  return { MONTANT: '1000', DEVISE: '978', REFERENCE: 'renewal-1', REFABONNE: 'alice', PORTEUR, DATEVAL: '1299' };
}

/** The newest entry of the journal. */
export async function lastEntry(bench: TestSimulator): Promise<JournalEntry> {
  const [entry] = await bench.simulator.journal({ limit: 1 });
  if (!entry) throw new Error('The journal is empty.');
  return entry;
}

/** The rules of the findings of the last question. */
export async function lastFindings(bench: TestSimulator): Promise<FindingRule[]> {
  return (await lastEntry(bench)).findings.map(({ rule }) => rule);
}
