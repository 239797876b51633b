import type { Evidence, HashName, Variants } from '../contracts/index.js';
import type { BankAct } from './browsing/bank.js';
import type { HostedAct } from './browsing/hosted-page.js';
import type { Task } from './explore/attempt.js';

/** The expected value of a field. A string is the exact value; digits are compared as text, so 32 and 032 differ. */
export type FieldExpectation =
  | string
  | { readonly pattern: string }
  | { readonly not: string }
  | { readonly oneOf: readonly string[] }
  /** The reply does not contain the field. */
  | { readonly absent: true }
  /** The reply contains the field, with any value. */
  | { readonly present: true }
  /** The same text as in the request. */
  | { readonly echo: true };

/** Expectations of the bytes and headers of a reply. */
export interface WireExpectation {
  /** HTTP status. */
  readonly status?: number;
  readonly contentType?: FieldExpectation;
  /** These variables occur in this order; other variables may occur between them. */
  readonly order?: readonly string[];
  /** The body contains this text in ISO-8859-1. */
  readonly contains?: string;
  /** The body does not contain this text in ISO-8859-1. */
  readonly lacks?: string;
  /** HTTP headers. */
  readonly headers?: Readonly<Record<string, FieldExpectation>>;
}

/** Expected state of a payment, as the control API returns it. Amounts in minor units. */
export interface PaymentExpectation {
  /** Name of the step whose reply contains the payment's numbers. */
  readonly of: string;
  readonly STATUS?: string;
  readonly standing?: string;
  readonly authorized?: number;
  readonly captured?: number;
  readonly refunded?: number;
  readonly refundable?: number;
  readonly remitted?: number;
  /** Number of operations on the payment. */
  readonly transactions?: number;
}

/** A request that the gateway must have received. */
export interface ReceivedExpectation {
  /** An operation by name or TYPE. */
  readonly send: string;
  /** Its variables. */
  readonly with?: Readonly<Record<string, FieldExpectation>>;
  /** The CODEREPONSE of its reply. */
  readonly answered?: FieldExpectation;
}

/** Expected totals over all payments of the case. Amounts in minor units. */
export interface MoneyExpectation {
  /** Number of captured payments, including those refunded since. */
  readonly payments?: number;
  readonly captured?: number;
  readonly refunded?: number;
  readonly credited?: number;
  /** Authorized, and not captured, cancelled or expired. */
  readonly open?: number;
}

/**
 * The laws of `paybox-sim explore` hold for everything since the start of the case. The second expectation of a case is about a second
 * attempt, after the faults are gone. Amounts in minor units.
 */
export interface LawsExpectation {
  /** The amount of the order. */
  readonly amount: number;
  /** What is refunded in all. Default: nothing. */
  readonly refund?: number;
  /** Whether a second attempt follows, so that the scenario's own laws are not checked yet. Default: false. */
  readonly again?: boolean;
  /** Whether laws count whose breach is otherwise only reported. Default: false. */
  readonly strict?: boolean;
  /** Rules of findings of severity error that do not count. */
  readonly usual?: readonly string[];
}

/** A law of a scenario: what must hold after every attempt. */
export interface ScenarioLaw {
  /** Unique among all laws. */
  readonly id: string;
  /** What must hold, in words. */
  readonly sentence: string;
  /** What to do where it does not. */
  readonly remedy?: string;
  /** What must hold, as an expression of CEL. */
  readonly holds: string;
}

/** Expected result of a program. */
interface ProgramExpectation {
  readonly status?: number;
  readonly stdout?: FieldExpectation;
  readonly stderr?: FieldExpectation;
}

/** Expected response of the application under test. */
interface HttpExpectation {
  readonly status?: number;
  readonly body?: FieldExpectation;
}

/** The expected result of an authentication or of a payment on the hosted page: fields of the result, and values beside it as `page`. */
export interface ResultExpectation {
  /** Name of the step that started it. Default: the step itself. */
  readonly of?: string;
  readonly [field: string]: FieldExpectation | undefined;
}

