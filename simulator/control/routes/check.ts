import { compilePattern, loadPatterns } from '../../../contracts/patterns.js';
import type { Severity } from '../../engine/finding.js';
import { type Charge, checkCharged, checkNoFindings, checkReceived, type ExpectedRequest } from '../../gateway/checks.js';
import { misspelledVariable } from '../../gateway/configuration/rule-message.js';
import { ControlError } from '../errors.js';
import type { ControlRoute } from '../route.js';

interface RequestBody {
  readonly send: string;
  readonly with?: Readonly<Record<string, string | { readonly pattern: string }>>;
  readonly answered?: string;
}

interface CheckBody {
  readonly charged?: Charge;
  readonly received?: readonly (string | RequestBody)[];
  readonly noFindings?: Severity;
}

/** How many payments and exchanges can be checked. */
const LIMIT = 10_000;

/** @throws ControlError when there are more items than are checked */
function checkCount(items: readonly unknown[], what: string): void {
  if (items.length > LIMIT)
    throw new ControlError(
      400,
      `The gateway has more than ${LIMIT} ${what}, too many to check. POST /_sim/reset before a test, or use a session.`,
    );
}

/**
 * Makes regular expressions of the patterns. `loadPatterns()` must have resolved.
 *
 * @throws RangeError when one is not valid, or the name of a variable is misspelled
 */
function expectedRequest(request: string | RequestBody): ExpectedRequest {
  if (typeof request === 'string' || request.with === undefined) return request as ExpectedRequest;
  const variables = Object.entries(request.with).map(([name, value]) => {
    const problem = misspelledVariable(name);
    if (problem !== undefined) throw new RangeError(problem);
    if (typeof value === 'string') return [name, value] as const;
    try {
      const pattern = compilePattern(value.pattern);
      return [name, { test: (text: string) => pattern.test(text), toString: () => `/${value.pattern}/` }] as const;
    } catch (cause) {
      throw new RangeError(`${name}: ${(cause as Error).message}.`, { cause });
    }
  });
  return { ...request, with: Object.fromEntries(variables) };
}

/** The route with the assertions of tests in any language. */
export const checkRoutes: readonly ControlRoute[] = [
  {
    method: 'post',
    path: '/check',
    summary: 'Checks what was charged, received and found. Returns `pass` and, if it is false, a `message` with what was there instead.',
    body: 'check',
    response: 'The result: pass, and a message that is empty if it passed.',
    run: async ({ gateway, body }) => {
      const { charged, received, noFindings } = body as CheckBody;
      if (received) await loadPatterns();
      const limit = LIMIT + 1;
      const [payments, entries] = await Promise.all([charged === undefined ? [] : gateway.payments({ limit }), gateway.journal({ limit })]);
      checkCount(payments, 'payments');
      checkCount(entries, 'requests in its journal');
      const observed = { now: gateway.clock.now(), payments: payments.reverse(), entries: entries.reverse() };
      const results = [
        ...(charged === undefined ? [] : [checkCharged(observed, charged)]),
        ...(received === undefined ? [] : [checkReceived(observed, received.map(expectedRequest))]),
        ...(noFindings === undefined ? [] : [checkNoFindings(observed, noFindings)]),
      ];
      const failed = results.filter(({ pass }) => !pass);
      return { pass: failed.length === 0, message: failed.map((result) => result.message()).join('\n\n') };
    },
  },
];
