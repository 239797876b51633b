import { TEST_CARDS } from '../../contracts/index.js';
import type { JournalEntry } from '../journal/entry.js';
import type { Formats } from './format.js';

/** The value a request carried; empty where it did not. */
export function sentValue({ request }: Pick<JournalEntry, 'request'>, name: string): string {
  return request.find(([sent]) => sent === name)?.[1] ?? '';
}

/** The amount of a request for people to read; as it was sent where it is none. */
export function sentAmount(entry: Pick<JournalEntry, 'request'>, formats: Formats): string {
  const [amount, currency] = [sentValue(entry, 'MONTANT'), sentValue(entry, 'DEVISE')];
  return /^\d{1,10}$/.test(amount) ? formats.amount(Number(amount), currency || '978') : amount;
}

/** What is shown of the card a request carried; empty where it carried a token or none. */
export function sentCard(entry: Pick<JournalEntry, 'request'>): string {
  const value = sentValue(entry, 'PORTEUR');
  return value.includes('*') ? value : '';
}

/** Whether a value was masked before it was kept. */
export function isMasked(name: string, value: string): boolean {
  return value === '***' || (name === 'PORTEUR' && value.includes('*'));
}

/** A good card, with an expiry that is far off. */
export const USUAL_CARD = { PORTEUR: TEST_CARDS[0]?.PORTEUR ?? '', DATEVAL: '1249', CVV: TEST_CARDS[0]?.CVV ?? '' } as const;
