import type { AccountInput } from '../../engine/account.js';
import type { RuleInput } from '../../engine/rule.js';
import type { PaymentInput } from '../import-payment.js';
import type { SubscriberInput } from '../import-subscriber.js';

/** What the journal shows of a request. */
interface JournalSettings {
  /**
   * Show the values of variables that the gateway does not know, and bodies that are no form, without card numbers and what follows the name
   * of a secret. Default: false, only their length.
   */
  readonly showUnknown?: boolean;
}

/** The settings a gateway starts with. */
export interface GatewaySettings {
  /** Accounts in addition to the published test accounts, or settings that change those. */
  readonly accounts?: readonly AccountInput[];
  readonly rules?: readonly RuleInput[];
  /** Payments that the hosted page took. */
  readonly payments?: readonly PaymentInput[];
  /** Subscribers of Direct Plus that were registered elsewhere. */
  readonly subscribers?: readonly SubscriberInput[];
  /** The time the clock starts at, ISO 8601. Default: real time. */
  readonly clock?: string;
  /** What the journal shows. */
  readonly journal?: JournalSettings;
}
