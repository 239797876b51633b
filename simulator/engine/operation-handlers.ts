import { type Does, type Status, SUCCESS, tenDigits } from '../../contracts/index.js';
import { parisDay, remittanceOf } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import type { Fact } from './fact.js';
import { type Finding, finding } from './finding.js';
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
import { makeToken, type Subscriber } from './subscriber.js';

/** The result of an accepted operation: its part of the reply, the facts to write, and its findings. */
export interface OperationResult {
  readonly numbers: Numbers;
  readonly AUTORISATION: string;
  readonly PORTEUR: string;
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
  authorized: ({ authorized }) => `authorized for ${authorized}`,
  expired: () => 'authorized, but the authorization has expired',
  captured: ({ captured, refundable, isRemitted: remitted }) =>
    `captured for ${captured}, of which ${refundable} can be refunded${remitted ? ', and remitted' : ''}`,
  cancelled: () => 'cancelled',
  refunded: ({ refunded }) => `fully refunded (${refunded})`,
  credited: () => 'a credit',
  refused: () => 'refused',
};

function withStateReason(refusal: Refusal | undefined, state: PaymentState, { operation, amount }: DecisionInput): Refusal | undefined {
  // A cancel after the remittance has its own finding, cancel-after-remittance.
  if (operation.does === 'cancel' && state.isRemitted) return refusal;
  return (
    refusal &&
    withReason(refusal, 'state-refused', `${operation.title.en} of ${amount}: the payment is ${STATE_DESCRIPTIONS[state.standing](state)}.`)
  );
}

/** Handles an operation that starts a payment. `kind` is the kind of its first transaction. */
function startsPayment(kind: TransactionKind, { asksIssuer }: Pick<OperationHandler, 'asksIssuer'>): OperationHandler {
  return {
    asksIssuer,
    checkState: acceptAnyState,
    apply: (input) => {
      const AUTORISATION = (kind === 'forced' && input.question.get('AUTORISATION')) || authorizationNumber(input);
      return paymentResult(input, transactionOf(input, kind, { CODEREPONSE: SUCCESS, AUTORISATION }));
    },
  };
}

function paymentResult(input: DecisionInput, transaction: Transaction): OperationResult {
  const card = payingCard(input);
  const { account, now, found } = input;
  const facts: Fact[] = [newPayment(input, transaction, card)];
  if (account.oneCardADay && card.sha1 !== '') facts.push({ fact: 'card', account: account.id, day: parisDay(now), sha1: card.sha1 });
  return {
    numbers: transaction,
    AUTORISATION: transaction.AUTORISATION,
    PORTEUR: found.subscriber?.PORTEUR ?? '',
    card,
    facts,
    findings: [],
  };
}

/** Handles an operation that adds a transaction to the payment that the question names. */
function addsTransaction(
  kind: TransactionKind,
  checkState: (state: PaymentState, input: DecisionInput) => Refusal | undefined,
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
      const DIFFERE = input.question.get('DIFFERE') === '' && kind === 'capture' ? first.DIFFERE : undefined;
      const { AUTORISATION } = first;
      const transaction = transactionOf(input, kind, { CODEREPONSE: SUCCESS, AUTORISATION, DIFFERE });
      return {
        numbers: transaction,
        AUTORISATION,
        PORTEUR: input.found.subscriber?.PORTEUR ?? '',
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
  return sent === DEVISE ? [] : [finding('currency-differs', `DEVISE is ${sent}, but the payment is in ${DEVISE}.`)];
}

/** Handles an operation that authorizes an amount and saves a subscriber with the given token. */
function savesSubscriber(tokenOf: (input: DecisionInput) => string): OperationHandler {
  const authorization = startsPayment('authorization', { asksIssuer: true });
  return {
    ...authorization,
    apply: (input) => {
      const result = authorization.apply(input);
      const { account, question, now, found } = input;
      const forced = deferredMagic(input);
      const subscriber: Subscriber = {
        account: account.id,
        REFABONNE: question.get('REFABONNE'),
        PORTEUR: tokenOf(input),
        card: result.card,
        DATEVAL: question.get('DATEVAL'),
        registeredAt: found.subscriber?.registeredAt ?? now,
        ...(forced && { forced }),
      };
      return { ...result, PORTEUR: subscriber.PORTEUR, facts: [...result.facts, { fact: 'subscriber', subscriber }] };
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
  PORTEUR: '',
  card: payment.card,
  facts: [],
  findings: [],
});

function checkAuthorized(state: PaymentState, { amount }: DecisionInput): Refusal | undefined {
  if (state.standing !== 'authorized') return WRONG_STATE;
  return amount > state.authorized ? WRONG_AMOUNT : undefined;
}

function checkCancellable(state: PaymentState, { amount }: DecisionInput): Refusal | undefined {
  const isCaptured = state.standing === 'captured' && !state.isRemitted && state.refunded === 0;
  if (!isCaptured && state.standing !== 'authorized') return WRONG_STATE;
  return amount === (isCaptured ? state.captured : state.authorized) ? undefined : WRONG_AMOUNT;
}

function checkRefundable(state: PaymentState, { amount }: DecisionInput): Refusal | undefined {
  if (state.standing !== 'captured' && state.standing !== 'refunded') return WRONG_STATE;
  return amount > state.refundable ? WRONG_AMOUNT : undefined;
}

/** What each operation requires of the state of its payment, and what it does. See docs/protocol.md#section-3. */
export const OPERATION_HANDLERS: Record<Does, OperationHandler> = {
  authorize: startsPayment('authorization', { asksIssuer: true }),
  pay: startsPayment('payment', { asksIssuer: true }),
  credit: startsPayment('credit', { asksIssuer: false }),
  force: startsPayment('forced', { asksIssuer: false }),
  capture: addsTransaction('capture', checkAuthorized),
  cancel: addsTransaction('cancel', checkCancellable),
  changeAmount: addsTransaction('amount-change', checkAuthorized),
  refund: addsTransaction('refund', checkRefundable),
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
      return { ...existingResult(payment, transaction), STATUS: state.STATUS, REMISE: remiseOf(payment, state, transaction, input.now) };
    },
  },
  register: savesSubscriber(({ account, question, found }) => makeToken(account.id, question.get('REFABONNE'), found.next.NUMTRANS)),
  modify: savesSubscriber(({ found }) => found.subscriber?.PORTEUR ?? ''),
  unsubscribe: {
    asksIssuer: false,
    checkState: acceptAnyState,
    apply: ({ account, question }) => ({
      numbers: NO_NUMBERS,
      AUTORISATION: '',
      PORTEUR: '',
      card: NO_CARD,
      facts: [{ fact: 'no-subscriber', account: account.id, REFABONNE: question.get('REFABONNE') }],
      findings: [],
    }),
  },
};
