import { maskText, outcomeEntry } from '../../contracts/index.js';
import { type Authentication, outcomeAt } from '../engine/authentication.js';
import { parisTime } from '../engine/calendar.js';
import { type Payment, paymentState, remiseNumber, type Transaction } from '../engine/payment.js';
import type { Subscriber } from '../engine/subscriber.js';
import type { JournalEntry } from '../journal/entry.js';
import { receivedOf } from '../journal/received.js';

const transactionBody = ({ at, ...transaction }: Transaction) => ({ ...transaction, at: parisTime(at) });

/** Returns the JSON of a payment: its properties, the state derived from its chain, and the transactions of the chain. */
export function paymentBody(payment: Payment, now: number) {
  const state = paymentState(payment, now);
  const { remittance, isRemitted } = state;
  return {
    id: payment.id,
    account: payment.account,
    REFERENCE: payment.REFERENCE,
    REFABONNE: payment.REFABONNE,
    origin: payment.origin,
    ID3D: payment.ID3D ?? '',
    PORTEUR: payment.card.mask,
    TYPECARTE: payment.card.TYPECARTE,
    PAYS: payment.card.PAYS,
    DEVISE: payment.transactions[0].DEVISE,
    STATUS: state.STATUS,
    standing: state.standing,
    authorized: state.authorized,
    captured: state.captured,
    refunded: state.refunded,
    refundable: state.refundable,
    remitted: state.remitted,
    expiresAt: payment.expiresAt === 0 ? null : parisTime(payment.expiresAt),
    remittance: remittance
      ? { at: parisTime(remittance.at), done: isRemitted, REMISE: isRemitted ? remiseNumber(payment.account, remittance.date) : null }
      : null,
    transactions: payment.transactions.map(transactionBody),
  };
}

/** Returns the JSON of a Direct Plus subscriber; the card is masked. */
export function subscriberBody({ account, REFABONNE, PORTEUR, card, DATEVAL, registeredAt }: Subscriber) {
  return {
    account,
    REFABONNE,
    PORTEUR,
    card: card.mask,
    TYPECARTE: card.TYPECARTE,
    PAYS: card.PAYS,
    DATEVAL,
    registeredAt: parisTime(registeredAt),
  };
}

/** Returns the JSON of an authentication; the card is masked. `outcome` is empty while the cardholder is asked. */
export function authenticationBody(authentication: Authentication, now: number) {
  const { card, startedAt, expiresAt, endedAt, usedBy, confirmed: _, ...rest } = authentication;
  const outcome = outcomeAt(authentication, now);
  return {
    ...rest,
    URLHttpDirect: maskText(rest.URLHttpDirect),
    URLRetour: maskText(rest.URLRetour),
    CCNumber: card.mask,
    outcome,
    mayPay: outcome !== '' && outcomeEntry(outcome).mayPay,
    startedAt: parisTime(startedAt),
    expiresAt: parisTime(expiresAt),
    endedAt: endedAt === 0 ? null : parisTime(endedAt),
    usedBy: usedBy.map(({ payment, at }) => ({ payment, at: parisTime(at) })),
  };
}

/** Returns the JSON of a journal entry, with what the client received if a fault changed the reply. */
export function entryBody({ at, ...entry }: JournalEntry) {
  const clientReceived = receivedOf(entry.findings);
  return { ...entry, at: parisTime(at), ...(clientReceived !== undefined && { clientReceived }) };
}
