import type { AccountInput } from '../../engine/account.js';
import type { RuleInput } from '../../engine/rule.js';
import type { PaymentInput } from '../import-payment.js';

/** The settings a gateway starts with. */
export interface GatewaySettings {
  /** Accounts in addition to the published test accounts, or settings that change those. */
  readonly accounts?: readonly AccountInput[];
  readonly rules?: readonly RuleInput[];
  /** Payments that the hosted page took. */
  readonly payments?: readonly PaymentInput[];
  /** The time the clock starts at, ISO 8601. Default: real time. */
  readonly clock?: string;
}
