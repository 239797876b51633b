import type { Subscriber } from '../engine/subscriber.js';
import { isCodeOrNull, isFiveDigitsOrNull, isInstant, isText, rowCheck } from './row-checks.js';
import { readForced } from './transaction-rows.js';

/** A row of `subscribers`. */
export interface SubscriberRow {
  readonly account: string;
  readonly REFABONNE: string;
  readonly PORTEUR: string;
  readonly card_mask: string;
  readonly card_sha1: string;
  readonly TYPECARTE: string;
  readonly PAYS: string;
  readonly DATEVAL: string;
  readonly registered_at: number;
  readonly forced_code: string | null;
  readonly forced_type: string | null;
}

/** The columns of `subscribers` except `gateway`, in the order of {@link subscriberValues}. */
export const SUBSCRIBER_COLUMNS = [
  'account',
  'REFABONNE',
  'PORTEUR',
  'card_mask',
  'card_sha1',
  'TYPECARTE',
  'PAYS',
  'DATEVAL',
  'registered_at',
  'forced_code',
  'forced_type',
] as const satisfies readonly (keyof SubscriberRow)[];

/** Returns the column values of a subscriber. */
export function subscriberValues({ account, REFABONNE, PORTEUR, card, DATEVAL, registeredAt, forced }: Subscriber): unknown[] {
  const values = [account, REFABONNE, PORTEUR, card.mask, card.sha1, card.TYPECARTE, card.PAYS, DATEVAL, registeredAt];
  return [...values, forced?.code ?? null, forced?.TYPE ?? null];
}

const checkSubscriber = rowCheck('subscribers', {
  account: isText,
  REFABONNE: isText,
  PORTEUR: isText,
  card_mask: isText,
  card_sha1: isText,
  TYPECARTE: isText,
  PAYS: isText,
  DATEVAL: isText,
  registered_at: isInstant,
  forced_code: isCodeOrNull,
  forced_type: isFiveDigitsOrNull,
});

/** Reads a subscriber from its row. */
export function readSubscriber(row: SubscriberRow): Subscriber {
  checkSubscriber(row);
  const { account, REFABONNE, PORTEUR, TYPECARTE, PAYS, DATEVAL } = row;
  return {
    account,
    REFABONNE,
    PORTEUR,
    card: { mask: row.card_mask, sha1: row.card_sha1, TYPECARTE, PAYS },
    DATEVAL,
    registeredAt: row.registered_at,
    ...readForced(row.forced_code, row.forced_type),
  };
}
