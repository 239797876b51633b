import { HIDDEN_VALUE, operationOf } from '../../contracts/index.js';
import type { JournalEntry } from '../journal/entry.js';
import { isStepOperation, readStep, type StepOperation } from '../journal/step.js';
import type { Formats } from './format.js';
import type { PageContext } from './page-context.js';

/** Returns the value of a variable of the request, or an empty string if the request does not have it. */
export function requestValue({ request }: Pick<JournalEntry, 'request'>, name: string): string {
  return request.find(([sent]) => sent === name)?.[1] ?? '';
}

/** The names of the amount and the currency, by the operation. */
const AMOUNT_NAMES: ReadonlyMap<string, readonly [amount: string, currency: string]> = new Map([
  ['authenticate', ['Amount', 'Currency']],
  ['checkout', ['PBX_TOTAL', 'PBX_DEVISE']],
]);

/**
 * Returns the amount of a question, or of a request to RemoteMPI or the hosted page, as a formatted amount, or unchanged if it is not a number of
 * minor units.
 */
export function requestAmount(entry: Pick<JournalEntry, 'request' | 'operation'>, formats: Formats): string {
  const names = AMOUNT_NAMES.get(entry.operation) ?? (['MONTANT', 'DEVISE'] as const);
  const [amount = '', currency] = names.map((name) => requestValue(entry, name));
  return /^\d{1,10}$/.test(amount) ? formats.amount(Number(amount), currency || '978') : amount;
}

/** Returns the masked card number of the request, or an empty string if it has a token or neither. */
export function requestCard(entry: Pick<JournalEntry, 'request' | 'operation'>): string {
  const value = requestValue(entry, entry.operation === 'authenticate' ? 'CCNumber' : 'PORTEUR');
  return value.includes('*') ? value : '';
}

/** Returns whether the journal has a mask instead of the value that was sent. */
export function isMasked(name: string, value: string): boolean {
  return value === HIDDEN_VALUE || (name === 'PORTEUR' && value.includes('*'));
}

/** Returns the title of the operation or the step of an exchange, or a text that says it has none. */
export function operationTitle({ language, t }: Pick<PageContext, 'language' | 't'>, entry: JournalEntry): string {
  const step = readStep(entry);
  if (step) return t.steps[step.operation === 'result' && step.isByBrowser ? 'browserResult' : step.operation];
  return operationOf(entry.TYPE)?.title[language] ?? t.none.operation;
}

/** What is shown in place of the TYPE of an exchange that is a step of an authentication or of the hosted page. */
const STEP_TYPES: Readonly<Record<StepOperation, string>> = {
  authenticate: '3DS',
  challenge: '3DS',
  result: '3DS',
  checkout: 'PBX',
  attempt: 'PBX',
  notification: 'PBX',
  unsubscribe: 'PBX',
};

/** Returns the TYPE of an exchange; of a step, a word of the same length or shorter. */
export const typeLabel = ({ TYPE, operation }: Pick<JournalEntry, 'TYPE' | 'operation'>): string =>
  isStepOperation(operation) ? STEP_TYPES[operation] : TYPE;
