import creditCardType from 'credit-card-type';
import type { Evidence } from './annotations.js';
import { isCardShaped } from './masking.js';

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
  /** The token that the gateway makes of the card. Undefined: not observed. See docs/protocol.md#section-3. */
  readonly token?: string;
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
  card('1111222233334444', 'CB', '???', 'accepted', { token: 'SLDLrcsLMPC' }),
  card('4012001037141112', 'cb2a5.2', 'USA', 'accepted; 3-D Secure enrolled', { enrolled: true }),
  card('4012001038443335', 'VISA', 'USA', 'accepted; not enrolled', { token: 'CMDLpStLLLs' }),
  card('4000000000001000', 'VISA', '???', '3-D Secure 2 without challenge: accepted', { enrolled: true }),
  card('4000000000001091', 'VISA', '???', '3-D Secure 2 with challenge', { enrolled: true }),
  card('4242424242424242', 'VISA', '???', 'accepted on 1999888/99 in 2014; 00157 in 2026', { token: 'SLDLrcsLMPC' }),
  card('5200000000000007', 'MASTERCARD', '???', 'accepted'),
  card('5555555555554444', 'MASTERCARD', 'USA', 'accepted, Mastercard', { evidence: 'D' }),
  card('4975660000000004', 'VISA', 'FRA', 'accepted'),
  card('4970100000025102', 'VISA', 'FRA', 'accepted'),
  card('1111222233334445', 'CB', '???', 'Luhn wrong: 00004', { outcome: 'luhn' }),
  card('1111222233335555', 'CB', '???', 'Luhn wrong: 00004', { outcome: 'luhn' }),
  card('4012001037141113', 'VISA', 'USA', 'Luhn wrong: 00004', { outcome: 'luhn' }),
  card('9999999999999999', 'CB', '???', 'Luhn wrong: 00004', { outcome: 'luhn' }),
];

const BY_NUMBER: ReadonlyMap<string, TestCard> = new Map(TEST_CARDS.map((entry) => [entry.PORTEUR, entry]));

/** TYPECARTE of the schemes whose ranges are published. All other cards are `CB`, the French scheme. */
const SCHEMES: Readonly<Record<string, string>> = {
  visa: 'VISA',
  mastercard: 'MASTERCARD',
  'american-express': 'AMEX',
  'diners-club': 'DINERS',
  jcb: 'JCB',
  maestro: 'MAESTRO',
};

// Of an incomplete number the library returns all schemes that it may become.
const schemeOf = (porteur: string) => (isCardShaped(porteur) ? creditCardType(porteur)[0] : undefined);

/** The number of digits of a card's CVV: 4 for American Express, 3 for the others. */
export function cvvLength(porteur: string): number {
  // The library takes a third of the time of a question, and nearly every question has a published test card.
  return BY_NUMBER.get(porteur)?.CVV.length ?? schemeOf(porteur)?.code.size ?? 3;
}

/** The token of a published test card, or undefined if none was observed. See docs/protocol.md#section-3. */
export function testCardToken(porteur: string): string | undefined {
  return BY_NUMBER.get(porteur)?.token;
}

/**
 * What the gateway reports about a card: type, country, 3-D Secure enrolment. The type of a card that is not published is inferred from
 * its first digits.
 */
export function cardTraits(porteur: string): Pick<TestCard, 'TYPECARTE' | 'PAYS' | 'enrolled'> {
  const known = BY_NUMBER.get(porteur);
  if (known) return known;
  return { TYPECARTE: SCHEMES[schemeOf(porteur)?.type ?? ''] ?? 'CB', PAYS: '???', enrolled: false };
}
