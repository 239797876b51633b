import type { Fact } from '../engine/fact.js';
import type { StoreContent } from './store.js';

/** The facts that make up a content, in an order in which they can be written. */
export function* contentFacts({ payments, subscribers, questions, cards }: StoreContent): Generator<Fact> {
  for (const payment of payments) {
    const [first, ...later] = payment.transactions;
    yield { fact: 'payment', payment: { ...payment, transactions: [first] } };
    for (const transaction of later) yield { fact: 'transaction', payment: payment.id, account: payment.account, transaction };
  }
  for (const subscriber of subscribers) yield { fact: 'subscriber', subscriber };
  for (const [account, day, questionNumber, TYPE] of questions) yield { fact: 'question', account, day, questionNumber, TYPE };
  for (const [account, day, sha1] of cards) yield { fact: 'card', account, day, sha1 };
}
