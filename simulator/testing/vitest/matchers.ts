import { formatAmount, operationBy, typeBy } from '../../../contracts/index.js';
import type { Severity } from '../../engine/finding.js';
import { type Payment, paymentState } from '../../engine/payment.js';
import type { JournalEntry } from '../../journal/entry.js';
import { findUnknownKey, type KeySchema } from '../../schemas/unknown-keys.js';
import type { TestGateway } from '../test-gateway.js';

/** What was charged. */
export interface Charge {
  /** How many payments; 1 where it is left out. */
  readonly times?: number;
  /** Captured by each, in minor units. */
  readonly amount?: number;
  /** Given back of each, in minor units. */
  readonly refunded?: number;
  readonly reference?: string;
}

/** A request that shall have been received: an operation by name or TYPE, or that with some of its variables. */
export type Request =
  | string
  | { readonly send: string; readonly with?: Readonly<Record<string, string | RegExp>>; readonly answered?: string };

interface Verdict {
  readonly pass: boolean;
  readonly message: () => string;
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

const CHARGE: KeySchema = { properties: { times: {}, amount: {}, refunded: {}, reference: {} } };
const REQUESTS: KeySchema = { items: { properties: { send: {}, with: {}, answered: {} } } };
const SEVERITY: KeySchema = { enum: SEVERITIES };

/** Says at once what would else pass or fail for no reason: another thing than a gateway in hand, a misspelt name. */
function check(matcher: string, paybox: unknown, shape: KeySchema, wanted: unknown): void {
  const isPaybox = typeof paybox === 'object' && paybox !== null && 'journal' in paybox && 'payments' in paybox;
  if (!isPaybox) throw new TypeError(`${matcher} looks into a gateway: give it the paybox of the test, or what payboxHandlers() returned.`);
  const problem = findUnknownKey(shape, wanted);
  if (problem !== undefined) throw new RangeError(`${matcher}: ${problem}.`);
}

const entryLine = ({ operation, TYPE, REFERENCE, CODEREPONSE, request }: JournalEntry): string =>
  `  ${operation || TYPE || 'no operation'} ${REFERENCE} ${new Map(request).get('MONTANT') ?? ''} → ${CODEREPONSE}`;

const NOTHING = '  nothing. Is it the URL of this gateway that was called? With MSW: does the server listen, and has it these handlers?';

const received = (entries: readonly JournalEntry[]): string => `The gateway received:\n${entries.map(entryLine).join('\n') || NOTHING}`;

function paymentLine(payment: Payment, now: number): string {
  const { STATUS, captured, refunded } = paymentState(payment, now);
  const { DEVISE } = payment.transactions[0];
  return `  ${payment.REFERENCE || payment.id}: ${STATUS}, captured ${formatAmount(captured, DEVISE)}, refunded ${formatAmount(refunded, DEVISE)}`;
}

function minorUnitsHint(amount: number | undefined, payments: readonly Payment[], now: number): string {
  const isMeant = amount !== undefined && payments.some((payment) => paymentState(payment, now).captured === amount * 100);
  return isMeant ? ` Amounts are in minor units: ${amount * 100}?` : '';
}

/** Whether payments were captured: so many, of this amount, with this reference. */
export async function toHaveCharged(this: { readonly isNot?: boolean }, paybox: TestGateway, charge: Charge = {}): Promise<Verdict> {
  check('toHaveCharged', paybox, CHARGE, charge);
  const { times = 1, amount, refunded, reference } = charge;
  const now = paybox.clock.now();
  const payments = await paybox.payments();
  const charged = payments.filter((payment) => {
    const state = paymentState(payment, now);
    const isRight = (amount === undefined || state.captured === amount) && (refunded === undefined || state.refunded === refunded);
    return state.captured > 0 && isRight && (reference === undefined || payment.REFERENCE === reference);
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
      `Expected ${this.isNot ? 'anything but ' : ''}${wanted.join(', ')}; found ${charged.length}.${minorUnitsHint(amount, payments, now)}\nPayments:\n${payments.map((payment) => paymentLine(payment, now)).join('\n') || '  none'}\n${received(entries)}`,
  };
}

function isOf(entry: JournalEntry, request: Request): boolean {
  const { send, with: variables = {}, answered } = typeof request === 'string' ? { send: request } : request;
  if (entry.TYPE !== typeBy(send) || (answered !== undefined && entry.CODEREPONSE !== answered)) return false;
  const sent = new Map(entry.request);
  return Object.entries(variables).every(([name, value]) =>
    typeof value === 'string' ? sent.get(name) === value : value.test(sent.get(name) ?? ''),
  );
}

/** Whether exactly these requests were received, in this order. */
export async function toHaveReceived(paybox: TestGateway, requests: readonly Request[]): Promise<Verdict> {
  check('toHaveReceived', paybox, REQUESTS, requests);
  const unknown = requests.map((request) => (typeof request === 'string' ? request : request.send)).find((send) => !operationBy(send));
  if (unknown !== undefined) throw new RangeError(`toHaveReceived: ${unknown} is no operation; \`paybox-sim operations\` lists them.`);
  const entries = await paybox.journal();
  const pass = entries.length === requests.length && requests.every((request, index) => isOf(entries[index] as JournalEntry, request));
  const wanted = requests.map(
    (request) =>
      `  ${typeof request === 'string' ? request : JSON.stringify(request, (_, value: unknown) => (value instanceof RegExp ? String(value) : value))}`,
  );
  return { pass, message: () => `Expected the requests\n${wanted.join('\n') || '  none'}\n${received(entries)}` };
}

/** Whether no request did anything as grave as this, or graver. */
export async function toHaveNoFindings(paybox: TestGateway, atLeast: Severity = 'warning'): Promise<Verdict> {
  check('toHaveNoFindings', paybox, SEVERITY, atLeast);
  const entries = await paybox.journal();
  const grave = SEVERITIES.slice(SEVERITIES.indexOf(atLeast));
  const found = entries.flatMap((entry) =>
    entry.findings.filter(({ severity }) => grave.includes(severity)).map((finding) => ({ entry, finding })),
  );
  const lines = found.map(
    ({ entry, finding }) => `${finding.severity} ${finding.rule}: ${finding.message}\n${entryLine(entry)}\n  ${finding.remedy}`,
  );
  return { pass: found.length === 0, message: () => (found.length === 0 ? 'Expected findings; there are none.' : lines.join('\n')) };
}
