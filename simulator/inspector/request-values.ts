import { HIDDEN_VALUE, operationOf } from '../../contracts/index.js';
import type { JournalEntry } from '../journal/entry.js';
import type { Formats } from './format.js';
import type { PageContext } from './page-context.js';

/** Returns the value of a variable of the request, or an empty string if the request does not have it. */
export function requestValue({ request }: Pick<JournalEntry, 'request'>, name: string): string {
  return request.find(([sent]) => sent === name)?.[1] ?? '';
}

/** Returns the MONTANT of the request as a formatted amount, or unchanged if it is not a number of minor units. */
export function requestAmount(entry: Pick<JournalEntry, 'request'>, formats: Formats): string {
  const [amount, currency] = [requestValue(entry, 'MONTANT'), requestValue(entry, 'DEVISE')];
  return /^\d{1,10}$/.test(amount) ? formats.amount(Number(amount), currency || '978') : amount;
}

/** Returns the masked card number of the request, or an empty string if it has a token or neither. */
export function requestCard(entry: Pick<JournalEntry, 'request'>): string {
  const value = requestValue(entry, 'PORTEUR');
  return value.includes('*') ? value : '';
}

/** Returns whether the journal has a mask instead of the value that was sent. */
export function isMasked(name: string, value: string): boolean {
  return value === HIDDEN_VALUE || (name === 'PORTEUR' && value.includes('*'));
}

/** Returns the title of the operation of an exchange, or a text that says it has none. */
export function operationTitle({ language, t }: Pick<PageContext, 'language' | 't'>, { TYPE }: Pick<JournalEntry, 'TYPE'>): string {
  return operationOf(TYPE)?.title[language] ?? t.none.operation;
}