/** A result of the hosted page that a shop must have received: its values by the letters of PBX_RETOUR, and what is beside them. */
export type NotifiedExpectation = Readonly<Record<string, FieldExpectation>>;

/** Expectations of the gateway's state, possible after every kind of step. */
export interface StateExpectation {
  readonly payment?: PaymentExpectation;
  /** Rules of all findings on the requests of the step, or of the whole case if the step sends none. */
  readonly findings?: readonly string[];
  /** All requests that the gateway received during the step, or during the whole case if the step sends none, in order. */
  readonly received?: readonly ReceivedExpectation[];
  readonly money?: MoneyExpectation;
  readonly laws?: LawsExpectation;
  readonly result?: ResultExpectation;
  /** All results of the hosted page that the shop received during the step, or during the whole case if the step starts no payment, in order. */
  readonly notified?: readonly NotifiedExpectation[];
}

/** Expectations after a question. */
interface ReplyExpectation extends StateExpectation {
  /** Fields of the reply. */
  readonly reply?: Readonly<Record<string, FieldExpectation>>;
  readonly wire?: WireExpectation;
}

/** Expectations after a program. */
interface RunExpectation extends StateExpectation {
  readonly program?: ProgramExpectation;
}

/** Expectations after a request to the application under test. */
interface CallExpectation extends StateExpectation {
  readonly http?: HttpExpectation;
}

/** All expectations of all kinds of steps. */
export interface Expectation extends ReplyExpectation, RunExpectation, CallExpectation {}

interface NamedStep<Expected extends StateExpectation> {
  /** Name by which later steps refer to the reply: `${name.NUMTRANS}`. */
  readonly as?: string;
  readonly expect?: Expected;
}

/** Sends a question through the reference client. */
export interface SendStep extends NamedStep<ReplyExpectation> {
  /** An operation by name or TYPE; an unknown TYPE is sent unchanged. */
  readonly send: string;
  /** Name of the earlier step whose payment or subscriber this step uses. */
  readonly on?: string;
  /** The host to send to. Default: main. */
  readonly host?: 'main' | 'backup';
  /** Variables to send in addition to the default ones, or instead of those with the same name. */
  readonly with?: Readonly<Record<string, string>>;
  /** Usual variables to omit. */
  readonly without?: readonly string[];
  /** How the question is authenticated: by CLE, by HMAC with this hash, or not at all. Default: CLE if the account has one, else HMAC. */
  readonly sign?: 'cle' | HashName | 'none';
}

/** Sends bytes exactly as written. */
export interface RawStep extends NamedStep<ReplyExpectation> {
  /** The body, one character per byte; `"\xE9"` is the byte E9. */
  readonly raw: string;
  /** Default: application/x-www-form-urlencoded. */
  readonly contentType?: string;
  /** Default: POST. */
  readonly method?: string;
  /** Appends HASH and the HMAC of the body's bytes. */
  readonly sign?: HashName;
  /** Text to compute the HMAC of instead of the body with HASH, one character per byte. For wrong signatures. */
  readonly message?: string;
  /** Case of the HMAC's hex digits. Default: upper. */
  readonly hexCase?: 'upper' | 'lower';
}

/** Runs a program. The gateway's URL and the account are in its environment. */
export interface RunStep extends NamedStep<RunExpectation> {
  /** A shell command. */
  readonly run: string;
  /** What it does with the money, for the laws. Default: by the first word that says it (pay, capture, …), else it pays. */
  readonly does?: Task;
  readonly env?: Readonly<Record<string, string>>;
  /** Time limit in seconds. Default: 60. */
  readonly within?: number;
  /**
   * Kills the program (SIGKILL) when the gateway has received this many questions during the step. A rule must keep the reply to the last of
   * them back (`fault: { reply: never }`), so that the program does not go on meanwhile.
   */
  readonly kill?: number;
  /** In `together`: starts when the gateway has received this many questions during the step, or the other parts have ended. */
  readonly after?: number;
}

