import { tenDigits } from '../../contracts/index.js';
import type { Numbers } from '../engine/payment.js';

const FIRST_NUMTRANS = 1_000_000;
const FIRST_NUMAPPEL = 50_000_000;

/** The numbers of the n-th operation, n from 1. */
export function numbersOf(n: number): Numbers {
  return { NUMTRANS: tenDigits(FIRST_NUMTRANS + n), NUMAPPEL: tenDigits(FIRST_NUMAPPEL + n) };
}
