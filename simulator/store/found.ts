import type { Found } from '../engine/found.js';
import { NO_NUMBERS } from '../engine/payment.js';

/** What is found where nothing is looked up. */
export const NOTHING_FOUND: Found = { next: NO_NUMBERS, questionTypes: [], sameReference: [], cardSeen: false };
