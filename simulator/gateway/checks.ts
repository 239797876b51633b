import { formatAmount, HIDDEN_VALUE, isQuestion, maskField, maskText, operationBy, typeBy } from '../../contracts/index.js';
import { SEVERITIES, type Severity } from '../engine/finding.js';
import { type Payment, paymentState } from '../engine/payment.js';
import type { JournalEntry } from '../journal/entry.js';
import { readStep } from '../journal/step.js';

/** The payments that a test expects. */
export interface Charge {
  /** The number of payments. Default: 1. */
  readonly times?: number;
  /** Captured amount of each payment, in minor units. Default: any above 0. */
  readonly amount?: number;
  /** Refunded amount of each payment, in minor units. Default: any. */
  readonly refunded?: number;
  /** REFERENCE of each payment. Default: any. */
  readonly reference?: string;
}

/** A regular expression: a RegExp, or one whose time is proportional to the length of the text. */
interface TextPattern {
  test(text: string): boolean;
  toString(): string;
}

/**
 * A request that a test expects: an operation (`send`, by name or TYPE), some of its variables (`with`) and the CODEREPONSE
 * of its reply (`answered`). A string is an operation only.
 */
export type ExpectedRequest =
  | string
  | { readonly send: string; readonly with?: Readonly<Record<string, string | TextPattern>>; readonly answered?: string };

/** What a check looks at: the payments and exchanges of a gateway, oldest first. */
export interface Observed {
  /** The time of the gateway, in milliseconds since the epoch. */
  readonly now: number;
  readonly payments: readonly Payment[];
  readonly entries: readonly JournalEntry[];
}

/** Whether a gateway has what a test expects. */
export interface CheckResult {
  readonly pass: boolean;
  /**
   * Returns what was expected and what was found.
   *
   * @param isNot whether the test expects the opposite
   * @param advice what to check when the gateway received no request
   */
  message(isNot?: boolean, advice?: string): string;
}

/** How many payments, requests or findings a message lists. */
const MAX_LISTED = 100;

/** Returns a line, or lines, for each of the newest items, and how many are left out. */
function listed<Item>(items: readonly Item[], lineOf: (item: Item) => string): string {
  const lines = items.slice(-MAX_LISTED).map(lineOf);
  const omitted = items.length - lines.length;
  return [...(omitted === 0 ? [] : [`  … ${omitted} earlier`]), ...lines].join('\n');
}

const isPattern = (value: unknown): value is TextPattern =>
  typeof value === 'object' && value !== null && 'test' in value && typeof value.test === 'function';

function entryLine(entry: JournalEntry): string {
  const { operation, TYPE, REFERENCE, CODEREPONSE, request } = entry;
  const sent = new Map(request);
  const answer = readStep(entry)?.answer ?? CODEREPONSE;
  return `  ${operation || TYPE || 'no operation'} ${REFERENCE} ${sent.get('MONTANT') ?? sent.get('Amount') ?? ''} → ${answer}`;
}

const nothing = (advice: string): string => `  no request. Check that the code under test uses the URL of this gateway.${advice}`;

const receivedText = (entries: readonly JournalEntry[], advice: string): string =>
  `The gateway received:\n${listed(entries, entryLine) || nothing(advice)}`;

function paymentLine(payment: Payment, now: number): string {
  const { STATUS, captured, refunded } = paymentState(payment, now);
  const { DEVISE } = payment.transactions[0];
  return `  ${payment.REFERENCE || payment.id}: ${STATUS}, captured ${formatAmount(captured, DEVISE)}, refunded ${formatAmount(refunded, DEVISE)}`;
}

function minorUnitsHint(amount: number | undefined, payments: readonly Payment[], now: number): string {
  const isInMajorUnits = amount !== undefined && payments.some((payment) => paymentState(payment, now).captured === amount * 100);
  return isInMajorUnits ? ` Amounts are in minor units. Did you mean ${amount * 100}?` : '';
}

