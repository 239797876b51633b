import { cardSha1, cardTraits, type Magic, maskCard, readMagicCard, TEST_CARDS } from '../../contracts/index.js';
import type { Account } from './account.js';
import type { DecisionInput } from './decision-input.js';
import type { Fact } from './fact.js';
import { authorizationEnd, type Numbers, type StoredCard, type Transaction, type TransactionKind } from './payment.js';

/** The stored card of an operation without a card: the deletion of a subscriber, an imported payment. */
export const NO_CARD: StoredCard = { mask: '', sha1: '', TYPECARTE: '', PAYS: '' };

function makeStoredCard(porteur: string): StoredCard {
  const { TYPECARTE, PAYS } = cardTraits(porteur);
  return { mask: maskCard(porteur), sha1: cardSha1(porteur), TYPECARTE, PAYS };
}

// Nearly every question pays with a published test card, so their stored cards are made once and shared.
const STORED_TEST_CARDS = new Map(TEST_CARDS.map(({ PORTEUR }) => [PORTEUR, makeStoredCard(PORTEUR)]));

/** The stored form of a card number. */
export function storedCardOf(porteur: string): StoredCard {
  return STORED_TEST_CARDS.get(porteur) ?? makeStoredCard(porteur);
}

/** The card that a question pays with: that of the question or of its subscriber. */
export function payingCard({ operation, question, found }: DecisionInput): StoredCard {
  if (operation.porteur === 'card') return storedCardOf(question.get('PORTEUR'));
  return found.subscriber?.card ?? NO_CARD;
}

/** The code that the card requests for a later operation, or undefined if it requests none. */
export function deferredMagic({ operation, question, found }: DecisionInput): Magic | undefined {
  const magic = operation.porteur === 'card' ? readMagicCard(question.get('PORTEUR')) : found.subscriber?.forced;
  return magic?.TYPE !== undefined && magic.TYPE !== operation.TYPE ? magic : undefined;
}

/** AUTORISATION of a success: `XXXXXX` as in pre-production, or six digits. See docs/protocol.md#section-1. */
export function authorizationNumber({ authorizationNumbers }: Account, { NUMAPPEL }: Pick<Numbers, 'NUMAPPEL'>): string {
  return authorizationNumbers === 'test' ? 'XXXXXX' : String((Number(NUMAPPEL) * 7919) % 1_000_000).padStart(6, '0');
}

/** AUTORISATION of a refusal other than 00006, by the variant of the account. See docs/protocol.md#section-10. */
export function refusedAuthorization(account: Account | undefined): string {
  return account?.variants.authorizationInRefusal === 'zeros' ? '000000' : '';
}

function differeOf({ question }: DecisionInput): number {
  const sent = question.get('DIFFERE');
  return /^\d{1,3}$/.test(sent) ? Number(sent) : 0;
}

/**
 * Makes the transaction of a question.
 *
 * @param values `DIFFERE` is by default that of the question
 */
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

/** The fact that a payment starts with a transaction. */
export function newPayment(input: DecisionInput, transaction: Transaction, card: StoredCard): Fact {
  const { question, account, operation, now } = input;
  const forced = deferredMagic(input);
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
      ...(input.found.authentication && { ID3D: input.found.authentication.ID3D }),
      ...(forced && { forced }),
    },
  };
}

/** The fact that the issuer refused a payment. An inquiry answers its STATUS `Refusé`. */
export function refusedPayment(input: DecisionInput, code: string): Fact {
  const AUTORISATION = refusedAuthorization(input.account);
  return newPayment(input, transactionOf(input, 'refusal', { CODEREPONSE: code, AUTORISATION }), payingCard(input));
}
