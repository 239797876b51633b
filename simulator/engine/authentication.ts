import type { AuthenticationOutcome } from '../../contracts/index.js';
import type { StoredCard } from './payment.js';

/** How many wrong codes the cardholder may enter; with the last one the authentication is declined. */
export const MAX_WRONG_CODES = 3;
/** How often a rule can have a result sent. */
export const MAX_RESULT_TIMES = 100;

/** What goes wrong with one of the two results of an authentication. The parts can be combined. */
export interface ResultFault {
  /** The result is never sent. */
  readonly lost?: boolean;
  /** How much later it is sent, by the clock of the gateway: an ISO 8601 duration. */
  readonly late?: string;
  /** How often it is sent. Default: 1. */
  readonly times?: number;
  /** `wrong`: Check is the signature of another text. */
  readonly check?: 'wrong';
  /** `other`: IdSession is another one. The signature is valid. */
  readonly session?: 'other';
  /** The charset of the values. Default: ISO-8859-1, which is also signed. */
  readonly charset?: 'utf-8';
}

/** Which of the two results is sent first: the call to the shop's server, or the page that leads the browser back. */
export type ResultOrder = 'server-first' | 'browser-first' | 'together';

/** A use of an ID3D by a payment. */
export interface AuthenticationUse {
  /** The id of the payment. */
  readonly payment: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An authentication of a cardholder that a shop started at RemoteMPI, or that the hosted page needs. See docs/protocol.md#section-7. */
export interface Authentication {
  /** 13 digits. */
  readonly ID3D: string;
  /** `SITE/RANG`. */
  readonly account: string;
  readonly IdSession: string;
  /** In minor units. */
  readonly MONTANT: number;
  /** ISO 4217 numeric. */
  readonly DEVISE: string;
  readonly card: StoredCard;
  /** The version of 3-D Secure, by the variables that were sent. */
  readonly version: 1 | 2;
  /** The address that the gateway calls with the result. Empty: it calls none. */
  readonly URLHttpDirect: string;
  /** The address to which the browser posts the result. Empty: the browser stays on the gateway's page. */
  readonly URLRetour: string;
  /** When it was started. Milliseconds since the epoch. */
  readonly startedAt: number;
  /** When the time of the challenge is over. Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How it ended; empty while the cardholder is asked. A challenge whose time is over has ended with `timeout`: see {@link outcomeAt}. */
  readonly outcome: AuthenticationOutcome | '';
  /** When it ended. Milliseconds since the epoch; 0 while the cardholder is asked. */
  readonly endedAt: number;
  /** How it ends when the cardholder confirms. */
  readonly confirmed: AuthenticationOutcome;
  /** How many wrong codes the cardholder entered. */
  readonly wrongCodes: number;
  readonly order: ResultOrder;
  /** What goes wrong with the results. */
  readonly faults: { readonly server?: ResultFault | undefined; readonly browser?: ResultFault | undefined };
  /** The payments that used the ID3D, in their order. */
  readonly usedBy: readonly AuthenticationUse[];
  /** The id of the checkout that it belongs to, ten digits. Undefined: a shop started it at RemoteMPI. */
  readonly checkout?: string;
}

/**
 * How an authentication has ended at an instant; empty if it has not.
 *
 * @param now milliseconds since the epoch
 */
export function outcomeAt({ outcome, expiresAt }: Pick<Authentication, 'outcome' | 'expiresAt'>, now: number): Authentication['outcome'] {
  return outcome === '' && now >= expiresAt ? 'timeout' : outcome;
}
