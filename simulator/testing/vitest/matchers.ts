import { formatAmount, operationBy, typeBy } from '../../../contracts/index.js';
import { SEVERITIES, type Severity } from '../../engine/finding.js';
import { type Payment, paymentState } from '../../engine/payment.js';
import type { JournalEntry } from '../../journal/entry.js';
import { findUnknownKey, type KeySchema } from '../../schemas/unknown-keys.js';
import type { TestGateway } from '../test-gateway.js';

/** The payments that `toHaveCharged` expects. */
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

/**
 * A request that `toHaveReceived` expects: an operation (`send`, by name or TYPE), some of its variables (`with`) and the CODEREPONSE
 * of its reply (`answered`). A string is an operation only.
 */
export type ExpectedRequest =
  | string
  | { readonly send: string; readonly with?: Readonly<Record<string, string | RegExp>>; readonly answered?: string };

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

const CHARGE: KeySchema = { properties: { times: {}, amount: {}, refunded: {}, reference: {} } };
const REQUESTS: KeySchema = { items: { properties: { send: {}, with: {}, answered: {} } } };
const SEVERITY: KeySchema = { enum: SEVERITIES };

/** Throws on arguments with which a matcher would pass or fail for the wrong reason: a value that is not a gateway, a misspelled name. */
function checkArguments(matcher: string, paybox: unknown, schema: KeySchema, wanted: unknown): void {
  const isPaybox = typeof paybox === 'object' && paybox !== null && 'journal' in paybox && 'payments' in paybox;
  if (!isPaybox) throw new TypeError(`${matcher} needs a gateway. Use expect(paybox), with the paybox of the test or of payboxHandlers().`);
  const problem = findUnknownKey(schema, wanted);
  if (problem !== undefined) throw new RangeError(`${matcher}: ${problem}.`);
}

const entryLine = ({ operation, TYPE, REFERENCE, CODEREPONSE, request }: JournalEntry): string =>
  `  ${operation || TYPE || 'no operation'} ${REFERENCE} ${new Map(request).get('MONTANT') ?? ''} → ${CODEREPONSE}`;

const NOTHING =
  '  no request. Check that the code under test uses the URL of this gateway. With MSW, also check that the server listens and uses these handlers.';

const receivedText = (entries: readonly JournalEntry[]): string => `The gateway received:\n${entries.map(entryLine).join('\n') || NOTHING}`;

function paymentLine(payment: Payment, now: number): string {
  const { STATUS, captured, refunded } = paymentState(payment, now);
  const { DEVISE } = payment.transactions[0];
  return `  ${payment.REFERENCE || payment.id}: ${STATUS}, captured ${formatAmount(captured, DEVISE)}, refunded ${formatAmount(refunded, DEVISE)}`;
}

function minorUnitsHint(amount: number | undefined, payments: readonly Payment[], now: number): string {
  const isInMajorUnits = amount !== undefined && payments.some((payment) => paymentState(payment, now).captured === amount * 100);
  return isInMajorUnits ? ` Amounts are in minor units. Did you mean ${amount * 100}?` : '';
}

/**
 * Passes if exactly `times` payments with these properties were captured.
 *
 * @throws TypeError if the value is not a gateway; RangeError if a name is misspelled
 */
export async function toHaveCharged(this: { readonly isNot?: boolean }, paybox: TestGateway, charge: Charge = {}): Promise<MatcherResult> {
  checkArguments('toHaveCharged', paybox, CHARGE, charge);
  const { times = 1, amount, refunded, reference } = charge;
  const now = paybox.clock.now();
  const payments = await paybox.payments();
  const charged = payments.filter((payment) => {
    const state = paymentState(payment, now);
    const hasAmounts = (amount === undefined || state.captured === amount) && (refunded === undefined || state.refunded === refunded);
    return state.captured > 0 && hasAmounts && (reference === undefined || payment.REFERENCE === reference);
  });
  const entries = await paybox.journal();
  const wanted = [
    `${times} payment${times === 1 ? '' : 's'} charged`,
    ...(amount === undefined ? [] : [`${amount} each`]),
    ...(reference === undefined ? [] : [`for ${reference}`]),
  ];
  return {
    pass: charged.length === times,
    message: () =>
      `Expected ${this.isNot ? 'anything but ' : ''}${wanted.join(', ')}; found ${charged.length}.${minorUnitsHint(amount, payments, now)}\nPayments:\n${payments.map((payment) => paymentLine(payment, now)).join('\n') || '  none'}\n${receivedText(entries)}`,
  };
}

function isMatch(entry: JournalEntry, request: ExpectedRequest): boolean {
  const { send, with: variables = {}, answered } = typeof request === 'string' ? { send: request } : request;
  if (entry.TYPE !== typeBy(send) || (answered !== undefined && entry.CODEREPONSE !== answered)) return false;
  const sent = new Map(entry.request);
  return Object.entries(variables).every(([name, value]) =>
    typeof value === 'string' ? sent.get(name) === value : value.test(sent.get(name) ?? ''),
  );
}

/**
 * Passes if exactly these requests were received, in this order.
 *
 * @throws TypeError if the value is not a gateway; RangeError if a name is misspelled
 */
export async function toHaveReceived(paybox: TestGateway, requests: readonly ExpectedRequest[]): Promise<MatcherResult> {
  checkArguments('toHaveReceived', paybox, REQUESTS, requests);
  const unknown = requests.map((request) => (typeof request === 'string' ? request : request.send)).find((send) => !operationBy(send));
  if (unknown !== undefined)
    throw new RangeError(`toHaveReceived: ${unknown} is not an operation. \`paybox-sim operations\` lists the operations.`);
  const entries = await paybox.journal();
  const pass = entries.length === requests.length && requests.every((request, index) => isMatch(entries[index] as JournalEntry, request));
  const wanted = requests.map(
    (request) =>
      `  ${typeof request === 'string' ? request : JSON.stringify(request, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))}`,
  );
  return { pass, message: () => `Expected the requests\n${wanted.join('\n') || '  none'}\n${receivedText(entries)}` };
}

/**
 * Passes if no request has a finding of this severity or a higher one.
 *
 * @throws TypeError if the value is not a gateway; RangeError if the severity is not known
 */
export async function toHaveNoFindings(paybox: TestGateway, atLeast: Severity = 'warning'): Promise<MatcherResult> {
  checkArguments('toHaveNoFindings', paybox, SEVERITY, atLeast);
  const entries = await paybox.journal();
  const included = SEVERITIES.slice(SEVERITIES.indexOf(atLeast));
  const found = entries.flatMap((entry) =>
    entry.findings.filter(({ severity }) => included.includes(severity)).map((finding) => ({ entry, finding })),
  );
  const lines = found.map(
    ({ entry, finding }) => `${finding.severity} ${finding.rule}: ${finding.message}\n${entryLine(entry)}\n  ${finding.remedy}`,
  );
  return { pass: found.length === 0, message: () => (found.length === 0 ? 'Expected findings, but there are none.' : lines.join('\n')) };
}
