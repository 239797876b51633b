import { formatAmount } from '../../contracts/index.js';
import { parisDay, questionDay } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import { type Finding, finding } from './finding.js';
import { readErrorCodeTest } from './forced.js';
import { isCalendarDate } from './formats.js';
import { type Payment, type PaymentState, paymentState } from './payment.js';

const DAY = 86_400_000;
const FAR_OFF_DAYS = 2;

function describePayment({ id, REFERENCE, transactions: [first] }: Payment): string {
  const reference = REFERENCE === '' ? '' : `, REFERENCE ${REFERENCE}`;
  return `payment ${id} (${formatAmount(first.MONTANT, first.DEVISE)}${reference})`;
}

type FindingCheck = (input: DecisionInput, code: string) => Finding | undefined;

const checkDateq: FindingCheck = ({ question, now, realNow }) => {
  const dateq = question.get('DATEQ');
  if (!isCalendarDate(dateq)) return finding('date-invalid', `DATEQ is ${dateq}, which is not a date of the calendar.`);
  if (dateq.startsWith(questionDay(now))) return undefined;
  const date = `${dateq.slice(4, 8)}-${dateq.slice(2, 4)}-${dateq.slice(0, 2)}`;
  const today = parisDay(now);
  const daysTo = (instant: number): number => (Date.parse(parisDay(instant)) - Date.parse(date)) / DAY;
  const days = daysTo(now);
  // A client sends the time of its machine, also if the clock of the gateway was moved.
  if (Math.abs(days) < FAR_OFF_DAYS || Math.abs(daysTo(realNow)) < FAR_OFF_DAYS) return undefined;
  return finding('date-far-off', `DATEQ is ${date}, ${Math.abs(days)} days ${days > 0 ? 'before' : 'after'} the gateway's date ${today}.`);
};

const questionNumberReused: FindingCheck = ({ account, operation, found, questionNumber }, code) => {
  if (code === account.variants.repeatedQuestion || found.questionTypes.length === 0) return undefined;
  const others = found.questionTypes.filter((type) => type !== operation.TYPE);
  if (others.length === 0 || found.questionTypes.includes(operation.TYPE)) return undefined;
  return finding(
    'question-number-reused',
    `NUMQUESTION ${questionNumber} was used today for TYPE ${others.join(', ')}; an account with questionNumbers: per-day refuses it (${account.variants.repeatedQuestion}).`,
  );
};

const rangLengthChanged: FindingCheck = ({ question, found }) => {
  // The hosted page always gives RANG with three digits.
  const before = found.payment?.origin === 'system' ? undefined : found.payment?.transactions[0].RANG;
  const now = question.get('RANG');
  return before === undefined || before.length === now.length
    ? undefined
    : finding('rang-length-changed', `RANG is ${now}, but it was ${before} when the payment was made.`);
};

const numbersSwapped: FindingCheck = ({ question, found }) =>
  found.swapped &&
  finding(
    'numbers-swapped',
    `NUMAPPEL and NUMTRANS look swapped: ${question.get('NUMAPPEL')} is the NUMTRANS of ${describePayment(found.swapped)}.`,
  );

const numbersMixed: FindingCheck = ({ question, found }) =>
  found.mixed &&
  finding(
    'numbers-mixed',
    `NUMTRANS ${question.get('NUMTRANS')} is of ${describePayment(found.mixed)}, but NUMAPPEL ${question.get('NUMAPPEL')} is not.`,
  );

const referenceDiffers: FindingCheck = ({ question, found }) => {
  const sent = question.get('REFERENCE');
  const known = found.payment?.REFERENCE ?? '';
  return sent === '' || known === '' || sent === known
    ? undefined
    : finding('reference-differs', `REFERENCE is ${sent}, but the payment has REFERENCE ${known}.`);
};

/** What operations do that debit the card, or authorize it. */
const TAKES_MONEY: ReadonlySet<string> = new Set(['authorize', 'pay', 'force']);

/** The operations whose authorization only checks the card of a subscriber. */
const SAVES_SUBSCRIBER: ReadonlySet<string> = new Set(['00056', '00057']);

