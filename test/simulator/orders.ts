import type { FindingRule, JournalEntry } from '../../simulator/index.js';
import { CARD, numbersOf, type Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';

/** An order of 10.00 EUR on the accepted test card: what TYPE 00001, 00003, 00004 and 00012 take. */
export const ORDER: Variables = { ...CARD, MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' };

/** What opens a subscriber, but for the TYPE. */
export const REGISTRATION: Variables = { ...ORDER, TYPE: '00056', REFABONNE: 'alice' };

/** Asks for a first operation: an order, paid (00003) unless told otherwise. */
export function order(bench: TestSimulator, variables: Variables = {}): Promise<Variables> {
  return bench.ask({ TYPE: '00003', ...ORDER, ...variables });
}

/** Asks for an operation that names an earlier one by its reply. */
export function follow(bench: TestSimulator, TYPE: string, earlier: Variables, MONTANT: string, more: Variables = {}): Promise<Variables> {
  return bench.ask({ TYPE, MONTANT, DEVISE: '978', ...numbersOf(earlier), ...more });
}

/** Asks what became of an earlier operation. */
export function inquire(bench: TestSimulator, earlier: Variables, more: Variables = {}): Promise<Variables> {
  return bench.ask({ TYPE: '00017', ...numbersOf(earlier), ...more });
}

/** Registers the subscriber `alice`; the reply's PORTEUR is the token. */
export function register(bench: TestSimulator, variables: Variables = {}): Promise<Variables> {
  return bench.ask({ ...REGISTRATION, ...variables });
}

/** An order on the subscriber `alice`, but for the TYPE. */
export function onSubscriber(registration: Variables): Variables {
  const PORTEUR = registration.PORTEUR ?? '';
  return { MONTANT: '1000', DEVISE: '978', REFERENCE: 'renewal-1', REFABONNE: 'alice', PORTEUR, DATEVAL: '1299' };
}

/** The journal's newest entry. */
export async function lastEntry(bench: TestSimulator): Promise<JournalEntry> {
  const [entry] = await bench.simulator.journal({ limit: 1 });
  if (!entry) throw new Error('The journal is empty.');
  return entry;
}

/** The rules of the findings made of the last question. */
export async function lastFindings(bench: TestSimulator): Promise<FindingRule[]> {
  return (await lastEntry(bench)).findings.map(({ rule }) => rule);
}
