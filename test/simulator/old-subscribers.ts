import { cardSha1 } from '../../contracts/index.js';

/** The card of all subscribers of {@link insertSubscribers}. */
export const OLD_CARD = '5555555555554444';

const ACCOUNT = '1999888/032';

/** The tokens that the gateway with id 1 has for cards after the migration: of several subscribers, that of the first. */
export const MIGRATED_TOKENS = [[ACCOUNT, cardSha1(OLD_CARD), 'FirstTokenA']];

/**
 * Returns SQL that inserts subscribers for the gateways with the ids 1 and 2, in the format of schema versions 1 to 3. Subscribers with the
 * same card have different tokens, and one has no card.
 */
export function insertSubscribers(): string {
  const rows = [
    [1, 'second', 'SecondToken', cardSha1(OLD_CARD), 2000],
    [1, 'first', 'FirstTokenA', cardSha1(OLD_CARD), 1000],
    [1, 'none', 'NoCardToken', '', 500],
    [2, 'first', 'OtherTokenB', cardSha1(OLD_CARD), 3000],
  ] as const;
  const values = rows.map(
    ([gateway, REFABONNE, PORTEUR, sha1, at]) =>
      `(${gateway}, '${ACCOUNT}', '${REFABONNE}', '${PORTEUR}', '555555******4444', '${sha1}', 'MASTERCARD', 'USA', '1299', ${at})`,
  );
  return `INSERT INTO subscribers (gateway, account, REFABONNE, PORTEUR, card_mask, card_sha1, TYPECARTE, PAYS, DATEVAL, registered_at)
    VALUES ${values.join(', ')};`;
}