const paidTwice: FindingCheck = ({ operation, found, question, amount, now }, code) => {
  if (code !== '00000' || found.sameReference.length === 0 || !TAKES_MONEY.has(operation.does)) return undefined;
  const earlier = found.sameReference.find((payment) => {
    const [first] = payment.transactions;
    const { standing } = paymentState(payment, now);
    const isPaid = standing === 'captured' || standing === 'authorized';
    // Subscribers pay instalments of one reference, each on a day of its own.
    const isInstalment = operation.subscriber === 'known' && parisDay(first.at) !== parisDay(now);
    const isSame = first.MONTANT === amount && first.DEVISE === question.get('DEVISE');
    return isPaid && isSame && !isInstalment && !SAVES_SUBSCRIBER.has(first.TYPE);
  });
  return (
    earlier &&
    finding('paid-twice', `REFERENCE ${question.get('REFERENCE')} was already paid with the same amount: ${describePayment(earlier)}.`)
  );
};

const MINUTE = 60_000;

const refundedTwice: FindingCheck = ({ operation, found, amount, now }, code) => {
  if (code !== '00000' || operation.does !== 'refund' || !found.payment) return undefined;
  const isSame = found.payment.transactions.some(({ kind, MONTANT, at }) => kind === 'refund' && MONTANT === amount && now - at < MINUTE);
  return isSame
    ? finding('refunded-twice', `${describePayment(found.payment)} was refunded by the same amount less than a minute ago.`)
    : undefined;
};

const creditForRefund: FindingCheck = ({ operation, found, question, now }, code) => {
  if (code !== '00000' || operation.does !== 'credit') return undefined;
  const paid = found.sameReference.find((payment) => paymentState(payment, now).refundable > 0);
  return (
    paid &&
    finding(
      'credit-for-refund',
      `This credit has REFERENCE ${question.get('REFERENCE')}, which is the REFERENCE of the captured ${describePayment(paid)}.`,
    )
  );
};

/** Whether a cancel is refused because the payment was remitted to the bank. */
export function isTooLateToCancel({ operation, account }: DecisionInput, { isRemitted }: PaymentState): boolean {
  return operation.does === 'cancel' && isRemitted && account.variants.cancelAfterRemittance !== 'accepted';
}

const cancelAfterRemittance: FindingCheck = (input, code) => {
  const { found, now } = input;
  if (code !== '00015' || !found.payment) return undefined;
  const state = paymentState(found.payment, now);
  return isTooLateToCancel(input, state)
    ? finding('cancel-after-remittance', `Too late to cancel: ${describePayment(found.payment)} was remitted on ${state.remittance?.date}.`)
    : undefined;
};

const errorCodeTestUnknown: FindingCheck = ({ question, account }) =>
  account.errorCodeTest && readErrorCodeTest(question.get('ERRORCODETEST')).isMalformed
    ? finding('error-code-test-unknown', 'ERRORCODETEST is not one to five digits or letters and was ignored.')
    : undefined;

const bornElsewhere: FindingCheck = ({ found }) => {
  const payment = found.payment ?? found.existing;
  return payment?.origin === 'system' ? finding('born-elsewhere', `Paybox System took ${describePayment(payment)}.`) : undefined;
};

const CHECKS: readonly FindingCheck[] = [
  checkDateq,
  questionNumberReused,
  rangLengthChanged,
  numbersSwapped,
  numbersMixed,
  referenceDiffers,
  paidTwice,
  refundedTwice,
  creditForRefund,
  cancelAfterRemittance,
  errorCodeTestUnknown,
  bornElsewhere,
];

/**
 * The findings that depend on the state of the gateway, whether or not the question is refused.
 *
 * @param code CODEREPONSE of the reply
 */
export function stateFindings(input: DecisionInput, code: string): Finding[] {
  const findings: Finding[] = [];
  for (const check of CHECKS) {
    const seen = check(input, code);
    if (seen) findings.push(seen);
  }
  return findings;
}
