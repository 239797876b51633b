import { latin1Text, maskBody, maskCard, maskText, typeBy } from '../contracts/index.js';
import { compilePattern } from '../contracts/patterns.js';
import { answerTo, type JournalRequest } from './control.js';
import { maskedTail } from './masking.js';
import type { FieldExpectation, MoneyExpectation, PaymentExpectation, ReceivedExpectation, WireExpectation } from './scenario.js';

/** Keys and indexes from the top of a scenario to one of its values. */
export type Path = readonly (string | number)[];

/** Why a step failed: an expectation that was not met, or an error. */
export interface StepFailure {
  /** Path of the expectation or the step within the scenario. */
  readonly path: Path;
  readonly expected: string;
  readonly received: string;
}

/** A reply as received over the wire. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const shown = (value: string | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** Whether a value meets an expectation, and the expectation as text. */
interface FieldCheck {
  readonly isMet: boolean;
  readonly expected: string;
}

function matchPattern(pattern: string, value: string | undefined): FieldCheck {
  const expected = `a match of /${pattern}/`;
  try {
    const compiled = compilePattern(pattern);
    return { isMet: value !== undefined && compiled.test(value), expected };
  } catch (error) {
    return { isMet: false, expected: `${expected}, which is not a valid pattern (${(error as Error).message})` };
  }
}

function checkField(expectation: FieldExpectation, value: string | undefined, sent: string | undefined): FieldCheck {
  if (typeof expectation === 'string') return { isMet: value === expectation, expected: shown(expectation) };
  if ('pattern' in expectation) return matchPattern(expectation.pattern, value);
  if ('not' in expectation)
    return { isMet: value !== undefined && value !== expectation.not, expected: `anything but ${shown(expectation.not)}` };
  if ('oneOf' in expectation)
    return {
      isMet: value !== undefined && expectation.oneOf.includes(value),
      expected: `one of ${expectation.oneOf.map(shown).join(', ')}`,
    };
  if ('absent' in expectation) return { isMet: value === undefined, expected: 'nothing' };
  if ('present' in expectation) return { isMet: value !== undefined, expected: 'any value' };
  return { isMet: value === (sent ?? ''), expected: `${shown(sent ?? '')}, as in the request` };
}

/** Whether a text meets an expectation. For patterns, `loadPatterns()` must have resolved before. */
export const isMet = (expectation: FieldExpectation, text: string): boolean => checkField(expectation, text, undefined).isMet;

/** Returns a page without its head: styles and scripts say nothing about why a check failed. */
export const withoutHead = (page: string): string => page.replace(/<head\b[\s\S]*?<\/head>\s*/i, '');

const shownField = (name: string, value: string | undefined): string =>
  shown(name === 'body' && value !== undefined ? withoutHead(value) : value);

const maskNumbers = (name: string, text: string): string => (name === 'PORTEUR' ? text.replace(/\d{13,19}/g, maskCard) : maskText(text));

/**
 * Checks fields against their expected values. For patterns, `loadPatterns()` must have resolved before.
 *
 * @param sent fields of the request, for `echo`
 */
export function checkFields(
  expected: Readonly<Record<string, FieldExpectation>>,
  fields: ReadonlyMap<string, string>,
  sent: ReadonlyMap<string, string>,
  path: Path,
): StepFailure[] {
  return Object.entries(expected).flatMap(([name, expectation]) => {
    const { isMet, expected: text } = checkField(expectation, fields.get(name), sent.get(name));
    if (isMet) return [];
    // A reply may repeat the card number that was sent.
    const [safe, received] = [text, shownField(name, fields.get(name))].map((value) => maskNumbers(name, value)) as [string, string];
    return [{ path: [...path, name], expected: `${name} is ${safe}`, received }];
  });
}

function checkOrder(order: readonly string[], body: string, path: Path): StepFailure[] {
  const names = body.split('&').map((pair) => pair.split('=', 1)[0] ?? '');
  const seen = names.filter((name) => order.includes(name));
  return seen.join() === order.join()
    ? []
    : [{ path: [...path, 'order'], expected: `the variables ${order.join(', ')} in this order`, received: maskBody(names.join(', ')) }];
}

/** Checks the bytes and headers of a reply. */
export function checkWire(expected: WireExpectation, reply: WireReply, path: Path): StepFailure[] {
  const body = latin1Text(reply.body);
  const headers = new Map(Object.entries(reply.headers));
  const failures: StepFailure[] = [];
  if (expected.status !== undefined && expected.status !== reply.status) {
    failures.push({ path: [...path, 'status'], expected: `HTTP status ${expected.status}`, received: String(reply.status) });
  }
  if (expected.contentType !== undefined) {
    const value = headers.get('content-type');
    const { isMet, expected: text } = checkField(expected.contentType, value, undefined);
    if (!isMet) failures.push({ path: [...path, 'contentType'], expected: `Content-Type is ${text}`, received: shown(value) });
  }
  if (expected.order) failures.push(...checkOrder(expected.order, body, path));
  if (expected.contains !== undefined && !body.includes(expected.contains)) {
    failures.push({
      path: [...path, 'contains'],
      expected: `a body with ${shown(expected.contains)} in ISO-8859-1`,
      received: shown(maskBody(body)),
    });
  }
  if (expected.lacks !== undefined && body.includes(expected.lacks)) {
    failures.push({ path: [...path, 'lacks'], expected: `a body without ${shown(expected.lacks)}`, received: shown(maskBody(body)) });
  }
  if (expected.headers)
    failures.push(...checkFields(expected.headers, withNamesOf(expected.headers, headers), new Map(), [...path, 'headers']));
  return failures;
}

