import { formatAmount } from '../../contracts/index.js';
import { parisDay, questionDay } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import { type Finding, finding } from './finding.js';
import { messageText } from './finding-messages.js';
import { readErrorCodeTest } from './forced.js';
import { isCalendarDate } from './formats.js';
import { type Payment, type PaymentState, paymentState } from './payment.js';

const DAY = 86_400_000;
const FAR_OFF_DAYS = 2;

function describePayment({ id, REFERENCE, transactions: [first] }: Payment): string {
  const amount = formatAmount(first.MONTANT, first.DEVISE);
  return REFERENCE === ''
    ? messageText('payment', 'unnamed', { id, amount })
    : messageText('payment', 'named', { id, amount, reference: REFERENCE });
}

type FindingCheck = (input: DecisionInput, code: string) => Finding | undefined;

const checkDateq: FindingCheck = ({ question, now, realNow }) => {
  const dateq = question.get('DATEQ');
  if (!isCalendarDate(dateq)) return finding('date-invalid', 'invalid', { dateq });
  if (dateq.startsWith(questionDay(now))) return undefined;
  const date = `${dateq.slice(4, 8)}-${dateq.slice(2, 4)}-${dateq.slice(0, 2)}`;
  const today = parisDay(now);
  const daysTo = (instant: number): number => (Date.parse(parisDay(instant)) - Date.parse(date)) / DAY;
  const days = daysTo(now);
  // A client sends the time of its machine, also if the clock of the gateway was moved.
  if (Math.abs(days) < FAR_OFF_DAYS || Math.abs(daysTo(realNow)) < FAR_OFF_DAYS) return undefined;
  return finding('date-far-off', days > 0 ? 'before' : 'after', { date, days: Math.abs(days), today });
};

const questionNumberReused: FindingCheck = ({ account, operation, found, questionNumber }, answered) => {
  if (answered === account.variants.repeatedQuestion || found.questionTypes.length === 0) return undefined;
  const others = found.questionTypes.filter((type) => type !== operation.TYPE);
  if (others.length === 0 || found.questionTypes.includes(operation.TYPE)) return undefined;
  const code = account.variants.repeatedQuestion;
  return finding('question-number-reused', 'reused', { number: questionNumber, types: others.join(', '), code });
};

const rangLengthChanged: FindingCheck = ({ question, found }) => {
  // The hosted page always gives RANG with three digits.
  const before = found.payment?.origin === 'system' ? undefined : found.payment?.transactions[0].RANG;
  const now = question.get('RANG');
  return before === undefined || before.length === now.length ? undefined : finding('rang-length-changed', 'changed', { now, before });
};

const numbersSwapped: FindingCheck = ({ question, found }) =>
  found.swapped && finding('numbers-swapped', 'swapped', { number: question.get('NUMAPPEL'), payment: describePayment(found.swapped) });

const numbersMixed: FindingCheck = ({ question, found }) =>
  found.mixed &&
  finding('numbers-mixed', 'mixed', {
    numtrans: question.get('NUMTRANS'),
    payment: describePayment(found.mixed),
    numappel: question.get('NUMAPPEL'),
  });

const referenceDiffers: FindingCheck = ({ question, found }) => {
  const sent = question.get('REFERENCE');
  const known = found.payment?.REFERENCE ?? '';
  return sent === '' || known === '' || sent === known ? undefined : finding('reference-differs', 'differs', { sent, known });
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
  return earlier && finding('paid-twice', 'paid', { reference: question.get('REFERENCE'), payment: describePayment(earlier) });
};

const MINUTE = 60_000;

const refundedTwice: FindingCheck = ({ operation, found, amount, now }, code) => {
  if (code !== '00000' || operation.does !== 'refund' || !found.payment) return undefined;
  const isSame = found.payment.transactions.some(({ kind, MONTANT, at }) => kind === 'refund' && MONTANT === amount && now - at < MINUTE);
  return isSame ? finding('refunded-twice', 'refunded', { payment: describePayment(found.payment) }) : undefined;
};

const creditForRefund: FindingCheck = ({ operation, found, question, now }, code) => {
  if (code !== '00000' || operation.does !== 'credit') return undefined;
  const paid = found.sameReference.find((payment) => paymentState(payment, now).refundable > 0);
  return paid && finding('credit-for-refund', 'credit', { reference: question.get('REFERENCE'), payment: describePayment(paid) });
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
    ? finding('cancel-after-remittance', 'late', { payment: describePayment(found.payment), date: state.remittance?.date ?? '' })
    : undefined;
};

const errorCodeTestUnknown: FindingCheck = ({ question, account }) =>
  account.errorCodeTest && readErrorCodeTest(question.get('ERRORCODETEST')).isMalformed
    ? finding('error-code-test-unknown', 'unknown')
    : undefined;

const bornElsewhere: FindingCheck = ({ found }) => {
  const payment = found.payment ?? found.existing;
  return payment?.origin === 'system' ? finding('born-elsewhere', 'elsewhere', { payment: describePayment(payment) }) : undefined;
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
