import { type Operation, operationBy } from '../contracts/index.js';
import type { SendStep } from './scenario.js';

/** The variables that an earlier step sent and received. */
export interface EarlierStep {
  readonly sent: Readonly<Record<string, string>>;
  readonly reply: Readonly<Record<string, string>>;
}

/** A test card that is accepted. */
export const DEFAULT_CARD = { PORTEUR: '1111222233334444', DATEVAL: '1249', CVV: '123' } as const;

/** The default clock of a scenario: noon in Paris, on a day without a change of the clocks. */
export const DEFAULT_CLOCK = '2026-06-10T12:00';

/** Returns the operation of a step, or undefined if its TYPE is unknown. */
export function operationOfStep({ send }: Pick<SendStep, 'send'>): Operation | undefined {
  return operationBy(send);
}

function cardVariables({ porteur, takes, subscriber }: Operation, on: EarlierStep | undefined): Record<string, string> {
  if (porteur === 'card') return DEFAULT_CARD;
  if (porteur !== 'token' || subscriber === 'none') return {};
  const token = on?.reply.PORTEUR ?? '';
  return { ...(takes.includes('PORTEUR') && { PORTEUR: token, DATEVAL: DEFAULT_CARD.DATEVAL }) };
}

function earlierVariables(operation: Operation, on: EarlierStep): Record<string, string> {
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

/** The variables of a payment, by the variable of RemoteMPI with which the cardholder was authenticated. */
const AUTHENTICATED = { MONTANT: 'Amount', DEVISE: 'Currency', PORTEUR: 'CCNumber', DATEVAL: 'CCExpDate', CVV: 'CVVCode' } as const;

/** The variables of a payment that the cardholder was authenticated for. */
function authenticatedVariables({ porteur }: Operation, { sent, reply }: EarlierStep): Record<string, string> {
  if (porteur !== 'card') return {};
  const known = Object.entries(AUTHENTICATED).flatMap(([name, from]) => (sent[from] === undefined ? [] : [[name, sent[from]]]));
  return { ...Object.fromEntries(known), ...(reply.ID3D !== undefined && { ID3D: reply.ID3D }) };
}

const variablesOf = ({ sent }: EarlierStep) => (sent.IdSession === undefined ? earlierVariables : authenticatedVariables);

/**
 * Returns the variables that a step sends in addition to its `with`: all that its operation takes, with default values.
 *
 * @param on the earlier step whose payment, subscriber or authentication the step uses
 * @param unique the REFERENCE and REFABONNE of the case
 */
export function defaultVariables(
  operation: Operation,
  on: EarlierStep | undefined,
  unique: { reference: string; subscriber: string },
): Record<string, string> {
  const defaults: Record<string, string> = { MONTANT: '1000', DEVISE: '978', REFERENCE: unique.reference, REFABONNE: unique.subscriber };
  const taken = Object.fromEntries(Object.entries(defaults).filter(([name]) => operation.takes.includes(name)));
  return {
    ...taken,
    ...cardVariables(operation, on),
    ...(on && variablesOf(on)(operation, on)),
  };
}
