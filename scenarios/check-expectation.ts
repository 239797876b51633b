import { arePatternsLoaded, loadPatterns } from '../contracts/patterns.js';
import { callsDelivered } from './browsing/delivered-calls.js';
import type { CaseContext, StepResult } from './case-context.js';
import type { JournalRequest } from './control.js';
import {
  checkFields,
  checkFindings,
  checkMoney,
  checkNotified,
  checkOutput,
  checkPayment,
  checkReceived,
  checkWire,
  type Path,
  type StepFailure,
} from './expectations.js';
import { checkLaws } from './explore/check-laws.js';
import { interpolateAll } from './interpolate.js';
import type { Expectation, FieldExpectation, NotifiedExpectation, PaymentExpectation, ResultExpectation } from './scenario.js';

function checkResult(expected: Expectation, { exchange, program, http }: StepResult, path: Path): StepFailure[] {
  const at = (...parts: string[]): Path => [...path, ...parts];
  const missing = (name: string): StepFailure[] => [
    { path: at(name), expected: `a step that has a ${name}`, received: 'a step of another kind' },
  ];
  return [
    ...(expected.reply ? (exchange ? checkFields(expected.reply, exchange.reply, exchange.sent, at('reply')) : missing('reply')) : []),
    ...(expected.wire ? (exchange ? checkWire(expected.wire, exchange.wire, at('wire')) : missing('wire')) : []),
    ...(expected.program ? (program ? checkOutput(expected.program, program, at('program')) : missing('program')) : []),
    ...(expected.http ? (http ? checkOutput(expected.http, http, at('http')) : missing('http')) : []),
  ];
}

const rulesOf = (requests: readonly JournalRequest[]): string[] => [
  ...new Set(requests.flatMap(({ findings }) => findings.map(({ rule }) => rule))),
];

/** What a customer does at the bank and on the hosted page, and the calls to a shop, are in the journal, but not requests of a shop. */
const NO_REQUESTS: ReadonlySet<string> = new Set(['challenge', 'result', 'attempt', 'notification']);

const isRequest = ({ operation }: JournalRequest): boolean => !NO_REQUESTS.has(operation);

async function checkRequests(expected: Expectation, context: CaseContext, since: number, path: Path): Promise<StepFailure[]> {
  if (!expected.received && !expected.findings) return [];
  const requests = await context.requestsSince(since);
  return [
    ...(expected.received ? checkReceived(expected.received, requests.filter(isRequest), [...path, 'received']) : []),
    ...(expected.findings ? checkFindings(expected.findings, rulesOf(requests), [...path, 'findings']) : []),
  ];
}

async function checkPaymentOf(expected: PaymentExpectation, context: CaseContext, path: Path): Promise<StepFailure[]> {
  const { NUMTRANS = '', CODEREPONSE = '' } = context.earlierNamed(expected.of).reply;
  // A refused step has no payment to look up.
  if (/^0*$/.test(NUMTRANS)) {
    return [{ path, expected: `the reply of ${expected.of} to name a payment`, received: `CODEREPONSE ${CODEREPONSE || 'missing'}` }];
  }
  const payment = await context.control().call('GET', `/payments/${NUMTRANS}`);
  return checkPayment(expected, payment as Record<string, unknown>, path);
}

/** Checks the result of the step's authentication or checkout, or of that of an earlier step: then what is due meanwhile counts too. */
async function checkVisit(
  { of, ...fields }: ResultExpectation,
  { authentication, checkout }: StepResult,
  context: CaseContext,
  path: Path,
): Promise<StepFailure[]> {
  const expected = fields as Readonly<Record<string, FieldExpectation>>;
  if (of === undefined) {
    const own = authentication ?? checkout;
    if (!own)
      return [{ path, expected: 'a step authenticate or checkout, or `of` with the name of one', received: 'a step of another kind' }];
    return checkFields(expected, own.fields, new Map(Object.entries(own.shop.sent)), path);
  }
  const shop = context.visitNamed(of);
  await shop.settle();
  const seen = await shop.fields();
  context.rememberVisit(of, shop, seen);
  return checkFields(expected, seen, new Map(Object.entries(shop.sent)), path);
}

/** Checks what the shops of the case received since a step began, or since the beginning if the step starts no payment. */
async function checkNotifications(
  expected: readonly NotifiedExpectation[],
  { checkout }: StepResult,
  context: CaseContext,
  path: Path,
): Promise<StepFailure[]> {
  await callsDelivered(context.control());
  const arrivals = context.arrivals.slice(checkout?.since ?? 0);
  const read = await Promise.all(arrivals.map((arrival) => context.checkouts.get(arrival.order)?.read(arrival)));
  return checkNotified(
    expected,
    read.filter((values) => values !== undefined),
    path,
  );
}

async function checkState(expected: Expectation, result: StepResult, context: CaseContext, path: Path): Promise<StepFailure[]> {
  const failures: StepFailure[] = [];
  if (expected.payment) {
    failures.push(...(await checkPaymentOf(expected.payment, context, [...path, 'payment'])));
  }
  if (expected.laws) failures.push(...(await checkLaws(expected.laws, context, [...path, 'laws'])));
  if (expected.result) failures.push(...(await checkVisit(expected.result, result, context, [...path, 'result'])));
  if (expected.notified) failures.push(...(await checkNotifications(expected.notified, result, context, [...path, 'notified'])));
  if (expected.money) {
    const { payments } = (await context.control().call('GET', '/payments?limit=1000')) as { payments: Record<string, unknown>[] };
    failures.push(...checkMoney(expected.money, payments, [...path, 'money']));
  }
  return failures;
}

/** Whether an expectation is about the requests of its step. The number of the last request before the step is then needed. */
export function checksRequests(expected: Expectation | undefined): boolean {
  return expected?.received !== undefined || expected?.findings !== undefined;
}

/**
 * Checks the result of a step and the gateway's state against an expectation.
 *
 * @param since number of the last request before the step
 * @param path path of the expectation within the scenario
 * @returns the parts of the expectation that are not met
 */
export async function checkExpectation(
  expectation: Expectation,
  result: StepResult,
  context: CaseContext,
  since: number,
  path: Path,
): Promise<StepFailure[]> {
  const expected = interpolateAll(expectation, context.names());
  if (!arePatternsLoaded() && JSON.stringify(expected).includes('"pattern"')) await loadPatterns();
  return [
    ...checkResult(expected, result, path),
    ...(await checkRequests(expected, context, since, path)),
    ...(await checkState(expected, result, context, path)),
  ];
}
