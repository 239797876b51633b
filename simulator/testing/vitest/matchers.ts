import { SEVERITIES, type Severity } from '../../engine/finding.js';
import { type Charge, type CheckResult, checkCharged, checkNoFindings, checkReceived, type ExpectedRequest } from '../../gateway/checks.js';
import { findUnknownKey, type KeySchema } from '../../schemas/unknown-keys.js';
import type { TestGateway } from '../test-gateway.js';

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** What vitest binds a matcher to. */
interface MatcherState {
  readonly isNot?: boolean;
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

const WITH_MSW = ' With MSW, also check that the server listens and uses these handlers.';

const resultOf = ({ pass, message }: CheckResult, isNot = false): MatcherResult => ({ pass, message: () => message(isNot, WITH_MSW) });

/**
 * Passes if exactly `times` payments with these properties were captured.
 *
 * @throws TypeError if the value is not a gateway; RangeError if a name is misspelled
 */
export async function toHaveCharged(this: MatcherState, paybox: TestGateway, charge: Charge = {}): Promise<MatcherResult> {
  checkArguments('toHaveCharged', paybox, CHARGE, charge);
  const observed = { now: paybox.clock.now(), payments: await paybox.payments(), entries: await paybox.journal() };
  return resultOf(checkCharged(observed, charge), this.isNot);
}

/**
 * Passes if exactly these requests were received, in this order.
 *
 * @throws TypeError if the value is not a gateway; RangeError if a name is misspelled
 */
export async function toHaveReceived(paybox: TestGateway, requests: readonly ExpectedRequest[]): Promise<MatcherResult> {
  checkArguments('toHaveReceived', paybox, REQUESTS, requests);
  const entries = await paybox.journal();
  try {
    return resultOf(checkReceived({ entries }, requests));
  } catch (cause) {
    throw new RangeError(`toHaveReceived: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Passes if no request has a finding of this severity or a higher one.
 *
 * @throws TypeError if the value is not a gateway; RangeError if the severity is not known
 */
export async function toHaveNoFindings(paybox: TestGateway, atLeast: Severity = 'warning'): Promise<MatcherResult> {
  checkArguments('toHaveNoFindings', paybox, SEVERITY, atLeast);
  return resultOf(checkNoFindings({ entries: await paybox.journal() }, atLeast));
}
