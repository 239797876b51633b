import { type Does, type Status, SUCCESS, tenDigits } from '../../contracts/index.js';
import { parisDay, remittanceOf } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import type { Fact } from './fact.js';
import { type Finding, finding } from './finding.js';
import { authorizationNumber, cardOf, laterCode, NO_CARD, newPayment, transactionOf } from './new-payment.js';
import {
  type CardTrace,
  isRemitted,
  NO_NUMBERS,
  type Numbers,
  type Payment,
  type PaymentState,
  paymentState,
  remiseNumber,
  type Transaction,
  type TransactionKind,
} from './payment.js';
import { type Refusal, refuse, withReason } from './refusal.js';
import { makeToken, type Subscriber } from './subscriber.js';

/** What an operation brings about: the reply's own parts and the facts to write. */
export interface Effect {
  readonly numbers: Numbers;
  readonly AUTORISATION: string;
  readonly PORTEUR: string;
  readonly card: CardTrace;
  readonly STATUS?: Status | undefined;
  readonly REMISE?: string | undefined;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
}

interface OperationEffect {
  /** Whether the cardholder's bank is asked. */
  readonly asksIssuer: boolean;
  /** Why the state of what was found forbids the operation. */
  readonly refuses: (input: DecisionInput) => Refusal | undefined;
  readonly apply: (input: DecisionInput) => Effect;
}

const never = (): undefined => undefined;

// checkFound has run: a payment or a reference is there wherever the operation needs one.
function named(input: DecisionInput): Payment {
  const payment = input.found.payment ?? input.found.existing;
  if (!payment) throw new Error(`${input.operation.TYPE} reached its effect without a payment.`);
  return payment;
}

const stateOf = (input: DecisionInput): PaymentState => paymentState(named(input), input.now);

const WRONG_STATE = refuse('00015', 'Transaction dans un état qui interdit cette opération');
const WRONG_AMOUNT = refuse('00011');

const DESCRIBED: Record<PaymentState['standing'], (state: PaymentState) => string> = {
  authorized: ({ authorized }) => `authorized for ${authorized}`,
  expired: () => 'authorized, but the authorization has expired',
  captured: ({ captured, refundable, isRemitted: remitted }) =>
    `captured for ${captured}, of which ${refundable} can be refunded${remitted ? ', and remitted' : ''}`,
  cancelled: () => 'cancelled',
  refunded: ({ refunded }) => `refunded whole (${refunded})`,
  credited: () => 'a credit',
  refused: () => 'refused',
};

function stands(refusal: Refusal | undefined, state: PaymentState, { operation, amount }: DecisionInput): Refusal | undefined {
  // That has a finding of its own.
  if (operation.does === 'cancel' && state.isRemitted) return refusal;
  return (
    refusal &&
    withReason(refusal, 'state-refused', `${operation.title.en} of ${amount}: the payment is ${DESCRIBED[state.standing](state)}.`)
  );
}

/** A new payment whose first transaction is of this kind. */
function opens(kind: TransactionKind, asksIssuer: boolean): OperationEffect {
  return {
    asksIssuer,
    refuses: never,
    apply: (input) => {
      const AUTORISATION = (kind === 'forced' && input.question.get('AUTORISATION')) || authorizationNumber(input);
      return opened(input, transactionOf(input, kind, { CODEREPONSE: SUCCESS, AUTORISATION }));
    },
  };
}

function opened(input: DecisionInput, transaction: Transaction): Effect {
  const card = cardOf(input);
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

/** A further transaction of this kind on the payment that was named. */
function continues(
  kind: TransactionKind,
  refuses: (state: PaymentState, input: DecisionInput) => Refusal | undefined,
  findings: (state: PaymentState, input: DecisionInput) => Finding[] = () => [],
): OperationEffect {
  return {
    asksIssuer: false,
    refuses: (input) => {
      const state = stateOf(input);
      return stands(refuses(state, input), state, input);
    },
    apply: (input) => {
      const payment = named(input);
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
        findings: findings(stateOf(input), input),
      };
    },
  };
}