/** Sends an HTTP request to the application under test. */
export interface CallStep extends NamedStep<CallExpectation> {
  /** URL. */
  readonly call: string;
  /** What it does with the money, as of a program. */
  readonly does?: Task;
  /** Default: POST if there is a body, else GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Body to send as JSON. */
  readonly json?: unknown;
  /** Body to send unchanged. */
  readonly body?: string;
  /** Time limit in seconds. Default: 60. */
  readonly within?: number;
}

/** Starts an authentication at RemoteMPI. The runner is the shop and the customer's browser. */
export interface AuthenticateStep extends NamedStep<StateExpectation> {
  /** Variables of RemoteMPI to send in addition to the default ones, or instead of those with the same name. */
  readonly authenticate: Readonly<Record<string, string>>;
  /** Usual variables to omit. */
  readonly without?: readonly string[];
  /** What the customer does at the bank. Default: confirm, if the bank asks. */
  readonly do?: BankAct;
  /** Name of the earlier step whose customer comes back to the page of the bank, instead of a new authentication. */
  readonly on?: string;
}

/** Starts a payment on the hosted page. The runner is the shop and the customer's browser. */
export interface CheckoutStep extends NamedStep<StateExpectation> {
  /** Variables of the hosted page to send in addition to the default ones, or instead of those with the same name. They are signed. */
  readonly checkout: Readonly<Record<string, string>>;
  /** Usual variables to omit. */
  readonly without?: readonly string[];
  /** Path of the hosted page. Default: /cgi/MYchoix_pagepaiement.cgi. */
  readonly path?: string;
  /** Default: POST. */
  readonly method?: 'GET' | 'POST';
  /** Number of the card, or of several: each is entered after the one before was refused. Default: a card that is accepted. */
  readonly card?: string | readonly string[];
  /** What the customer does on the page; with `on`, also `unsubscribe`. Default: pay. */
  readonly do?: HostedAct | 'unsubscribe';
  /** What the customer does at the bank. Default: confirm, if the bank asks. */
  readonly bank?: BankAct;
  /** Name of the earlier step whose customer comes back to the page, instead of a new payment. */
  readonly on?: string;
}

/** A customer's visit to the application under test. */
export interface BrowseStep extends NamedStep<CallExpectation> {
  /** URL of the first page. */
  readonly browse: string;
  /** What it does with the money, as of a program. */
  readonly does?: Task;
  /** Default: POST if there is a body, else GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields to send as a form in UTF-8. */
  readonly form?: Readonly<Record<string, string>>;
  /** Body to send as JSON. */
  readonly json?: unknown;
  /** Body to send unchanged. */
  readonly body?: string;
  /** What the customer does at the bank. Default: confirm, if the bank asks. */
  readonly do?: BankAct;
  /** What the customer does on the hosted page, if the application leads there. Default: pay. */
  readonly hosted?: HostedAct;
  /** Number of the card to enter there, or of several: each is entered after the one before was refused. Default: a card that is accepted. */
  readonly card?: string | readonly string[];
  /** The visit is repeated until the body of its last page is this, or the time is over. */
  readonly until?: FieldExpectation;
  /** Time limit in seconds. Default: 60. */
  readonly within?: number;
}

/** A step that sends a question, runs a program, calls the application or lets a customer act. Several of them can run concurrently. */
export type ActionStep = SendStep | RawStep | RunStep | CallStep | AuthenticateStep | CheckoutStep | BrowseStep;

/** Runs several steps concurrently. */
export interface TogetherStep {
  readonly together: readonly ActionStep[];
  readonly expect?: StateExpectation;
}

/** Adds a rule to the gateway. */
export interface RuleStep {
  /** A rule of the control API. */
  readonly rule: Readonly<Record<string, unknown>>;
}

/** Moves the gateway's clock forward. */
interface AdvanceStep {
  /** ISO 8601 duration. */
  readonly advance: string;
}

