import { TEST_ACCOUNTS, TEST_CARDS } from '../../contracts/index.js';
import type { Fault } from '../engine/fault.js';
import type { Payment } from '../engine/payment.js';
import type { Rule, RuleAnswer, RuleInput } from '../engine/rule.js';
import type { Clock } from '../gateway/clock.js';
import type { Gateway } from '../gateway/gateway.js';
import type { JournalEntry } from '../journal/entry.js';

/** The conditions of a rule: which questions it applies to. */
export type RuleCondition = Omit<RuleInput, 'answer' | 'fault'>;

/** A gateway, with shortcuts for tests. */
export interface TestGateway {
  /** The gateway's URL, for the configuration of the code under test. */
  readonly url: string;
  /** The URL of the backup host. */
  readonly backupUrl: string;
  /** An account with which the code under test can be configured. */
  readonly account: {
    readonly site: string;
    readonly rang: string;
    readonly identifiant: string;
    readonly cle: string;
    readonly hmacKey: string;
  };
  /** A card whose payments are accepted. `expiry` is MMYY. */
  readonly card: { readonly number: string; readonly expiry: string; readonly cvv: string };
  /** The gateway itself: accounts, rules, subscribers, imported payments, snapshots, and `reset()`. */
  readonly gateway: Gateway;
  readonly clock: Clock;
  /** Answers questions with a code: `paybox.answer('00105', { match: { TYPE: 'capture' }, times: 1 })`. */
  answer(code: string | RuleAnswer, condition?: RuleCondition): Rule;
  /** Adds a fault to questions or replies: `paybox.fault({ reply: 'drop' }, { match: { TYPE: 'pay' }, times: 1 })`. */
  fault(fault: Fault, condition?: RuleCondition): Rule;
  /** Returns the exchanges so far, oldest first. */
  journal(): Promise<JournalEntry[]>;
  /** Returns the payments so far, oldest first. */
  payments(): Promise<Payment[]>;
}

const LIMIT = 10_000;

/** Adds the shortcuts for tests to a gateway. */
export function createTestGateway(gateway: Gateway, { url, backupUrl }: Pick<TestGateway, 'url' | 'backupUrl'>): TestGateway {
  const [account] = TEST_ACCOUNTS;
  const [card] = TEST_CARDS;
  return {
    url,
    backupUrl,
    account: {
      site: account?.SITE ?? '',
      rang: account?.RANG ?? '',
      identifiant: account?.IDENTIFIANT ?? '',
      cle: account?.CLE ?? '',
      hmacKey: account?.hmacKey ?? '',
    },
    card: { number: card?.PORTEUR ?? '', expiry: '1249', cvv: card?.CVV ?? '' },
    gateway,
    clock: gateway.clock,
    answer: (code, condition = {}) => gateway.rules.add({ ...condition, answer: code }),
    fault: (fault, condition = {}) => gateway.rules.add({ ...condition, fault }),
    journal: async () => (await gateway.journal({ limit: LIMIT })).reverse(),
    payments: async () => (await gateway.payments({ limit: LIMIT })).reverse(),
  };
}
