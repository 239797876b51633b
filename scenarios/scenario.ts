import type { Evidence, HashName } from '../contracts/index.js';

/** What a field of a reply shall be. A text is the value itself; numbers are compared as they are written. */
export type FieldExpectation =
  | string
  | { readonly pattern: string }
  | { readonly not: string }
  | { readonly oneOf: readonly string[] }
  /** Not in the reply at all. */
  | { readonly absent: true }
  /** In the reply, whatever its value. */
  | { readonly present: true }
  /** Exactly as the request wrote it. */
  | { readonly echo: true };

/** The reply as bytes and headers. */
export interface WireExpectation {
  /** HTTP status. */
  readonly status?: number;
  readonly contentType?: FieldExpectation;
  /** These variables, and in this order; others may stand between. */
  readonly order?: readonly string[];
  /** The body holds this text in ISO-8859-1. */
  readonly contains?: string;
  /** The body does not hold this text in ISO-8859-1. */
  readonly lacks?: string;
  /** HTTP headers. */
  readonly headers?: Readonly<Record<string, FieldExpectation>>;
}

/** Where a payment shall stand, as the control API shows it. Amounts in minor units. */
export interface PaymentExpectation {
  /** The name of the step whose reply has the payment's numbers. */
  readonly of: string;
  readonly STATUS?: string;
  readonly standing?: string;
  readonly authorized?: number;
  readonly captured?: number;
  readonly refunded?: number;
  readonly refundable?: number;
  readonly remitted?: number;
  readonly transactions?: number;
}

/** A request that the gateway shall have received. */
export interface ReceivedExpectation {
  /** An operation by name or TYPE. */
  readonly send: string;
  /** Its variables. */
  readonly with?: Readonly<Record<string, FieldExpectation>>;
  /** The CODEREPONSE it was answered with. */
  readonly answered?: FieldExpectation;
}

/** What the requests came to in money. Amounts in minor units, over all payments of the case. */
export interface MoneyExpectation {
  /** How many payments were captured, whether or not they were refunded since. */
  readonly payments?: number;
  readonly captured?: number;
  readonly refunded?: number;
  readonly credited?: number;
  /** Authorized and neither captured nor cancelled nor expired. */
  readonly open?: number;
}

/** How a program of the user's ended. */
interface ProgramExpectation {
  readonly status?: number;
  readonly stdout?: FieldExpectation;
  readonly stderr?: FieldExpectation;
}

/** What the user's application answered. */
interface HttpExpectation {
  readonly status?: number;
  readonly body?: FieldExpectation;
}

/** What shall hold of the gateway after a step, whatever its kind. */
export interface StateExpectation {
  readonly payment?: PaymentExpectation;
  /** Rules of the findings that the requests of the step make, all of them; of the whole case where the step makes none. */
  readonly findings?: readonly string[];
  /** The requests that the gateway received during the step, all of them in their order; of the whole case where the step makes none. */
  readonly received?: readonly ReceivedExpectation[];
  readonly money?: MoneyExpectation;
}

/** What shall hold after a question. */
interface ReplyExpectation extends StateExpectation {
  /** Fields of the reply. */
  readonly reply?: Readonly<Record<string, FieldExpectation>>;
  readonly wire?: WireExpectation;
}

/** What shall hold after a program. */
interface RunExpectation extends StateExpectation {
  readonly program?: ProgramExpectation;
}

/** What shall hold after a request to the user's application. */
interface CallExpectation extends StateExpectation {
  readonly http?: HttpExpectation;
}

/** What can be expected of one kind of step or another. */
export interface Expectation extends ReplyExpectation, RunExpectation, CallExpectation {}

interface Named<Expected extends StateExpectation> {
  /** The name later steps know its reply by: `${name.NUMTRANS}`. */
  readonly as?: string;
  readonly expect?: Expected;
}

