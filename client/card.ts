/** A card as the customer gives it. */
export interface Card {
  /** Digits, without spaces. */
  readonly number: string;
  /** `MMYY`. */
  readonly expiry: string;
  readonly cvv?: string | undefined;
}

/** A subscriber's card: the token that a registration answered, in the place of the number. */
export interface TokenCard {
  readonly token: string;
  /** `MMYY`. */
  readonly expiry: string;
  readonly cvv?: string | undefined;
}

/** How the customer's order came in, as ACTIVITE says it. Protocol sheet, section 2. */
export const ACTIVITY_CODES = {
  unspecified: '020',
  phone: '021',
  mail: '022',
  minitel: '023',
  internet: '024',
  recurring: '027',
} as const;

/** How the customer's order came in. */
export type Activity = keyof typeof ACTIVITY_CODES;