/** Checks that exactly `times` payments with these properties were captured. */
export function checkCharged({ now, payments, entries }: Observed, charge: Charge = {}): CheckResult {
  const { times = 1, amount, refunded } = charge;
  // References are stored masked.
  const reference = charge.reference === undefined ? undefined : maskText(charge.reference);
  const charged = payments.filter((payment) => {
    const state = paymentState(payment, now);
    const hasAmounts = (amount === undefined || state.captured === amount) && (refunded === undefined || state.refunded === refunded);
    return state.captured > 0 && hasAmounts && (reference === undefined || payment.REFERENCE === reference);
  });
  const wanted = [
    `${times} payment${times === 1 ? '' : 's'} charged`,
    ...(amount === undefined ? [] : [`${amount} each`]),
    ...(refunded === undefined ? [] : [`${refunded} refunded`]),
    ...(reference === undefined ? [] : [`for ${reference}`]),
  ];
  return {
    pass: charged.length === times,
    message: (isNot = false, advice = '') =>
      `Expected ${isNot ? 'anything but ' : ''}${wanted.join(', ')}; found ${charged.length}.${minorUnitsHint(amount, payments, now)}\nPayments:\n${listed(payments, (payment) => paymentLine(payment, now)) || '  none'}\n${receivedText(entries, advice)}`,
  };
}

/** The value of a variable as it is stored, if its name is known, and as it is shown. */
const masked = (name: string, value: string): string => maskField(name, value, undefined, { showUnknown: true });

// A value that is hidden as a whole is equal to none.
function isValue(name: string, expected: string, stored: string | undefined): boolean {
  const mask = masked(name, expected);
  return stored === expected || (stored === mask && mask !== HIDDEN_VALUE);
}

function requestLine(request: ExpectedRequest): string {
  if (typeof request === 'string') return `  ${request}`;
  const { with: variables = {} } = request;
  const shown = Object.entries(variables).map(([name, value]) => [name, isPattern(value) ? maskText(String(value)) : masked(name, value)]);
  return `  ${JSON.stringify(request.with === undefined ? request : { ...request, with: Object.fromEntries(shown) })}`;
}

function isMatch(entry: JournalEntry, request: ExpectedRequest): boolean {
  const { send, with: variables = {}, answered } = typeof request === 'string' ? { send: request } : request;
  if (entry.TYPE !== typeBy(send) || (answered !== undefined && entry.CODEREPONSE !== answered)) return false;
  const sent = new Map(entry.request);
  return Object.entries(variables).every(([name, value]) =>
    typeof value === 'string' ? isValue(name, value, sent.get(name)) : value.test(sent.get(name) ?? ''),
  );
}

/**
 * Checks that exactly these requests were received, in this order.
 *
 * @throws RangeError if one of them is not an operation
 */
export function checkReceived({ entries: all }: Pick<Observed, 'entries'>, requests: readonly ExpectedRequest[]): CheckResult {
  const entries = all.filter(isQuestion);
  const unknown = requests.map((request) => (typeof request === 'string' ? request : request.send)).find((send) => !operationBy(send));
  if (unknown !== undefined) throw new RangeError(`${unknown} is not an operation. \`paybox-sim operations\` lists the operations.`);
  const wanted = requests.map(requestLine);
  return {
    pass: entries.length === requests.length && requests.every((request, index) => isMatch(entries[index] as JournalEntry, request)),
    message: (_, advice = '') => `Expected the requests\n${wanted.join('\n') || '  none'}\n${receivedText(entries, advice)}`,
  };
}

/** Checks that no request has a finding of this severity or a higher one. */
export function checkNoFindings({ entries }: Pick<Observed, 'entries'>, atLeast: Severity = 'warning'): CheckResult {
  const included = SEVERITIES.slice(SEVERITIES.indexOf(atLeast));
  const found = entries.flatMap((entry) =>
    entry.findings.filter(({ severity }) => included.includes(severity)).map((finding) => ({ entry, finding })),
  );
  const lineOf = ({ entry, finding }: (typeof found)[number]): string =>
    `${finding.severity} ${finding.rule}: ${finding.message}\n${entryLine(entry)}\n  ${finding.remedy}`;
  return {
    pass: found.length === 0,
    message: () => (found.length === 0 ? 'Expected findings, but there are none.' : listed(found, lineOf)),
  };
}
