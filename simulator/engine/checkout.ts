import { type ReturnField, SUCCESS, type SubscriptionTerms } from '../../contracts/index.js';
import type { ResultFault, ResultOrder } from './authentication.js';
import type { StoredCard } from './payment.js';

/** What goes wrong with a result of the hosted page, beside what can go wrong with every result. */
export interface CheckoutFault extends ResultFault {
  /** `other`: the amount is another one. The signature is valid. */
  readonly amount?: 'other';
}

/** How the customer's visit of the hosted page stands. */
export type CheckoutState = 'open' | 'paid' | 'pending' | 'cancelled' | 'timeout';

/** The addresses of the shop. Empty: none. */
export interface CheckoutAddresses {
  readonly PBX_EFFECTUE: string;
  readonly PBX_REFUSE: string;
  readonly PBX_ANNULE: string;
  readonly PBX_ATTENTE: string;
  readonly PBX_REPONDRE_A: string;
}

/** One attempt to pay on the hosted page, accepted or refused. */
export interface CheckoutAttempt {
  /** CODEREPONSE. */
  readonly code: string;
  /** The id of the payment; empty: there is none, because the issuer was not asked. */
  readonly payment: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The authentication that it was made with; empty: none. */
  readonly ID3D: string;
}

/** A payment that is taken later: an instalment, or the next renewal of a subscription. */
export interface DuePayment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** In minor units. */
  readonly MONTANT: number;
  /** The number of the instalment or the renewal, from 1. */
  readonly index: number;
}

/** The payments that follow an accepted one: up to three instalments, or a subscription. */
export interface PaymentPlan {
  readonly kind: 'instalments' | 'subscription';
  readonly terms?: SubscriptionTerms;
  /** The day of the month of renewals. */
  readonly day?: number;
  /** What is due next, in the order of time. Empty: nothing follows. */
  readonly due: readonly DuePayment[];
  /** How many were taken or refused. */
  readonly done: number;
  /** When the subscription was ended. Milliseconds since the epoch; 0: it was not. */
  readonly endedAt: number;
  /** The CODEREPONSE that every later payment is refused with; empty: they are accepted. A test card decides it. */
  readonly refusedWith: string;
}

/** A visit of the hosted page, and what follows from it. See docs/protocol.md#section-9. */
export interface Checkout {
  /** Ten digits, from the sequence of transaction numbers. Also the number of the subscription. */
  readonly id: string;
  /** `SITE/RANG`. */
  readonly account: string;
  /** The reference of the order: PBX_CMD without the subscription. */
  readonly REFERENCE: string;
  /** In minor units. */
  readonly MONTANT: number;
  /** ISO 4217 numeric. */
  readonly DEVISE: string;
  readonly addresses: CheckoutAddresses;
  readonly returnFields: readonly ReturnField[];
  /** Whether the call to the shop is a POST (PBX_RUF1). */
  readonly isCallByPost: boolean;
  /** PBX_LANGUE; empty: by the browser. */
  readonly language: string;
  /** PBX_TYPECARTE; empty: the customer chooses. */
  readonly TYPECARTE: string;
  /** Whether it is an authorization only (PBX_AUTOSEULE). */
  readonly isAuthorizationOnly: boolean;
  /** Days by which the remittance is postponed. */
  readonly DIFFERE: number;
  /** PBX_SOUHAITAUTHENT; empty: none. */
  readonly authenticationWish: string;
  /** The subscriber to register; empty: none. */
  readonly REFABONNE: string;
  /** The token to pay with; empty: the customer enters a card. */
  readonly token: string;
  /** DATEVAL (MMYY) of the token, or of the card of the last attempt. */
  readonly DATEVAL: string;
  /** PBX_ERRORCODETEST. */
  readonly errorCodeTest: string;
  /** The payments that were asked for after the first one. */
  readonly instalments: readonly DuePayment[];
  readonly terms?: SubscriptionTerms;
  readonly startedAt: number;
  /** When the page times out, or when a pending payment is paid. Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly state: CheckoutState;
  /** Whether an accepted payment stays pending. */
  readonly isPending: boolean;
  readonly attempts: readonly CheckoutAttempt[];
  /** The card of the token or of the accepted payment. */
  readonly card?: StoredCard;
  /** The token of the subscriber that was registered, or that paid; empty: none. */
  readonly registeredToken: string;
  /** The authentication that the customer is asked for; empty: none. */
  readonly ID3D: string;
  /** The payments that follow. */
  readonly plan?: PaymentPlan;
  readonly order: ResultOrder;
  /** What goes wrong with the results. */
  readonly faults: { readonly server?: CheckoutFault; readonly browser?: CheckoutFault };
}

/** The accepted payment that was made on the page, and not one that followed it. Undefined: no payment was accepted. */
export const firstAccepted = ({ attempts }: Pick<Checkout, 'attempts'>): CheckoutAttempt | undefined =>
  attempts.find(({ code }) => code === SUCCESS);

/** Whether two checkouts with one number are the same: after a reset, the numbers begin again. */
export const isSameCheckout = (a: Checkout, b: Checkout): boolean =>
  a.account === b.account && a.REFERENCE === b.REFERENCE && a.startedAt === b.startedAt;

/** When something of a checkout is due next, in milliseconds since the epoch; undefined: nothing is. */
export function dueAt({ plan, state, expiresAt }: Pick<Checkout, 'plan' | 'state' | 'expiresAt'>): number | undefined {
  const ofPlan = plan?.endedAt === 0 ? plan.due[0]?.at : undefined;
  return state === 'pending' ? Math.min(expiresAt, ofPlan ?? expiresAt) : ofPlan;
}

/** What the customer entered: a card, or only the CVV of a token's card. Never stored. */
export interface EnteredCard {
  /** A card number, or the token. */
  readonly PORTEUR: string;
  /** MMYY. */
  readonly DATEVAL: string;
  readonly CVV: string;
}
