import type { Evidence } from './annotations.js';

/** A published test card. See docs/protocol.md#section-6. */
export interface TestCard {
  readonly PORTEUR: string;
  readonly CVV: string;
  /** How the gateway answers: accepted, or refused with 00004 because the Luhn digit is wrong. */
  readonly outcome: 'accepted' | 'luhn';
  /** TYPECARTE of the reply. */
  readonly TYPECARTE: string;
  /** PAYS of the reply. `???`: unknown. */
  readonly PAYS: string;
  /** Whether the card is enrolled in 3-D Secure. */
  readonly enrolled: boolean;
  readonly note: string;
  readonly evidence: Evidence;
}

const card = (PORTEUR: string, TYPECARTE: string, PAYS: string, note: string, more: Partial<TestCard> = {}): TestCard => ({
  PORTEUR,
  CVV: '123',
  outcome: 'accepted',
  TYPECARTE,
  PAYS,
  enrolled: false,
  note,
  evidence: 'O',
  ...more,
});

/** The published test cards. */
export const TEST_CARDS: readonly TestCard[] = [
  card('1111222233334444', 'CB', '???', 'accepted'),
  card('4012001037141112', 'cb2a5.2', 'USA', 'accepted; 3-D Secure enrolled', { enrolled: true }),
  card('4012001038443335', 'VISA', 'USA', 'accepted; not enrolled'),
  card('5555555555554444', 'MASTERCARD', 'USA', 'accepted, Mastercard', { evidence: 'D' }),
  card('4975660000000004', 'VISA', 'FRA', 'accepted'),
  card('4970100000025102', 'VISA', 'FRA', 'accepted'),
  card('1111222233334445', 'CB', '???', 'Luhn wrong: 00004', { outcome: 'luhn' }),
  card('1111222233335555', 'CB', '???', 'Luhn wrong: 00004', { outcome: 'luhn' }),
  card('4012001037141113', 'VISA', 'USA', 'Luhn wrong: 00004', { outcome: 'luhn' }),
  card('9999999999999999', 'CB', '???', 'Luhn wrong: 00004', { outcome: 'luhn' }),
];

const BY_NUMBER: ReadonlyMap<string, TestCard> = new Map(TEST_CARDS.map((entry) => [entry.PORTEUR, entry]));

const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^4/, 'VISA'],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 'MASTERCARD'],
  [/^3[47]/, 'AMEX'],
  [/^1/, 'CB'],
];

/**
 * What the gateway reports about a card: type, country, 3-D Secure enrolment. The type of a card that is not published is inferred from
 * its first digits.
 */
export function cardTraits(porteur: string): Pick<TestCard, 'TYPECARTE' | 'PAYS' | 'enrolled'> {
  const known = BY_NUMBER.get(porteur);
  if (known) return known;
  const brand = BRANDS.find(([pattern]) => pattern.test(porteur));
  return { TYPECARTE: brand?.[1] ?? 'CB', PAYS: '???', enrolled: false };
}