/** Puts a question through the reference client. */
export interface SendStep extends Named<ReplyExpectation> {
  /** An operation by name or TYPE; any other TYPE is sent as it is. */
  readonly send: string;
  /** The step whose payment, or subscriber, this one goes on with. */
  readonly on?: string;
  /** The host that is asked; `main` where it is left out. */
  readonly host?: 'main' | 'backup';
  /** Variables that are added or take the place of the usual ones. */
  readonly with?: Readonly<Record<string, string>>;
  /** Usual variables that are left out. */
  readonly without?: readonly string[];
  /** How the account proves itself: by CLE, by HMAC with a hash, or not at all; by what it has, unless this is said. */
  readonly sign?: 'cle' | HashName | 'none';
}

/** Sends bytes exactly as written. */
export interface RawStep extends Named<ReplyExpectation> {
  /** The body, one character a byte; `"\xE9"` is the byte E9. */
  readonly raw: string;
  readonly contentType?: string;
  readonly method?: string;
  /** Adds HASH and the HMAC over the bytes of the body. */
  readonly sign?: HashName;
  /** What the HMAC is computed over in place of the body with HASH, one character a byte: to sign wrongly. */
  readonly message?: string;
  /** How the HMAC's digits are written; upper unless it is said. */
  readonly hexCase?: 'upper' | 'lower';
}

/** Runs a program of the user's, with the gateway's URL and the account in its environment. */
export interface RunStep extends Named<RunExpectation> {
  /** A shell command. */
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds it may take; 10 where it is left out. */
  readonly within?: number;
}

/** Sends a request to the user's application. */
export interface CallStep extends Named<CallExpectation> {
  /** URL. */
  readonly call: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string;
  /** Seconds it may take; 10 where it is left out. */
  readonly within?: number;
}

/** Makes several steps at once. */
export interface TogetherStep {
  readonly together: readonly (SendStep | RawStep | RunStep | CallStep)[];
  readonly expect?: StateExpectation;
}

/** Adds a rule. */
export interface RuleStep {
  /** As the control API takes it. */
  readonly rule: Readonly<Record<string, unknown>>;
}

/** Moves the gateway's clock on. */
interface AdvanceStep {
  /** ISO 8601 duration. */
  readonly advance: string;
}

/** Runs tonight's remittance. */
interface RemitStep {
  readonly remit: true;
}

/** Holds something against the state without asking anything. */
interface ExpectStep {
  readonly expect: StateExpectation;
}

/** One step of a scenario. */
export type Step = SendStep | RawStep | RunStep | CallStep | TogetherStep | RuleStep | AdvanceStep | RemitStep | ExpectStep;

/** A step that several can be made of at once. */
export type AskingStep = TogetherStep['together'][number];

/** What is set up before the first step. Whatever is said here needs a gateway with a control API. */
export interface Given {
  /** Settings of the account the questions are put on. */
  readonly account?: Readonly<Record<string, unknown>>;
  /** Where the clock stands, ISO 8601; it does not run. */
  readonly clock?: string;
  /** Rules, as the control API takes them. */
  readonly rules?: readonly unknown[];
  /** Payments born elsewhere, as the control API takes them; named by `as`. */
  readonly payments?: readonly (Readonly<Record<string, unknown>> & { readonly as?: string })[];
  /** Subscribers that are registered first, by 00056; named by `as`. */
  readonly subscribers?: readonly { readonly as: string; readonly with?: Readonly<Record<string, string>> }[];
}

/** What a scenario needs: of the account a CLE, an HMAC key or Direct Plus; of the run an integration to start. */
export type Need = 'cle' | 'hmac' | 'plus' | 'integration';

/** A situation, what is done in it, and what shall come of it. */
export interface Scenario {
  /** Unique among all scenarios. */
  readonly id: string;
  /** One sentence: why it matters. */
  readonly why: string;
  /** The section of the protocol sheet it rests on. */
  readonly section: string;
  readonly weight: Evidence;
  /** Whether it may run on a shared real endpoint. */
  readonly safe: boolean;
  readonly tags: readonly string[];
  readonly needs: readonly Need[];
  /** Mistakes of a gateway that this scenario is there to catch, by name. */
  readonly catches: readonly string[];
  readonly given: Given;
  /** The scenario is run once for each row, whose values steps know as `${name}`. */
  readonly examples: readonly Readonly<Record<string, string>>[];
  readonly steps: readonly Step[];
}