/** Keeps the subscriber that a registration or a modification makes. */
function keepsSubscriber(token: (input: DecisionInput) => string): OperationEffect {
  const authorization = opens('authorization', true);
  return {
    ...authorization,
    apply: (input) => {
      const effect = authorization.apply(input);
      const { account, question, now, found } = input;
      const forced = laterCode(input);
      const subscriber: Subscriber = {
        account: account.id,
        REFABONNE: question.get('REFABONNE'),
        PORTEUR: token(input),
        card: effect.card,
        DATEVAL: question.get('DATEVAL'),
        registeredAt: found.subscriber?.registeredAt ?? now,
        ...(forced && { forced }),
      };
      return { ...effect, PORTEUR: subscriber.PORTEUR, facts: [...effect.facts, { fact: 'subscriber', subscriber }] };
    },
  };
}

function currencyFinding(_: PaymentState, input: DecisionInput): Finding[] {
  const [{ DEVISE }] = named(input).transactions;
  const sent = input.question.get('DEVISE');
  return sent === DEVISE ? [] : [finding('currency-differs', `DEVISE=${sent}, but the payment is in ${DEVISE}.`)];
}

/** The REMISE of the transaction, or where it is itself never remitted (an authorization), of its payment. */
function remise(payment: Payment, state: PaymentState, transaction: Transaction, now: number): string | undefined {
  if (state.standing === 'cancelled') return undefined;
  if (transaction.kind === 'refund' || transaction.kind === 'credit') {
    return isRemitted(transaction, now) ? remiseNumber(payment.account, remittanceOf(transaction.at, transaction.DIFFERE).date) : undefined;
  }
  return state.isRemitted && state.remittance ? remiseNumber(payment.account, state.remittance.date) : undefined;
}

const answersWith = (payment: Payment, transaction: Transaction): Effect => ({
  numbers: transaction,
  AUTORISATION: transaction.AUTORISATION,
  PORTEUR: '',
  card: payment.card,
  facts: [],
  findings: [],
});

const REFUSES_CAPTURE = (state: PaymentState, { amount }: DecisionInput): Refusal | undefined => {
  if (state.standing !== 'authorized') return WRONG_STATE;
  return amount > state.authorized ? WRONG_AMOUNT : undefined;
};

const REFUSES_CANCEL = (state: PaymentState, { amount }: DecisionInput): Refusal | undefined => {
  const isCaptured = state.standing === 'captured' && !state.isRemitted && state.refunded === 0;
  if (!isCaptured && state.standing !== 'authorized') return WRONG_STATE;
  return amount === (isCaptured ? state.captured : state.authorized) ? undefined : WRONG_AMOUNT;
};

const REFUSES_AMOUNT_CHANGE = (state: PaymentState, { amount }: DecisionInput): Refusal | undefined => {
  if (state.standing !== 'authorized') return WRONG_STATE;
  return amount > state.authorized ? WRONG_AMOUNT : undefined;
};

const REFUSES_REFUND = (state: PaymentState, { amount }: DecisionInput): Refusal | undefined => {
  if (state.standing !== 'captured' && state.standing !== 'refunded') return WRONG_STATE;
  return amount > state.refundable ? WRONG_AMOUNT : undefined;
};

/** What each operation does, and what its payment's state must be. Protocol sheet, section 3. */
export const EFFECTS: Record<Does, OperationEffect> = {
  authorize: opens('authorization', true),
  pay: opens('payment', true),
  credit: opens('credit', false),
  force: opens('forced', false),
  capture: continues('capture', REFUSES_CAPTURE, currencyFinding),
  cancel: continues('cancel', REFUSES_CANCEL, currencyFinding),
  changeAmount: continues('amount-change', REFUSES_AMOUNT_CHANGE, currencyFinding),
  refund: continues('refund', REFUSES_REFUND, currencyFinding),
  find: {
    asksIssuer: false,
    refuses: never,
    apply: (input) => {
      const payment = named(input);
      return answersWith(payment, payment.transactions[0]);
    },
  },
  inquire: {
    asksIssuer: false,
    refuses: never,
    apply: (input) => {
      const payment = named(input);
      const numtrans = tenDigits(input.question.get('NUMTRANS'));
      const transaction = payment.transactions.find(({ NUMTRANS }) => NUMTRANS === numtrans) ?? payment.transactions[0];
      const state = stateOf(input);
      return { ...answersWith(payment, transaction), STATUS: state.STATUS, REMISE: remise(payment, state, transaction, input.now) };
    },
  },
  register: keepsSubscriber(({ account, question, found }) => makeToken(account.id, question.get('REFABONNE'), found.next.NUMTRANS)),
  modify: keepsSubscriber(({ found }) => found.subscriber?.PORTEUR ?? ''),
  unsubscribe: {
    asksIssuer: false,
    refuses: never,
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
