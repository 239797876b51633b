import { maskCard, maskField } from '../contracts/index.js';

/** A value of an example's row as it may be shown: whatever has the length of a card number is masked. */
export function maskedExample(name: string, value: string): string {
  return /^\d{13,19}$/.test(value) ? maskCard(value) : maskField(name, value);
}
