import type { HashName } from '../contracts/index.js';
import type { Log, Trace } from './events.js';
import type { QuestionNumberSource } from './question-number.js';

/** The key of the account: either the key itself, sent as CLE, or an HMAC key that signs every question. */
export type KeyOptions =
  | {
      /** CLE. */
      readonly cle: string;
      readonly hmacKey?: never;
      readonly hash?: never;
    }
  | {
      readonly cle?: never;
      /** The HMAC key, 128 hex digits. */
      readonly hmacKey: string;
      /** HASH. Default: `SHA512`. */
      readonly hash?: HashName | undefined;
    };

/**
 * Options of {@link createClient}.
 *
 * @example
 * const options: ClientOptions = {
 *   url: 'https://ppps.paybox.com',
 *   backupUrl: 'https://ppps1.paybox.com',
 *   site: '1999888',
 *   rang: '32',
 *   hmacKey: process.env.PAYBOX_HMAC_KEY ?? '',
 *   version: '00104',
 *   timeout: 30_000,
 * };
 */
export type ClientOptions = KeyOptions & {
  /** URL of the gateway, the main host. If it has no path, `/PPPS.php` is added. */
  readonly url: string;
  /** URL of the backup host, in the same form. Without it there is no failover. */
  readonly backupUrl?: string | undefined;
  /** SITE, one to seven digits. */
  readonly site: string;
  /** RANG, one to three digits, sent verbatim. */
  readonly rang: string;
  /**
   * Address of RemoteMPI, where the customer's browser starts an authentication. Default: on the hosts of the gateway that of the same
   * platform (`https://tpeweb.paybox.com/cgi/RemoteMPI.cgi`), else `cgi/RemoteMPI.cgi` in the folder of `url`.
   */
  readonly mpiUrl?: string | undefined;
  /**
   * Address of the hosted page, where the customer's browser pays. Default: on the hosts of the gateway that of the same platform
   * (`https://tpeweb.paybox.com/cgi/MYchoix_pagepaiement.cgi`), else `cgi/MYchoix_pagepaiement.cgi` in the folder of `url`.
   */
  readonly hostedPageUrl?: string | undefined;
  /** IDENTIFIANT. Not sent if omitted. Needed for authentications and for the hosted page. */
  readonly identifiant?: string | undefined;
  /** VERSION: `00103` is Direct, `00104` is Direct Plus. The methods of `subscribers` need `00104`. */
  readonly version: '00103' | '00104';
  /** Milliseconds after which a question without a complete reply counts as lost. */
  readonly timeout: number;
  /** Sends the HTTP requests. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Source of question numbers. Default: {@link randomQuestionNumber}, which states the odds of a collision. */
  readonly questionNumber?: QuestionNumberSource | undefined;
  /** Returns the time sent in DATEQ, which is written in Europe/Paris. Default: the current time. */
  readonly now?: (() => Date) | undefined;
  /**
   * The inquiries after a lost reply: one for each entry, which is the delay before it in milliseconds. They stop when the result is
   * found. Default: `[0, 1000, 3000]`. An empty array makes none, and one inquiry when the call is made again.
   *
   * A repeated call after an outcome `unknown` makes the same inquiries before it sends anything. If the gateway carries out the
   * first question after the last of them, the customer is charged twice. A longer array makes this less likely.
   */
  readonly askAfter?: readonly number[] | undefined;
  /**
   * Whether to inquire what the gateway already has before an operation that moves money. Costs one or two inquiries for each call.
   *
   * - Omitted: before captures, cancels, refunds and all operations that move a subscriber's money. A transaction found after
   *   a lost reply may there be the result of an earlier call or of another subscriber. Only the comparison with the state before
   *   shows which.
   * - `true`: before payments by card too. Needed if one REFERENCE is used for several payments of the same amount: otherwise the
   *   transaction found by amount, currency and reference counts as the result of the lost question, unless this client has already
   *   reported that transaction as approved.
   * - `false`: never. A capture, cancel or refund whose reply is lost is then always `unclear`. So is an operation that moves
   *   a subscriber's money, unless the gateway names the subscriber.
   *
   * No value distinguishes the result of a lost question from what another process does to the same payment at the same time.
   */
  readonly precheck?: boolean | undefined;
  /** Called with every question, reply, failure, failover and reconciliation, masked. */
  readonly log?: Log | undefined;
  /** Wraps every exchange, for instance in the span of a tracer. */
  readonly trace?: Trace | undefined;
};

