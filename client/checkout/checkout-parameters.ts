import type { PBX_LANGUAGES } from '../../contracts/index.js';
import type { Customer } from '../authentication/mpi-fields.js';
import type { TokenCard } from '../card.js';
import type { Money } from '../money.js';

/** Who pays on the hosted page, as 3-D Secure 2 asks for it. */
export interface CheckoutCustomer extends Customer {
  /** Second line of the address, at most 50 characters. */
  readonly address2?: string | undefined;
  readonly mobilePhone?:
    | {
        /** `+33` */
        readonly countryCode: string;
        /** 4 to 20 digits. */
        readonly number: string;
      }
    | undefined;
}

/**
 * The addresses of the shop, each at most 1024 characters, without `#`. Parameters of a query of their own come back first. They must not
 * have the name of a field of the result.
 */
export interface CheckoutUrls {
  /** PBX_EFFECTUE: the browser after an accepted payment. */
  readonly paid: string;
  /** PBX_REFUSE: the browser after a refused one, and after a time-out. */
  readonly refused: string;
  /** PBX_ANNULE: the browser of a customer who cancelled. */
  readonly cancelled: string;
  /** PBX_ATTENTE: the browser while the payment is pending. */
  readonly pending?: string | undefined;
  /** PBX_REPONDRE_A: the gateway calls it with the result of every attempt. Default: the address of the account. */
  readonly notification?: string | undefined;
}

/** A payment that is taken later. */
export interface Instalment {
  /** In the currency of the first payment. */
  readonly amount: Money;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

/** A subscription that begins with the payment: renewals of the same order. */
export interface Subscription {
  /** Amount of a renewal, in the currency of the first payment. Default: that of the first payment. */
  readonly amount?: Money | undefined;
  /** Number of renewals, 1 to 99. Default: without end. */
  readonly renewals?: number | undefined;
  /** Months between two renewals, 1 to 99. Default: 1. */
  readonly months?: number | undefined;
  /** Day of the month of a renewal, 1 to 31. Default: the day of the first payment. */
  readonly day?: number | undefined;
  /** Days before the subscription begins, at most 999. Default: 0. */
  readonly delay?: number | undefined;
}

/** PBX_SOUHAITAUTHENT of each {@link ChallengeWish}. */
export const CHALLENGE_CODES = { any: '01', none: '02', wanted: '03', required: '04' } as const;

/** Whether the shop wants the cardholder to be asked by the bank (3-D Secure). */
export type ChallengeWish = keyof typeof CHALLENGE_CODES;

/** The parameters of `client.checkout`. */
export interface CheckoutParameters {
  /** More than 0. */
  readonly amount: Money;
  /** Your order reference, unique: printable characters of ISO-8859-1. With a subscription at most 250 together. Without `PBX_`. */
  readonly reference: string;
  readonly customer: CheckoutCustomer;
  readonly urls: CheckoutUrls;
  /**
   * PBX_RETOUR: the fields of the result, `name:letter;name:letter`. Needs M (amount), R (reference), E (code) and K (signature), which is
   * last. Give the same to `readReturn`. Default: {@link DEFAULT_RESULT_FIELDS}.
   */
  readonly fields?: string | undefined;
  /** Whether the gateway calls `urls.notification` with a POST (PBX_RUF1). Default: false, a GET. */
  readonly notifyByPost?: boolean | undefined;
  /** PBX_LANGUE: the language of the page. Default: that of the account. */
  readonly language?: (typeof PBX_LANGUAGES)[number] | undefined;
  /** PBX_TYPEPAIEMENT: the means of payment. Default: the customer chooses, or `CARTE` if `cardType` is given. */
  readonly means?: string | undefined;
  /** PBX_TYPECARTE: `CB`, `VISA`, `EUROCARD_MASTERCARD`. Default: the customer chooses. */
  readonly cardType?: string | undefined;
  /** PBX_SOURCE: the layout of the page, such as `RWD`. */
  readonly source?: string | undefined;
  /** PBX_DISPLAY: seconds until the page times out, 1 to 99999. Default: 900. */
  readonly display?: number | undefined;
  /** PBX_SOUHAITAUTHENT. Default: the gateway and the bank decide. */
  readonly challenge?: ChallengeWish | undefined;
  /** PBX_AUTOSEULE: an authorization that `client.capture` captures later. Default: false. */
  readonly authorizeOnly?: boolean | undefined;
  /** PBX_DIFF: days by which the remittance is postponed, 0 to 99. */
  readonly deferral?: number | undefined;
  /** Up to three payments that follow, in the order of their dates. Not with `subscription`. */
  readonly instalments?: readonly Instalment[] | undefined;
  /** Not with `instalments`. */
  readonly subscription?: Subscription | undefined;
  /** PBX_REFABONNE: registers the card under this subscriber's reference. The result has its `token`. At most 250 characters. */
  readonly subscriber?: string | undefined;
  /** PBX_TOKEN and PBX_DATEVAL: the card that the customer pays with, registered before. */
  readonly token?: Pick<TokenCard, 'token' | 'expiry'> | undefined;
  /** PBX_ARCHIVAGE: archiving reference for disputes, at most 12 characters. */
  readonly archiving?: string | undefined;
  /** PBX_ERRORCODETEST, test platforms only: the code of five digits or letters that the payment is answered with. */
  readonly errorCodeTest?: string | undefined;
}
