import { cardSha1, cardTraits, type Magic, maskCard, readMagicCard, TEST_CARDS } from '../../contracts/index.js';
import type { DecisionInput } from './decision-input.js';
import type { Fact } from './fact.js';
import { authorizationEnd, type CardTrace, type Numbers, type Transaction, type TransactionKind } from './payment.js';

/** No card: a subscriber's deletion, a payment born elsewhere. */
export const NO_CARD: CardTrace = { mask: '', sha1: '', TYPECARTE: '', PAYS: '' };

function makeTrace(porteur: string): CardTrace {
  const { TYPECARTE, PAYS } = cardTraits(porteur);
  return { mask: maskCard(porteur), sha1: cardSha1(porteur), TYPECARTE, PAYS };
}

// The published cards, which nearly every question is paid with: what is kept of them is made once, and held once.
const OF_TEST_CARDS = new Map(TEST_CARDS.map(({ PORTEUR }) => [PORTEUR, makeTrace(PORTEUR)]));

/** What is kept of a card number. */
export function cardTraceOf(porteur: string): CardTrace {
  return OF_TEST_CARDS.get(porteur) ?? makeTrace(porteur);
}

/** The card a question pays with: its own, or its subscriber's. */
export function cardOf({ operation, question, found }: DecisionInput): CardTrace {
  if (operation.porteur === 'card') return cardTraceOf(question.get('PORTEUR'));
  return found.subscriber?.card ?? NO_CARD;
}

/** The code a card asks for on a later operation than the one that carries it. */
export function laterCode({ operation, question, found }: DecisionInput): Magic | undefined {
  const magic = operation.porteur === 'card' ? readMagicCard(question.get('PORTEUR')) : found.subscriber?.forced;
  return magic?.TYPE !== undefined && magic.TYPE !== operation.TYPE ? magic : undefined;
}

/**
 * AUTORISATION of a success: `XXXXXX` as pre-production answers, or six digits. Protocol sheet, section 1.
 */
export function authorizationNumber({ account, found }: DecisionInput): string {
  return account.authorizationNumbers === 'test' ? 'XXXXXX' : String((Number(found.next.NUMAPPEL) * 7919) % 1_000_000).padStart(6, '0');
}

function differeOf({ question }: DecisionInput): number {
  const sent = question.get('DIFFERE');
  return /^\d{1,3}$/.test(sent) ? Number(sent) : 0;
}

/** The transaction a question makes. */
export function transactionOf(
  input: DecisionInput,
  kind: TransactionKind,
  {
    CODEREPONSE,
    AUTORISATION,
    DIFFERE = differeOf(input),
  }: Pick<Transaction, 'CODEREPONSE' | 'AUTORISATION'> & { readonly DIFFERE?: number | undefined },
): Transaction {
  const { question, operation, amount, now, found } = input;
  const { NUMTRANS, NUMAPPEL }: Numbers = found.next;
  return {
    NUMTRANS,
    NUMAPPEL,
    TYPE: operation.TYPE,
    kind,
    MONTANT: amount,
    DEVISE: question.get('DEVISE'),
    at: now,
    NUMQUESTION: question.get('NUMQUESTION'),
    RANG: question.get('RANG'),
    DIFFERE,
    CODEREPONSE,
    AUTORISATION,
  };
}

/** A payment that begins with a transaction, made with a card. */
export function newPayment(input: DecisionInput, transaction: Transaction, card: CardTrace): Fact {
  const { question, account, operation, now } = input;
  const forced = laterCode(input);
  return {
    fact: 'payment',
    payment: {
      id: transaction.NUMTRANS,
      account: account.id,
      REFERENCE: question.get('REFERENCE'),
      REFABONNE: operation.subscriber === 'none' ? '' : question.get('REFABONNE'),
      origin: 'direct',
      card,
      expiresAt: transaction.kind === 'authorization' ? authorizationEnd(now, account.authorizationDays) : 0,
      transactions: [transaction],
      ...(forced && { forced }),
    },
  };
}

/** The payment that is left of a refusal by the issuer: an inquiry finds it as refused. */
export function refusedPayment(input: DecisionInput, code: string): Fact {
  return newPayment(input, transactionOf(input, 'refusal', { CODEREPONSE: code, AUTORISATION: '000000' }), cardOf(input));
}