// fetch returns header names in lower case; a scenario may write them in any case.
const withNamesOf = (expected: object, headers: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map(
    Object.keys(expected).flatMap((name) => {
      const value = headers.get(name.toLowerCase());
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** Checks the state of a payment, as the control API returns it. */
export function checkPayment(
  { of, transactions, ...expected }: PaymentExpectation,
  payment: Readonly<Record<string, unknown>>,
  path: Path,
): StepFailure[] {
  const count = (payment.transactions as unknown[]).length;
  const failures: StepFailure[] = Object.entries(expected)
    .filter(([name, value]) => payment[name] !== value)
    .map(([name, value]) => ({
      path: [...path, name],
      expected: `the payment of ${of} has ${name} ${String(value)}`,
      received: String(payment[name]),
    }));
  if (transactions !== undefined && transactions !== count) {
    failures.push({
      path: [...path, 'transactions'],
      expected: `the payment of ${of} has ${transactions} operations`,
      received: String(count),
    });
  }
  return failures;
}

/** Checks that the findings have exactly the expected rules, in any order. */
export function checkFindings(expected: readonly string[], rules: readonly string[], path: Path): StepFailure[] {
  const same = [...expected].sort().join() === [...rules].sort().join();
  return same ? [] : [{ path, expected: `findings: ${expected.join(', ') || 'none'}`, received: rules.join(', ') || 'none' }];
}

const requestLine = (request: JournalRequest): string => `${request.operation || request.TYPE || 'no operation'} → ${answerTo(request)}`;

/** Checks that the gateway received exactly the expected requests, in this order. */
export function checkReceived(expected: readonly ReceivedExpectation[], requests: readonly JournalRequest[], path: Path): StepFailure[] {
  const got = requests.map(requestLine).join(', ') || 'nothing';
  if (expected.map(({ send }) => typeBy(send)).join() !== requests.map(({ TYPE, operation }) => TYPE || operation).join()) {
    return [{ path, expected: `the requests ${expected.map(({ send }) => send).join(', ') || 'none'}`, received: got }];
  }
  return expected.flatMap(({ with: variables = {}, answered }, index) => {
    const sent = new Map(requests[index]?.request);
    const answer = new Map([['CODEREPONSE', requests[index]?.CODEREPONSE ?? '']]);
    return [
      ...checkFields(variables, sent, new Map(), [...path, index, 'with']),
      ...(answered === undefined ? [] : checkFields({ CODEREPONSE: answered }, answer, new Map(), [...path, index])),
    ];
  });
}

/** The parts of a payment, as the control API returns it, that the totals need. */
interface PaymentSums {
  readonly standing: string;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
  readonly transactions: readonly { readonly kind: string; readonly MONTANT: number }[];
}

function moneyOf(payments: readonly PaymentSums[]): Required<MoneyExpectation> {
  const sum = (read: (payment: PaymentSums) => number): number => payments.reduce((total, payment) => total + read(payment), 0);
  return {
    payments: payments.filter(({ captured }) => captured > 0).length,
    captured: sum(({ captured }) => captured),
    refunded: sum(({ refunded }) => refunded),
    credited: sum(({ transactions: [first] }) => (first?.kind === 'credit' ? first.MONTANT : 0)),
    open: sum(({ standing, authorized }) => (standing === 'authorized' ? authorized : 0)),
  };
}

/** Checks the totals over all payments of a gateway. */
export function checkMoney(expected: MoneyExpectation, payments: readonly object[], path: Path): StepFailure[] {
  const got = moneyOf(payments as readonly PaymentSums[]);
  return Object.entries(expected)
    .filter(([name, value]) => got[name as keyof MoneyExpectation] !== value)
    .map(([name, value]) => ({
      path: [...path, name],
      expected: `${name} ${String(value)} over all payments`,
      received: String(got[name as keyof MoneyExpectation]),
    }));
}

/** Checks the status and output of a program, or the status and body of an application's response. */
export function checkOutput(
  {
    status,
    ...texts
  }: { readonly status?: number; readonly stdout?: FieldExpectation; readonly stderr?: FieldExpectation; readonly body?: FieldExpectation },
  output: { readonly status: number | null } & Readonly<Record<string, unknown>>,
  path: Path,
): StepFailure[] {
  const fields = new Map(Object.keys(texts).map((name) => [name, String(output[name] ?? '').trim()]));
  const failures = checkFields(texts, fields, new Map(), path);
  if (status === undefined || status === output.status) return failures;
  const printed = String(output.stderr ?? '').trim();
  return [
    {
      path: [...path, 'status'],
      expected: `status ${status}`,
      received: `${output.status}${printed === '' ? '' : `: ${maskedTail(printed)}`}`,
    },
    ...failures,
  ];
}
