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
