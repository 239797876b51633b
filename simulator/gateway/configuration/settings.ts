import type { AccountInput } from '../../engine/account.js';
import type { RuleInput } from '../../engine/rule.js';
import type { PaymentInput } from '../import-payment.js';

/** How a gateway is set up. */
export interface GatewaySettings {
  /** Accounts beside the published test accounts, or settings that change those. */
  readonly accounts?: readonly AccountInput[];
  readonly rules?: readonly RuleInput[];
  /** Payments born elsewhere that are there from the start. */
  readonly payments?: readonly PaymentInput[];
  /** Where the clock begins, ISO 8601; real time where it is left out. */
  readonly clock?: string;
}
