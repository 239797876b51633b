/** A card, as the customer enters it. The client does not validate it: the gateway refuses a wrong number or expiry. */
export interface Card {
  /** Digits, without spaces. */
  readonly number: string;
  /** `MMYY`. */
  readonly expiry: string;
  /** The security code on the card, three or four digits. */
  readonly cvv?: string | undefined;
}

/** A subscriber's card: the `token` of the outcome of the registration replaces the card number. */
export interface TokenCard {
  readonly token: string;
  /** `MMYY`. */
  readonly expiry: string;
  /** The security code on the card, three or four digits. */
  readonly cvv?: string | undefined;
}

/** ACTIVITE of each {@link Activity}. See docs/protocol.md#section-2. */
export const ACTIVITY_CODES = {
  unspecified: '020',
  phone: '021',
  mail: '022',
  minitel: '023',
  internet: '024',
  recurring: '027',
} as const;

/** How the merchant received the customer's order (ACTIVITE). */
export type Activity = keyof typeof ACTIVITY_CODES;
