import { type Operation, operationBy } from '../contracts/index.js';
import type { SendStep } from './scenario.js';

/** What is known of an earlier step: what it sent and what came back. */
export interface Earlier {
  readonly sent: Readonly<Record<string, string>>;
  readonly reply: Readonly<Record<string, string>>;
}

/** A good test card, and what goes with it. */
export const USUAL_CARD = { PORTEUR: '1111222233334444', DATEVAL: '1249', CVV: '123' } as const;

/** Where the clock of a scenario stands that does not say: noon in Paris on an ordinary day. */
export const USUAL_CLOCK = '2026-06-10T12:00';

/** The operation a step names; undefined for a TYPE the gateway does not know. */
export function operationOfStep({ send }: Pick<SendStep, 'send'>): Operation | undefined {
  return operationBy(send);
}

function cardVariables({ porteur, takes, subscriber }: Operation, on: Earlier | undefined): Record<string, string> {
  if (porteur === 'card') return USUAL_CARD;
  if (porteur !== 'token' || subscriber === 'none') return {};
  const token = on?.reply.PORTEUR ?? '';
  return { ...(takes.includes('PORTEUR') && { PORTEUR: token, DATEVAL: USUAL_CARD.DATEVAL }) };
}

function earlierVariables(operation: Operation, on: Earlier): Record<string, string> {
  const numbers = { NUMTRANS: on.reply.NUMTRANS ?? '', NUMAPPEL: on.reply.NUMAPPEL ?? '' };
  return {
    ...(operation.finds === 'payment' && numbers),
    ...(operation.finds === 'transaction' && { NUMTRANS: numbers.NUMTRANS }),
    ...(operation.finds === 'reference' && { REFERENCE: on.sent.REFERENCE ?? '' }),
    ...(operation.takes.includes('MONTANT') && operation.finds !== 'nothing' && { MONTANT: on.sent.MONTANT ?? '' }),
    ...(operation.takes.includes('DEVISE') && operation.finds !== 'nothing' && { DEVISE: on.sent.DEVISE ?? '' }),
    ...(operation.subscriber !== 'none' && { REFABONNE: on.sent.REFABONNE ?? '' }),
  };
}

/**
 * What a step sends beside its own `with`: whatever its operation takes, with ordinary values.
 *
 * @param unique the case's own REFERENCE and REFABONNE
 */
export function usualVariables(
  operation: Operation,
  on: Earlier | undefined,
  unique: { reference: string; subscriber: string },
): Record<string, string> {
  const ordinary: Record<string, string> = { MONTANT: '1000', DEVISE: '978', REFERENCE: unique.reference, REFABONNE: unique.subscriber };
  const taken = Object.fromEntries(Object.entries(ordinary).filter(([name]) => operation.takes.includes(name)));
  return { ...taken, ...cardVariables(operation, on), ...(on && earlierVariables(operation, on)) };
}
