import { isLuhn } from './luhn.js';

/**
 * A card number as it may be shown and kept: `111122******4444`.
 * A value too short to keep ten digits back is masked whole.
 */
export function maskCard(porteur: string): string {
  return porteur.length < 13 ? '*'.repeat(porteur.length) : `${porteur.slice(0, 6)}${'*'.repeat(porteur.length - 10)}${porteur.slice(-4)}`;
}

/** Masks every run of 13 to 19 digits (spaces and hyphens allowed between them) that ends in its Luhn digit. */
export function maskCardsIn(text: string): string {
  return text.replace(/(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, (run) => {
    const digits = run.replace(/\D/g, '');
    return isLuhn(digits) ? maskCard(digits) : run;
  });
}
