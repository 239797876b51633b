import { type Does, STATUSES, type Status, SUCCESS, tenDigits, testCardToken, type Variants } from '../../contracts/index.js';
import { parisDay, remittanceOf } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import type { Fact } from './fact.js';
import { type Finding, finding } from './finding.js';
import { messageText } from './finding-messages.js';
import { authorizationNumber, deferredMagic, NO_CARD, newPayment, payingCard, transactionOf } from './new-payment.js';
import {
  isRemitted,
  NO_NUMBERS,
  type Numbers,
  type Payment,
  type PaymentState,
  paymentState,
  remiseNumber,
  type StoredCard,
  type Transaction,
  type TransactionKind,
} from './payment.js';
import { makeRefusal, type Refusal, withReason } from './refusal.js';
import { isTooLateToCancel } from './state-findings.js';
import { makeToken, type Subscriber } from './subscriber.js';

/** The result of an accepted operation: its part of the reply, the facts to write, and its findings. */
export interface OperationResult {
  readonly numbers: Numbers;
  readonly AUTORISATION: string;
  /** The token. Undefined: the reply to a subscriber operation repeats PORTEUR as sent. */
  readonly PORTEUR?: string;
  readonly card: StoredCard;
  readonly STATUS?: Status | undefined;
  readonly REMISE?: string | undefined;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
}

interface OperationHandler {
  /** Whether the issuer (the cardholder's bank) is asked. */
  readonly asksIssuer: boolean;
  /** Returns the refusal if the state of the payment forbids the operation. */
  readonly checkState: (input: DecisionInput) => Refusal | undefined;
  readonly apply: (input: DecisionInput) => OperationResult;
}

const acceptAnyState = (): undefined => undefined;

function namedPayment(input: DecisionInput): Payment {
  const payment = input.found.payment ?? input.found.existing;
  // Cannot happen: checkFound runs before the handlers.
  if (!payment) throw new Error(`The operation ${input.operation.TYPE} was applied without a payment.`);
  return payment;
}

const stateOf = (input: DecisionInput): PaymentState => paymentState(namedPayment(input), input.now);

const WRONG_STATE = makeRefusal('00015', 'Transaction dans un état qui interdit cette opération');
const WRONG_AMOUNT = makeRefusal('00011');

const STATE_DESCRIPTIONS: Record<PaymentState['standing'], (state: PaymentState) => string> = {
  authorized: ({ authorized }) => messageText('state', 'authorized', { amount: authorized }),
  expired: () => messageText('state', 'expired'),
  captured: ({ captured, refundable, isRemitted: remitted }) =>
    messageText('state', remitted ? 'remitted' : 'captured', { captured, refundable }),
  cancelled: () => messageText('state', 'cancelled'),
  refunded: ({ refunded }) => messageText('state', 'refunded', { refunded }),
  credited: () => messageText('state', 'credited'),
  refused: () => messageText('state', 'refused'),
};

function withStateReason(refusal: Refusal | undefined, state: PaymentState, input: DecisionInput): Refusal | undefined {
  const { operation, amount } = input;
  // A cancel that is too late has its own finding, cancel-after-remittance.
  if (isTooLateToCancel(input, state)) return refusal;
  if (!refusal) return undefined;
  const values = { operation: operation.title.en, amount, state: STATE_DESCRIPTIONS[state.standing](state) };
  return withReason(refusal, finding('state-refused', 'state', values));
}

/** Handles an operation that starts a payment. `kind` is the kind of its first transaction. */
function startsPayment(kind: TransactionKind, { asksIssuer }: Pick<OperationHandler, 'asksIssuer'>): OperationHandler {
  return {
    asksIssuer,
    checkState: acceptAnyState,
    apply: (input) => {
      const AUTORISATION =
        (kind === 'forced' && input.question.get('AUTORISATION')) || authorizationNumber(input.account, input.found.next);
      return paymentResult(input, transactionOf(input, kind, { CODEREPONSE: SUCCESS, AUTORISATION }));
    },
  };
}

function paymentResult(input: DecisionInput, transaction: Transaction): OperationResult {
  const card = payingCard(input);
  const { account, now } = input;
  const facts: Fact[] = [newPayment(input, transaction, card)];
  if (account.oneCardADay && card.sha1 !== '') facts.push({ fact: 'card', account: account.id, day: parisDay(now), sha1: card.sha1 });
  return {
    numbers: transaction,
    AUTORISATION: transaction.AUTORISATION,
    card,
    facts,
    findings: [],
  };
}

