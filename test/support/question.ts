import type { PaymentInput } from '../../simulator/index.js';

/** Variables of a request or a reply. */
export type Variables = Readonly<Record<string, string>>;

/** The published test card whose payments are accepted, as a question contains it. */
export const CARD: Variables = { PORTEUR: '1111222233334444', DATEVAL: '1299', CVV: '123' };

/** The variables that every question of the test account needs, without NUMQUESTION. DATEQ is the day of {@link NOON}. */
export const HEAD: Variables = { VERSION: '00104', SITE: '1999888', RANG: '32', CLE: '1999888I', DATEQ: '10062026' };

/** The time of the tests' clocks: noon in Paris on an ordinary day. */
export const NOON = '2026-06-10T12:00';

/** Returns the numbers of a reply, for a later question that refers to the transaction. */
export function numbersOf(reply: Variables): Variables {
  return { NUMTRANS: reply.NUMTRANS ?? '', NUMAPPEL: reply.NUMAPPEL ?? '' };
}

/** A payment of 10.00 EUR with the accepted test card. */
export const PAY: Variables = { ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' };

/** A payment that was made on Paybox System's hosted page. */
export const HOSTED = {
  SITE: '1999888',
  RANG: '32',
  NUMTRANS: '42',
  NUMAPPEL: '43',
  MONTANT: 1000,
  DEVISE: '978',
  REFERENCE: 'hosted',
  status: 'captured',
} as const satisfies PaymentInput;
