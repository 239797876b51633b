import { maskCard, maskCardsIn } from '../contracts/index.js';

const HIDDEN: ReadonlySet<string> = new Set(['CVV', 'CLE']);

/** A variable as it may be shown: card numbers masked, CVV and key left out. */
export function maskedValue(name: string, value: string): string {
  if (HIDDEN.has(name.toUpperCase()) && value !== '') return '***';
  if (name.toUpperCase() === 'PORTEUR' && /\d{13}/.test(value)) return maskCard(value);
  return maskCardsIn(value);
}

/** A value of an example's row as it may be shown: whatever has the length of a card number is masked. */
export function maskedExample(name: string, value: string): string {
  return /^\d{13,19}$/.test(value) ? maskCard(value) : maskedValue(name, value);
}