/** The numbers of a transaction that is added to a payment. See docs/protocol.md#section-10. */
type NumbersOf = (payment: Payment, input: DecisionInput) => Numbers;

const newNumbers: NumbersOf = (_, { found }) => found.next;

const NUMBERS_OF: Record<Variants['captureNumbers'], NumbersOf> = {
  kept: ({ transactions: [{ NUMTRANS, NUMAPPEL }] }) => ({ NUMTRANS, NUMAPPEL }),
  newTransaction: ({ transactions: [{ NUMAPPEL }] }, { found }) => ({ NUMTRANS: found.next.NUMTRANS, NUMAPPEL }),
  new: newNumbers,
};

const byVariant =
  (name: 'captureNumbers' | 'refundNumbers' | 'cancelNumbers'): NumbersOf =>
  (payment, input) =>
    NUMBERS_OF[input.account.variants[name]](payment, input);

/**
 * Handles an operation that adds a transaction to the payment that the question names.
 *
 * @param kindOf the kind of the transaction, by the state of the payment
 */
function addsTransaction(
  kindOf: (state: PaymentState) => TransactionKind,
  checkState: (state: PaymentState, input: DecisionInput) => Refusal | undefined,
  numbersOf: NumbersOf,
): OperationHandler {
  return {
    asksIssuer: false,
    checkState: (input) => {
      const state = stateOf(input);
      return withStateReason(checkState(state, input), state, input);
    },
    apply: (input) => {
      const payment = namedPayment(input);
      const [first] = payment.transactions;
      const kind = kindOf(stateOf(input));
      const DIFFERE = input.question.get('DIFFERE') === '' && kind === 'capture' ? first.DIFFERE : undefined;
      const { AUTORISATION } = first;
      const numbers = numbersOf(payment, input);
      const transaction = { ...transactionOf(input, kind, { CODEREPONSE: SUCCESS, AUTORISATION, DIFFERE }), ...numbers };
      return {
        numbers,
        AUTORISATION,
        card: payment.card,
        facts: [{ fact: 'transaction', payment: payment.id, account: payment.account, transaction }],
        findings: currencyFindings(payment, input),
      };
    },
  };
}

function currencyFindings(payment: Payment, { question }: DecisionInput): Finding[] {
  const [{ DEVISE }] = payment.transactions;
  const sent = question.get('DEVISE');
  return sent === DEVISE ? [] : [finding('currency-differs', 'differs', { sent, known: DEVISE })];
}

/** The token of a card: each card has one. See docs/protocol.md#section-3. */
function tokenOf({ account, question, found }: DecisionInput): string {
  return testCardToken(question.get('PORTEUR')) ?? found.token ?? makeToken(account.id, question.get('REFABONNE'), found.next.NUMTRANS);
}

/** Handles an operation that authorizes an amount and saves a subscriber with the token of the card. */
function savesSubscriber(): OperationHandler {
  const authorization = startsPayment('authorization', { asksIssuer: true });
  return {
    ...authorization,
    apply: (input) => {
      const result = authorization.apply(input);
      const { account, question, now, found } = input;
      const forced = deferredMagic(input);
      const token = tokenOf(input);
      const tokenFact: Fact = { fact: 'token', account: account.id, sha1: result.card.sha1, token };
      const subscriber: Subscriber = {
        account: account.id,
        REFABONNE: question.get('REFABONNE'),
        PORTEUR: token,
        card: result.card,
        DATEVAL: question.get('DATEVAL'),
        registeredAt: found.subscriber?.registeredAt ?? now,
        ...(forced && { forced }),
      };
      const facts = [...result.facts, ...(found.token === undefined ? [tokenFact] : []), { fact: 'subscriber', subscriber } as const];
      return { ...result, PORTEUR: token, facts };
    },
  };
}

/** The REMISE of a refund or credit is that of its own remittance. Other transactions have the REMISE of their payment's capture. */
function remiseOf(payment: Payment, state: PaymentState, transaction: Transaction, now: number): string | undefined {
  if (state.standing === 'cancelled') return undefined;
  if (transaction.kind === 'refund' || transaction.kind === 'credit') {
    return isRemitted(transaction, now) ? remiseNumber(payment.account, remittanceOf(transaction.at, transaction.DIFFERE).date) : undefined;
  }
  return state.isRemitted && state.remittance ? remiseNumber(payment.account, state.remittance.date) : undefined;
}

