import type { CaseContext } from '../case-context.js';
import type { Path, StepFailure } from '../expectations.js';
import type { LawsExpectation } from '../scenario.js';
import { breachesOf, LAWS, reportedOnlyOf, type Trial } from './laws.js';
import { observe } from './sandbox.js';

/** Checks the laws for what the programs of a case said so far, and begins a second attempt. */
export async function checkLaws(
  { amount, refund, again = false, strict = false, usual = [] }: LawsExpectation,
  context: CaseContext,
  path: Path,
): Promise<StepFailure[]> {
  const atEnd = await observe(context.control(), 0);
  const current = context.attempts.at(-1) ?? { statements: [] };
  current.atEnd = atEnd;
  const [first = current, second] = context.attempts;
  const trial: Trial = {
    order: { amount, ...(refund !== undefined && { refund }) },
    first,
    afterFirst: first.atEnd ?? atEnd,
    ...(second && { second }),
    atEnd,
    usualErrors: new Set(usual),
  };
  if (!second) context.attempts.push({ statements: [] });
  const laws = again ? LAWS : [...LAWS, ...context.laws];
  const sentenceOf = (id: string): string => laws.find((law) => law.id === id)?.sentence ?? id;
  const reportedOnly = reportedOnlyOf(strict ? [] : laws);
  return breachesOf(trial, laws)
    .filter(({ law }) => !reportedOnly.has(law))
    .map(({ law, problem }) => ({ path, expected: `${law}: ${sentenceOf(law)}`, received: problem }));
}
