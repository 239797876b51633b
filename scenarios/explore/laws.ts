import { type Attempt, isOpenEnded, lastOf, type Order, type Statement } from './attempt.js';
import { type Observation, type ObservedQuestion, type Totals, totalsOf } from './observation.js';

/** A run as the laws see it. */
export interface Trial {
  readonly order: Order;
  /** The flow under the perturbations. */
  readonly first: Attempt;
  readonly afterFirst: Observation;
  /** The flow again, or the recovery command, after the faults are gone. Undefined: the first attempt ended as it should. */
  readonly second?: Attempt;
  /** The books after everything. */
  readonly atEnd: Observation;
  /** The rules of the findings of severity error that the run without perturbations has. */
  readonly usualErrors: ReadonlySet<string>;
}

/** A sentence that must hold after every run. */
export interface Law {
  readonly id: string;
  /** What must hold. */
  readonly sentence: string;
  /** What to do where it does not. */
  readonly remedy: string;
  /** Whether a breach is only reported, and is not a failure. */
  readonly isReportedOnly?: boolean;
  /** Returns what is wrong, or undefined if the law holds. */
  readonly check: (trial: Trial) => string | undefined;
}

const euros = (minor: number): string => `${Math.trunc(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

const saying = (attempt: Attempt | undefined, said: Statement['said'], ...tasks: Statement['task'][]): Statement | undefined =>
  attempt?.statements.find((statement) => statement.said === said && tasks.includes(statement.task));

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

const quoted = ({ text }: Statement): string => `"${lastLine(text)}"`;

function chargedOnce({ order, atEnd }: Trial): string | undefined {
  const { payments, captured } = totalsOf(atEnd);
  if (payments > 1) return `The order of ${euros(order.amount)} is captured by ${payments} payments, ${euros(captured)} in all.`;
  return captured > order.amount ? `The order of ${euros(order.amount)} is captured for ${euros(captured)}.` : undefined;
}

function refundedOnce({ order, atEnd }: Trial): string | undefined {
  const { captured, refunded, credited } = totalsOf(atEnd);
  const returned = refunded + credited;
  if (returned > captured) return `${euros(returned)} is refunded or credited, and ${euros(captured)} was captured.`;
  const asked = order.refund ?? 0;
  return returned > asked ? `${euros(returned)} is refunded or credited, and the flow refunds ${euros(asked)}.` : undefined;
}

/** What must be in the books where a task is said to be done. */
const DONE: Readonly<Record<Statement['task'], (totals: Totals, order: Order) => boolean>> = {
  pay: ({ captured }, { amount }) => captured === amount,
  capture: ({ captured }, { amount }) => captured === amount,
  authorize: ({ everAuthorized, captured }, { amount }) => everAuthorized === amount || captured === amount,
  cancel: ({ captured, open, refunded }) => open === 0 && captured - refunded === 0,
  refund: ({ refunded }, { refund = 0 }) => refunded >= refund,
  subscribe: () => true,
  other: () => true,
};

// What a later step takes back was true when it was said.
const TAKES_BACK: Readonly<Partial<Record<Statement['task'], readonly Statement['task'][]>>> = {
  pay: ['cancel'],
  authorize: ['cancel'],
  capture: ['cancel'],
};

function isTakenBack({ task }: Statement, later: readonly Statement[]): boolean {
  return later.some((statement) => (TAKES_BACK[task] ?? []).includes(statement.task));
}

function falseClaim(attempt: Attempt | undefined, observation: Observation, order: Order): string | undefined {
  if (!attempt) return undefined;
  const totals = totalsOf(observation);
  const claim = attempt.statements.find(
    (statement, index) =>
      statement.said === 'done' && !isTakenBack(statement, attempt.statements.slice(index + 1)) && !DONE[statement.task](totals, order),
  );
  if (!claim) return undefined;
  const { captured, open, refunded } = totals;
  return `The program says ${quoted(claim)}. The books have ${euros(captured)} captured, ${euros(open)} authorized, ${euros(refunded)} refunded.`;
}

const claimsAreTrue = ({ order, first, afterFirst, second, atEnd }: Trial): string | undefined =>
  falseClaim(first, afterFirst, order) ?? falseClaim(second, atEnd, order);

function refusedMeansNothing({ first, afterFirst, second, atEnd }: Trial): string | undefined {
  const now = totalsOf(afterFirst);
  const taking = saying(first, 'refused', 'pay', 'authorize', 'capture') ?? saying(second, 'refused', 'pay', 'authorize');
  const totals = second ? totalsOf(atEnd) : now;
  if (taking && totals.captured > 0) return `The program says ${quoted(taking)}, and ${euros(totals.captured)} is captured.`;
  const holding = saying(first, 'refused', 'pay', 'authorize') ?? saying(second, 'refused', 'pay', 'authorize');
  if (holding && totals.open > 0) return `The program says ${quoted(holding)}, and ${euros(totals.open)} is authorized.`;
  const refund = saying(first, 'refused', 'refund');
  if (refund && now.refunded + now.credited > 0)
    return `The program says ${quoted(refund)}, and ${euros(now.refunded + now.credited)} is refunded.`;
  return undefined;
}

function comesToAnEnd({ order, second, atEnd }: Trial): string | undefined {
  if (!second) return undefined;
  const last = lastOf(second);
  const { payments, captured, refunded, open } = totalsOf(atEnd);
  if (last === undefined || isOpenEnded(second))
    return `The faults are gone, the flow ran again, and the program still ${last === undefined ? 'did nothing' : `says ${quoted(last)}`}.`;
  if (last.said === 'done' || last.task === 'other') return undefined;
  const isPaidOnce = payments === 1 && captured === order.amount;
  const isRefunded = last.task === 'refund' && refunded === (order.refund ?? 0);
  const isSettled = last.task === 'capture' || last.task === 'cancel' ? isPaidOnce || open === 0 : isRefunded || captured + open === 0;
  return isSettled
    ? undefined
    : `The faults are gone, the flow ran again and says ${quoted(last)}. The books have ${euros(captured)} captured, ${euros(open)} authorized, ${euros(refunded)} refunded.`;
}

// A refusal for want of an authentication (001A1) is asked again with one.
const isBankRefusal = ({ CODEREPONSE, clientReceived }: ObservedQuestion): boolean =>
  /^001\d\d$/.test(CODEREPONSE) && clientReceived === undefined;

function refusalsAreFinal({ afterFirst: { questions } }: Trial): string | undefined {
  for (const [index, refused] of questions.entries()) {
    if (!isBankRefusal(refused)) continue;
    const again = questions.slice(index + 1).find(({ TYPE }) => TYPE === refused.TYPE);
    if (again) return `The bank refuses (${refused.CODEREPONSE}), and the program sends ${again.operation} again: ${again.CODEREPONSE}.`;
  }
  return undefined;
}

function nothingLeftOpen({ first, second, atEnd }: Trial): string | undefined {
  const { open } = totalsOf(atEnd);
  const isKnown = saying(first, 'done', 'authorize') ?? saying(second, 'done', 'authorize');
  return open > 0 && !isKnown ? `${euros(open)} is authorized, and the program does not say so.` : undefined;
}

function ends({ first, second }: Trial): string | undefined {
  const wrong = [...first.statements, ...(second?.statements ?? [])].find(({ ending }) => ending === 'crash' || ending === 'late');
  if (!wrong) return undefined;
  return `The program ${wrong.ending === 'crash' ? 'crashed' : 'did not end within its time limit'}: ${lastLine(wrong.text) || 'it printed nothing'}`;
}

function showsNoCard({ first, second }: Trial): string | undefined {
  const shown = [...first.statements, ...(second?.statements ?? [])].find(({ showsCard }) => showsCard);
  return shown && `The output has a card number (masked here): ${quoted(shown)}.`;
}

function noNewErrors({ atEnd, usualErrors }: Trial): string | undefined {
  const findings = atEnd.questions.flatMap((question) => question.findings);
  const found = findings.find(({ rule, severity }) => severity === 'error' && !usualErrors.has(rule));
  return found && `Finding ${found.rule}: ${found.message}`;
}

/** The laws, in the order in which they are reported. */
export const LAWS: readonly Law[] = [
  {
    id: 'charged-once',
    sentence: 'One order is never captured for more than its amount, nor by two payments.',
    remedy:
      'Look up the order (00011, then 00017) before every payment and after every lost reply. Never send a payment again without it. Let a lock in the database of the shop keep two workers apart.',
    check: chargedOnce,
  },
  {
    id: 'refunded-once',
    sentence: 'Never more is refunded than was captured, nor than the flow refunds.',
    remedy: 'Refund with 00014 and the numbers of the payment. After a lost reply inquire (00017), and do not send the refund again.',
    check: refundedOnce,
  },
  {
    id: 'said-paid',
    sentence: 'The program says that something is done only when the books have it.',
    remedy: 'Believe a reply only if it is complete, CODEREPONSE is 00000, and SITE, RANG and NUMQUESTION are those of the question.',
    check: claimsAreTrue,
  },
  {
    id: 'said-refused',
    sentence: 'The program says "refused" only when nothing is or will be captured.',
    remedy: 'A lost reply, an unreadable reply and 00099 are not refusals: say that the result is unknown, and inquire.',
    check: refusedMeansNothing,
  },
  {
    id: 'refusal-final',
    sentence: 'A refusal by the bank is not asked again in the same attempt, on no host.',
    remedy: 'Use the backup host after 00001, 00003, 00097, 00098 and a refused connection only.',
    check: refusalsAreFinal,
  },
  {
    id: 'recovers',
    sentence: 'After the faults are gone, trying again ends paid exactly once, or refused with nothing held.',
    remedy: 'Begin every attempt with an inquiry about the order, and use what it finds.',
    check: comesToAnEnd,
  },
  {
    id: 'left-authorized',
    sentence: 'No authorization is left that the program did not report.',
    remedy: 'Cancel (00005) an authorization that the shop does not use, or let it end.',
    isReportedOnly: true,
    check: nothingLeftOpen,
  },
  {
    id: 'ends',
    sentence: 'The program ends within its limit, and not by a crash.',
    remedy:
      'Give every request a time limit, for instance PAYBOX_TIMEOUT seconds. Treat every code that is not in the table, and every reply that cannot be read, as a result too.',
    check: ends,
  },
  {
    id: 'no-card-shown',
    sentence: 'No card number is in the output of the program.',
    remedy: 'Do not print requests, nor errors that contain them.',
    check: showsNoCard,
  },
  {
    id: 'no-new-error',
    sentence: 'There is no finding of severity error that the run without faults has not.',
    remedy: 'See the remedy of the finding: paybox-sim findings, or the inspector.',
    check: noNewErrors,
  },
];

/** Returns the ids of the laws whose breach is only reported. */
export const reportedOnlyOf = (laws: readonly Law[]): ReadonlySet<string> =>
  new Set(laws.filter(({ isReportedOnly }) => isReportedOnly).map(({ id }) => id));

/** A law that a run broke. */
export interface Breach {
  /** Id of the law. */
  readonly law: string;
  readonly problem: string;
}

/** Returns the laws that a run broke, in their order. */
export function breachesOf(trial: Trial, laws: readonly Law[] = LAWS): Breach[] {
  return laws.flatMap(({ id, check }) => {
    const problem = check(trial);
    return problem === undefined ? [] : [{ law: id, problem }];
  });
}