/** The variables that request details of the card by their presence. See docs/protocol.md#section-2. */
export const CARD_DETAILS = { country: 'PAYS', cardType: 'TYPECARTE', cardSha1: 'SHA-1' } as const;

/** A detail of the card that the reply contains only on request: the option `ask`. */
export type CardDetail = keyof typeof CARD_DETAILS;

/** Variables that any operation may carry in addition to its own. See docs/protocol.md#section-2. */
export const EXTRA_VARIABLES = [
  'ID3D',
  '3DCAVV',
  '3DCAVVALGO',
  '3DECI',
  '3DENROLLED',
  '3DERROR',
  '3DSIGNVAL',
  '3DSTATUS',
  '3DXID',
  'VERSION3DS',
  'DSTRANSID',
  'ACSTRANSID',
  'NOMMARCHANDAUTHENT',
  'ADRESSEIPAUTHENT',
  'TYPEAUTH3DS',
  'TYPOLOGIETRANS3DS',
  'SOUHAITAUTH3DS',
  'TYPEPREUVE3DS',
  'ADRESSEPORTEUR',
  'CODEPOSTALPORTEUR',
  'ADRESSELIVRAISON',
  'CODEPOSTALLIVRAISON',
  'PAYSLIVRAISON',
  'NBARTICLES',
  'SHOPPINGCART',
  'DATENAISS',
  'ACQUEREUR',
  'PRIV_CODETRAITEMENT',
  'ERRORCODETEST',
] as const;

/** A variable that any operation may carry in addition to its own: the option `extra`. */
export type ExtraVariable = (typeof EXTRA_VARIABLES)[number];

/**
 * Options of one call of a {@link Method}.
 *
 * @example
 * await client.pay({ ...order, id3d }, { ask: ['country'], signal: AbortSignal.timeout(60_000) });
 */
export interface CallOptions {
  /** Ends the call with an AbortedError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for each question of the call. Default: the timeout of the client. */
  readonly timeout?: number | undefined;
  /** Details of the card to request. The outcome has them as `country`, `cardType` and `cardSha1`. */
  readonly ask?: readonly CardDetail[] | undefined;
  /** Further variables by their names on the wire: 3-D Secure, private-label cards, ERRORCODETEST of the test platforms. */
  readonly extra?: { readonly [name in ExtraVariable]?: string | undefined } | undefined;
  /**
   * Whether the same question was sent before, by this process or another, and its outcome is not known. The client then inquires first
   * and sends the question only if the gateway has not found it. For `authorize`, `pay`, `credit` and `force`. Default: false; after
   * an outcome `unknown` the same client does this without the option.
   *
   * What the gateway had before the first question is not known. A subscriber's payment that is found is therefore `unclear`, unless
   * the gateway names the subscriber. With `precheck: true` any payment that is found is `unclear`.
   */
  readonly retry?: boolean | undefined;
}

/** Options of `client.send`. */
export interface SendOptions {
  /** Ends the call with an AbortedError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. Default: the timeout of the client. */
  readonly timeout?: number | undefined;
  /** The host to send to. Default: `main`. */
  readonly host?: 'main' | 'backup' | undefined;
  /**
   * Whether a reply with another SITE, RANG or NUMQUESTION than the question throws an EchoMismatchError. Leading zeros make no
   * difference, and a refusal of an unreadable frame (00014) need not repeat them. Default: true.
   */
  readonly checkEcho?: boolean | undefined;
  /** Whether a response that is not HTTP status 200 with a CODEREPONSE throws a BrokenReplyError. Default: true. */
  readonly checkReply?: boolean | undefined;
}
