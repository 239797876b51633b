import { TEST_ACCOUNTS, TEST_CARDS } from '../../contracts/index.js';
import type { Clock } from '../clock.js';
import { createSimulator } from '../create-simulator.js';
import type { Fault } from '../engine/fault.js';
import type { Payment } from '../engine/payment.js';
import type { Rule, RuleInput } from '../engine/rule.js';
import type { JournalEntry } from '../journal/entry.js';
import type { Simulator } from '../simulator.js';

/** Whom something is staged for: the conditions of a rule. */
export type Whom = Omit<RuleInput, 'answer' | 'fault'>;

/** A gateway for one test. */
export interface Paybox {
  /** The gateway's URL, to configure in the code under test. */
  readonly url: string;
  /** The backup host's. */
  readonly backupUrl: string;
  /** The account to use. */
  readonly account: {
    readonly site: string;
    readonly rang: string;
    readonly identifiant: string;
    readonly cle: string;
    readonly hmacKey: string;
  };
  /** A card that is accepted. */
  readonly card: { readonly number: string; readonly expiry: string; readonly cvv: string };
  readonly clock: Clock;
  readonly simulator: Simulator;
  /** Answers questions with a code: `paybox.answer('00105', { match: { TYPE: 'capture' }, times: 1 })`. */
  answer(code: string, whom?: Whom): Rule;
  /** Lets something go wrong: `paybox.fault({ reply: 'drop' }, { match: { TYPE: 'pay' }, times: 1 })`. */
  fault(fault: Fault, whom?: Whom): Rule;
  /** The exchanges so far, first to last. */
  journal(): Promise<JournalEntry[]>;
  payments(): Promise<Payment[]>;
}

const ALL = 10_000;

/** Makes a gateway that listens on a free port, with nothing in it. */
export async function openPaybox(): Promise<{ paybox: Paybox; close: () => Promise<void> }> {
  const simulator = createSimulator();
  const base = await simulator.listen();
  const { gateway } = simulator;
  const [account] = TEST_ACCOUNTS;
  const [card] = TEST_CARDS;
  const paybox: Paybox = {
    url: `${base}/PPPS.php`,
    backupUrl: `${base}/backup/PPPS.php`,
    account: {
      site: account?.SITE ?? '',
      rang: account?.RANG ?? '',
      identifiant: account?.IDENTIFIANT ?? '',
      cle: account?.CLE ?? '',
      hmacKey: account?.hmacKey ?? '',
    },
    card: { number: card?.PORTEUR ?? '', expiry: '1249', cvv: card?.CVV ?? '' },
    clock: gateway.clock,
    simulator,
    answer: (code, whom = {}) => gateway.rules.add({ ...whom, answer: code }),
    fault: (fault, whom = {}) => gateway.rules.add({ ...whom, fault }),
    journal: async () => (await simulator.journal({ limit: ALL })).reverse(),
    payments: async () => (await gateway.store.payments({ limit: ALL })).reverse(),
  };
  return { paybox, close: () => simulator.close() };
}