const existingResult = (payment: Payment, transaction: Transaction): OperationResult => ({
  numbers: transaction,
  AUTORISATION: transaction.AUTORISATION,
  card: payment.card,
  facts: [],
  findings: [],
});

const refuseAmount = (code: '00011' | '00015'): Refusal => (code === '00011' ? WRONG_AMOUNT : WRONG_STATE);

function checkAuthorized(state: PaymentState, { amount }: DecisionInput): Refusal | undefined {
  if (state.standing !== 'authorized') return WRONG_STATE;
  return amount > state.authorized ? WRONG_AMOUNT : undefined;
}

function checkCapturable(state: PaymentState, input: DecisionInput): Refusal | undefined {
  const { secondCapture, lateCapture, captureAbove } = input.account.variants;
  const { expiresAt, transactions } = namedPayment(input);
  const wasAuthorized = transactions[0].kind === 'authorization' && (input.now < expiresAt || lateCapture === 'accepted');
  const isAllowed: Partial<Record<PaymentState['standing'], boolean>> = {
    authorized: true,
    expired: lateCapture === 'accepted',
    captured: secondCapture === 'accepted' && wasAuthorized && state.refunded === 0,
  };
  if (!isAllowed[state.standing]) return WRONG_STATE;
  return input.amount > state.authorized - state.captured ? refuseAmount(captureAbove) : undefined;
}

function checkCancellable(state: PaymentState, { amount, account }: DecisionInput): Refusal | undefined {
  const mayBeRemitted = account.variants.cancelAfterRemittance === 'accepted';
  const isCaptured = state.standing === 'captured' && (mayBeRemitted || !state.isRemitted) && state.refunded === 0;
  if (!isCaptured && state.standing !== 'authorized') return WRONG_STATE;
  return amount === (isCaptured ? state.captured : state.authorized) ? undefined : WRONG_AMOUNT;
}

function checkRefundable(state: PaymentState, { amount, account }: DecisionInput): Refusal | undefined {
  if (state.standing !== 'captured' && state.standing !== 'refunded') return WRONG_STATE;
  return amount > state.refundable ? refuseAmount(account.variants.refundAbove) : undefined;
}

/** What each operation requires of the state of its payment, and what it does. See docs/protocol.md#section-3. */
export const OPERATION_HANDLERS: Record<Does, OperationHandler> = {
  authorize: startsPayment('authorization', { asksIssuer: true }),
  pay: startsPayment('payment', { asksIssuer: true }),
  credit: startsPayment('credit', { asksIssuer: false }),
  force: startsPayment('forced', { asksIssuer: false }),
  capture: addsTransaction(() => 'capture', checkCapturable, byVariant('captureNumbers')),
  // A cancel that is accepted after the remittance is a refund. See docs/protocol.md#section-10.
  cancel: addsTransaction((state) => (state.isRemitted ? 'refund' : 'cancel'), checkCancellable, byVariant('cancelNumbers')),
  changeAmount: addsTransaction(() => 'amount-change', checkAuthorized, newNumbers),
  refund: addsTransaction(() => 'refund', checkRefundable, byVariant('refundNumbers')),
  find: {
    asksIssuer: false,
    checkState: acceptAnyState,
    apply: (input) => {
      const payment = namedPayment(input);
      return existingResult(payment, payment.transactions[0]);
    },
  },
  inquire: {
    asksIssuer: false,
    checkState: acceptAnyState,
    apply: (input) => {
      const payment = namedPayment(input);
      const numtrans = tenDigits(input.question.get('NUMTRANS'));
      const transaction = payment.transactions.find(({ NUMTRANS }) => NUMTRANS === numtrans) ?? payment.transactions[0];
      const state = stateOf(input);
      const isRefund = transaction.kind === 'refund' && input.account.variants.refundStatus === 'refund';
      const STATUS = isRefund ? STATUSES.refunded : state.STATUS;
      return { ...existingResult(payment, transaction), STATUS, REMISE: remiseOf(payment, state, transaction, input.now) };
    },
  },
  register: savesSubscriber(),
  modify: savesSubscriber(),
  unsubscribe: {
    asksIssuer: false,
    checkState: acceptAnyState,
    apply: ({ account, question }) => ({
      numbers: NO_NUMBERS,
      AUTORISATION: '',
      card: NO_CARD,
      facts: [{ fact: 'no-subscriber', account: account.id, REFABONNE: question.get('REFABONNE') }],
      findings: [],
    }),
  },
};
