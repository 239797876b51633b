import { encodeForm } from '../../contracts/index.js';
import { CARD, HEAD } from '../support/question.js';
import { postHead } from '../support/raw-http.js';

/** The body of a payment with NUMQUESTION 1. */
export const ORDER = encodeForm(
  Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' }),
);

/** Head and body of this payment's request. */
export const QUESTION = [postHead({ 'Content-Length': ORDER.length, 'Content-Type': 'application/x-www-form-urlencoded' }), ORDER] as const;
