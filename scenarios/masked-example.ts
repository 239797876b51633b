import { isCardShaped, maskCard, maskField } from '../contracts/index.js';

/** A value of an example's row as it may be shown: whatever has the length of a card number is masked. */
export function maskedExample(name: string, value: string): string {
  return isCardShaped(value) ? maskCard(value) : maskField(name, value);
}