/** Runs the remittance of the coming night. */
interface RemitStep {
  readonly remit: true;
}

/** Checks the gateway's state without sending anything. */
interface ExpectStep {
  readonly expect: StateExpectation;
}

/** One step of a scenario. */
export type Step = ActionStep | TogetherStep | RuleStep | AdvanceStep | RemitStep | ExpectStep;

/** A subscriber that exists before the first step. */
export interface GivenSubscriber {
  readonly as: string;
  /** The token that it has elsewhere: it is imported, which needs a gateway with a control API. Without it, operation 00056 registers it. */
  readonly token?: string;
  /** Variables of the registration. */
  readonly with?: Readonly<Record<string, string>>;
}

/**
 * State to set up before the first step. Everything except `variants` and `subscribers` without a `token` needs a gateway with a control
 * API.
 */
export interface Given {
  /** Settings of the account that the questions use. */
  readonly account?: Readonly<Record<string, unknown>>;
  /**
   * Variants that the scenario depends on: behaviour on which the evidence disagrees or is silent, and the value with which its expectations hold. They are set on
   * the account if the gateway has a control API. Elsewhere they are assumed, and the scenario fails where the gateway differs.
   */
  readonly variants?: Readonly<Partial<Variants>>;
  /** Time of the clock, ISO 8601. The clock does not run. */
  readonly clock?: string;
  /** Rules of the control API. */
  readonly rules?: readonly unknown[];
  /** Payments made elsewhere, in the format of the control API; `as` names a payment. */
  readonly payments?: readonly (Readonly<Record<string, unknown>> & { readonly as?: string })[];
  /** Subscribers; `as` names a subscriber. */
  readonly subscribers?: readonly GivenSubscriber[];
}

/** A requirement of a scenario: a CLE, an HMAC key or Direct Plus on the account, an integration to run, or a web shop to visit. */
export type Need = 'cle' | 'hmac' | 'plus' | 'integration' | 'shop';

/** A situation, steps to run in it, and the expected results. */
export interface Scenario {
  /** Unique among all scenarios. */
  readonly id: string;
  /** One sentence: why the scenario matters. */
  readonly why: string;
  /** The section of the protocol sheet that the scenario is based on. */
  readonly section?: string;
  /** How well the behaviour is known. */
  readonly weight?: Evidence;
  /** Whether the scenario may run on a shared real endpoint. */
  readonly safe: boolean;
  /** Whether names of variables that the gateway does not have are meant, not misspelt. */
  readonly unknown: boolean;
  readonly tags: readonly string[];
  readonly needs: readonly Need[];
  /** Names of the gateway mistakes that this scenario detects. */
  readonly catches: readonly string[];
  readonly given: Given;
  /** Laws in addition to those of `paybox-sim explore`. */
  readonly laws?: readonly ScenarioLaw[];
  /** The scenario runs once for each row. Steps refer to the row's values as `${name}`. */
  readonly examples: readonly Readonly<Record<string, string>>[];
  readonly steps: readonly Step[];
}

/** Returns the step, preceded by the steps it contains. */
export function partsOf(step: Step): readonly Step[] {
  return 'together' in step ? [...step.together, step] : [step];
}

/** Whether a step only expects something. */
export const isOnlyExpectation = (step: Step): boolean => 'expect' in step && Object.keys(step).length === 1;

/** Returns a step without what it expects. A step that only expects something stays as it is. */
export function withoutExpectations(step: Step): Step {
  if ('together' in step) return { together: step.together };
  if (!('expect' in step) || isOnlyExpectation(step)) return step;
  const { expect: _, ...rest } = step;
  return rest as Step;
}

/** Whether a scenario runs programs or visits or calls an application. These use the real time, whatever the gateway's clock says. */
export function startsPrograms({ steps }: Pick<Scenario, 'steps'>): boolean {
  return steps.flatMap(partsOf).some((step) => 'run' in step || 'call' in step || 'browse' in step);
}
