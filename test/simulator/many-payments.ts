import type { Snapshot } from '../../simulator/index.js';

/** Copies the first payment of a snapshot, with its question number and journal entry, this many times. */
export function copied(snapshot: Snapshot, count: number): Snapshot {
  const { content } = snapshot;
  const [payment, entry, question] = [content.payments[0], content.journal[0], content.questions[0]];
  if (!payment || !entry || !question) throw new Error('The snapshot has no payment.');
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  const id = (n: number): string => String(1_000_000 + n).padStart(10, '0');
  const [first] = payment.transactions;
  return {
    ...snapshot,
    content: {
      ...content,
      sequence: count,
      payments: numbers.map((n) => ({
        ...payment,
        id: id(n),
        REFERENCE: `order-${n}`,
        transactions: [{ ...first, NUMTRANS: id(n), NUMAPPEL: String(50_000_000 + n).padStart(10, '0') }],
      })),
      questions: numbers.map((n) => [question[0], question[1], String(1_000_000 + n), question[3]] as const),
      journal: numbers.map((n) => ({ ...entry, seq: n, REFERENCE: `order-${n}`, payment: id(n) })),
    },
  };
}
