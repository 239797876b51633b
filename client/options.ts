import type { HashName } from '../contracts/index.js';
import type { Log, Trace } from './events.js';
import type { QuestionNumberSource } from './question-number.js';

/** What proves that questions come from the account: its key in the clear, or a key to sign with. */
export type KeyOptions =
  | { readonly cle: string; readonly hmacKey?: never; readonly hash?: never }
  | {
      readonly cle?: never;
      /** 128 hex digits. */
      readonly hmacKey: string;
      /** SHA512 where it is left out. */
      readonly hash?: HashName | undefined;
    };

/** How a client is set up. */
export type ClientOptions = KeyOptions & {
  /** The gateway; without a path, `/PPPS.php` is added. */
  readonly url: string;
  /** The backup host, written alike; without it there is no failover. */
  readonly backupUrl?: string | undefined;
  /** SITE. */
  readonly site: string;
  /** RANG, sent as it is given. */
  readonly rang: string;
  /** IDENTIFIANT; left out of the questions where it is not given. */
  readonly identifiant?: string | undefined;
  /** `00103` Direct, `00104` Direct Plus: only this one has `subscribers`. */
  readonly version: '00103' | '00104';
  /** Milliseconds until a question that has no complete reply counts as lost. */
  readonly timeout: number;
  /** The platform's own where it is left out. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Where question numbers come from; random ones where it is left out (see `randomQuestionNumber` for the odds). */
  readonly questionNumber?: QuestionNumberSource | undefined;
  /** The time that DATEQ tells, in Paris. */
  readonly now?: (() => Date) | undefined;
  /**
   * Milliseconds to wait before each time the gateway is asked what became of a question whose reply was lost, as long as it
   * has not found it. `[0, 1000, 3000]` where it is left out; empty: never asks, but once where it is called again.
   *
   * Calling again after an outcome `unknown` asks as often before anything is sent. A question that the gateway carries out later
   * than that is charged twice: the longer the list, the less likely.
   */
  readonly askAfter?: readonly number[] | undefined;
  /**
   * Whether to look before an operation that moves money what is there already, at the price of one or two inquiries each.
   *
   * Left out: before captures, cancels, refunds, and what moves a subscriber's money. There, what is found after a lost reply may
   * as well be an earlier call's doing or another subscriber's, and only what changed since tells.
   *
   * `true`: before payments by card too. Needed where one REFERENCE is used for several payments of one amount: without it, what is
   * found under the amount, currency and reference is taken for the lost question's doing, unless this client has reported that
   * very transaction as approved before.
   *
   * `false`: never. A capture, a cancel or a refund whose reply is lost is then always `unclear`; so is what moves a subscriber's
   * money, unless the gateway names the subscriber.
   *
   * What others do to the same payment at the same moment cannot be told apart, whatever this says.
   */
  readonly precheck?: boolean | undefined;
  /** Told of every question, reply, failure and failover, masked. */
  readonly log?: Log | undefined;
  /** Wraps every exchange. */
  readonly trace?: Trace | undefined;
};

/** The variables that ask for details of the card by being there. Protocol sheet, section 2. */
export const CARD_DETAILS = { country: 'PAYS', cardType: 'TYPECARTE', cardSha1: 'SHA-1' } as const;

/** A detail of the card that a reply carries where the question asks for it. */
export type CardDetail = keyof typeof CARD_DETAILS;

/** Variables that any operation may carry beside its own. Protocol sheet, section 2. */
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
  'DATENAISS',
  'ACQUEREUR',
  'PRIV_CODETRAITEMENT',
  'ERRORCODETEST',
] as const;

/** A variable that any operation may carry. */
export type ExtraVariable = (typeof EXTRA_VARIABLES)[number];

/** What may be said of one call. */
export interface CallOptions {
  /** Ends the call with an AbortedError. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  readonly timeout?: number | undefined;
  /** Details of the card to ask for. */
  readonly ask?: readonly CardDetail[] | undefined;
  /** Variables by their names on the wire: 3-D Secure, private-label cards, the test platforms' ERRORCODETEST. */
  readonly extra?: { readonly [name in ExtraVariable]?: string | undefined } | undefined;
  /**
   * The same question was sent before, by this process or another, and what became of it is not known: asks the gateway first, and
   * sends only what it has not found. For authorize, pay, credit and force. A client does this by itself after an outcome `unknown`.
   * What was there before that question is not known: a subscriber's payment that is found is `unclear`, unless the gateway names
   * the subscriber, and with `precheck: true` so is every other.
   */
  readonly retry?: boolean | undefined;
}

/** How a question of one's own making is sent. */
export interface SendOptions {
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's. */
  readonly timeout?: number | undefined;
  /** `main` where it is left out. There is no failover. */
  readonly host?: 'main' | 'backup' | undefined;
  /** Whether a reply that repeats another SITE, RANG or NUMQUESTION is an EchoMismatchError; it is where this is left out. */
  readonly checkEcho?: boolean | undefined;
  /** Whether what is no reply (HTTP status, no CODEREPONSE) is a BrokenReplyError; it is where this is left out. */
  readonly checkReply?: boolean | undefined;
}
