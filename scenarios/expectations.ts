import { latin1Text, maskBody, typeBy } from '../contracts/index.js';
import type { JournalRequest } from './journal-request.js';
import type { FieldExpectation, MoneyExpectation, PaymentExpectation, ReceivedExpectation, WireExpectation } from './scenario.js';

/** An expectation that was not met. */
export interface Failure {
  /** The way to the expectation within the scenario. */
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly received: string;
}

/** A reply as it came over the wire. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const shown = (value: string | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

function judgePattern(pattern: string, value: string | undefined): { met: boolean; says: string } {
  const says = `a match of /${pattern}/`;
  try {
    return { met: value !== undefined && new RegExp(pattern, 'u').test(value), says };
  } catch (error) {
    return { met: false, says: `${says}, which is no pattern (${(error as Error).message})` };
  }
}

/** What an expectation says, and whether a value meets it. */
function judge(expectation: FieldExpectation, value: string | undefined, sent: string | undefined): { met: boolean; says: string } {
  if (typeof expectation === 'string') return { met: value === expectation, says: shown(expectation) };
  if ('pattern' in expectation) return judgePattern(expectation.pattern, value);
  if ('not' in expectation)
    return { met: value !== undefined && value !== expectation.not, says: `anything but ${shown(expectation.not)}` };
  if ('oneOf' in expectation)
    return { met: value !== undefined && expectation.oneOf.includes(value), says: `one of ${expectation.oneOf.map(shown).join(', ')}` };
  if ('absent' in expectation) return { met: value === undefined, says: 'nothing' };
  if ('present' in expectation) return { met: value !== undefined, says: 'any value' };
  return { met: value === (sent ?? ''), says: `${shown(sent ?? '')}, as it was sent` };
}

/** Holds fields against what they shall be. */
export function checkFields(
  expected: Readonly<Record<string, FieldExpectation>>,
  fields: ReadonlyMap<string, string>,
  sent: ReadonlyMap<string, string>,
  path: readonly (string | number)[],
): Failure[] {
  return Object.entries(expected).flatMap(([name, expectation]) => {
    const { met, says } = judge(expectation, fields.get(name), sent.get(name));
    return met ? [] : [{ path: [...path, name], expected: `${name} is ${says}`, received: shown(fields.get(name)) }];
  });
}

function checkOrder(order: readonly string[], text: string, path: readonly (string | number)[]): Failure[] {
  const names = text.split('&').map((pair) => pair.split('=', 1)[0] ?? '');
  const seen = names.filter((name) => order.includes(name));
  return seen.join() === order.join()
    ? []
    : [{ path: [...path, 'order'], expected: `the variables ${order.join(', ')} in this order`, received: maskBody(names.join(', ')) }];
}

/** Holds a reply's bytes and headers against what they shall be. */
export function checkWire(expected: WireExpectation, reply: WireReply, path: readonly (string | number)[]): Failure[] {
  const text = latin1Text(reply.body);
  const headers = new Map(Object.entries(reply.headers));
  const failures: Failure[] = [];
  if (expected.status !== undefined && expected.status !== reply.status) {
    failures.push({ path: [...path, 'status'], expected: `HTTP status ${expected.status}`, received: String(reply.status) });
  }
  if (expected.contentType !== undefined) {
    const value = headers.get('content-type');
    const { met, says } = judge(expected.contentType, value, undefined);
    if (!met) failures.push({ path: [...path, 'contentType'], expected: `Content-Type is ${says}`, received: shown(value) });
  }
  if (expected.order) failures.push(...checkOrder(expected.order, text, path));
  if (expected.contains !== undefined && !text.includes(expected.contains)) {
    failures.push({
      path: [...path, 'contains'],
      expected: `a body with ${shown(expected.contains)} in ISO-8859-1`,
      received: shown(maskBody(text)),
    });
  }
  if (expected.lacks !== undefined && text.includes(expected.lacks)) {
    failures.push({ path: [...path, 'lacks'], expected: `a body without ${shown(expected.lacks)}`, received: shown(maskBody(text)) });
  }
  if (expected.headers)
    failures.push(...checkFields(expected.headers, namedAlike(headers, expected.headers), new Map(), [...path, 'headers']));
  return failures;
}

// Headers come in lower case; a scenario may write them as it likes.
const namedAlike = (headers: ReadonlyMap<string, string>, expected: object): ReadonlyMap<string, string> =>
  new Map(
    Object.keys(expected).flatMap((name) => {
      const value = headers.get(name.toLowerCase());
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** Holds a payment, as the control API shows it, against where it shall stand. */
export function checkPayment(
  { of, transactions, ...expected }: PaymentExpectation,
  payment: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): Failure[] {
  const chain = (payment.transactions as unknown[]).length;
  const failures: Failure[] = Object.entries(expected)
    .filter(([name, value]) => payment[name] !== value)
    .map(([name, value]) => ({
      path: [...path, name],
      expected: `the payment of ${of} has ${name} ${String(value)}`,
      received: String(payment[name]),
    }));
  if (transactions !== undefined && transactions !== chain) {
    failures.push({
      path: [...path, 'transactions'],
      expected: `the payment of ${of} has ${transactions} operations`,
      received: String(chain),
    });
  }
  return failures;
}

/** Holds the rules of a request's findings against those it shall make: the same ones, in whatever order. */
export function checkFindings(expected: readonly string[], rules: readonly string[], path: readonly (string | number)[]): Failure[] {
  const same = [...expected].sort().join() === [...rules].sort().join();
  return same ? [] : [{ path, expected: `findings: ${expected.join(', ') || 'none'}`, received: rules.join(', ') || 'none' }];
}

const requestLine = ({ TYPE, operation, CODEREPONSE }: JournalRequest): string => `${operation || TYPE || 'no operation'} → ${CODEREPONSE}`;

/** Holds the requests that a gateway received against those it shall have received: all of them, in their order. */
export function checkReceived(
  expected: readonly ReceivedExpectation[],
  requests: readonly JournalRequest[],
  path: readonly (string | number)[],
): Failure[] {
  const got = requests.map(requestLine).join(', ') || 'nothing';
  if (expected.map(({ send }) => typeBy(send)).join() !== requests.map(({ TYPE }) => TYPE).join()) {
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

/** Holds what all payments of a gateway come to against what they shall come to. */
export function checkMoney(expected: MoneyExpectation, payments: readonly object[], path: readonly (string | number)[]): Failure[] {
  const got = moneyOf(payments as readonly PaymentSums[]);
  return Object.entries(expected)
    .filter(([name, value]) => got[name as keyof MoneyExpectation] !== value)
    .map(([name, value]) => ({
      path: [...path, name],
      expected: `${name} ${String(value)} over all payments`,
      received: String(got[name as keyof MoneyExpectation]),
    }));
}

/** Holds what a program printed, or an application answered, against what it shall be. */
export function checkOutput(
  {
    status,
    ...texts
  }: { readonly status?: number; readonly stdout?: FieldExpectation; readonly stderr?: FieldExpectation; readonly body?: FieldExpectation },
  output: { readonly status: number | null } & Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): Failure[] {
  const fields = new Map(Object.keys(texts).map((name) => [name, String(output[name] ?? '').trim()]));
  const failures = checkFields(texts, fields, new Map(), path);
  if (status === undefined || status === output.status) return failures;
  const printed = String(output.stderr ?? '').trim();
  return [
    {
      path: [...path, 'status'],
      expected: `status ${status}`,
      received: `${output.status}${printed === '' ? '' : `: ${printed.slice(-500)}`}`,
    },
    ...failures,
  ];
}
