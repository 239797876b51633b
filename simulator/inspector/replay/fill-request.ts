import { accountId, magicCard, maskCard, RESPONSE_CODE_BY_CODE, SUCCESS, TEST_ACCOUNTS, TEST_CARDS } from '../../../contracts/index.js';
import type { JournalEntry } from '../../journal/entry.js';
import { isMasked, requestValue } from '../request-values.js';

/** An accepted test card that expires in 2049. */
export const DEFAULT_CARD = { PORTEUR: TEST_CARDS[0]?.PORTEUR ?? '', DATEVAL: '1249', CVV: TEST_CARDS[0]?.CVV ?? '' } as const;

/** A request that can be sent again. */
export interface FilledRequest {
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** The names of the variables whose values are not those that were sent. */
  readonly filled: readonly string[];
  /** Whether the request was signed and its HMAC is omitted here. */
  readonly isUnsigned: boolean;
}

/** Returns the published test card that a mask matches, or {@link DEFAULT_CARD} if it matches none. */
export function cardOfMask(mask: string, code: string): string {
  const magic = code !== SUCCESS && RESPONSE_CODE_BY_CODE.has(code) ? [magicCard(code)] : [];
  const published = TEST_CARDS.map(({ PORTEUR }) => PORTEUR);
  return [...magic, ...published].find((card) => maskCard(card) === mask) ?? DEFAULT_CARD.PORTEUR;
}

function keyOf(entry: JournalEntry): string {
  const id = accountId(requestValue(entry, 'SITE'), requestValue(entry, 'RANG'));
  const account = TEST_ACCOUNTS.find(({ SITE, RANG, CLE }) => CLE !== '' && accountId(SITE, RANG) === id);
  return account?.CLE ?? TEST_ACCOUNTS[0]?.CLE ?? '';
}

const FILLERS: Readonly<Record<string, (entry: JournalEntry, value: string) => string>> = {
  PORTEUR: (entry, value) => cardOfMask(value, entry.CODEREPONSE),
  CVV: () => DEFAULT_CARD.CVV,
  CLE: keyOf,
};

/**
 * Returns the request of an exchange with the values that the journal does not store (card number, CVV, CLE) taken from the published test
 * account and cards. Returns undefined if the body was not a form.
 */
export function fillRequest(entry: JournalEntry): FilledRequest | undefined {
  if (entry.request.length === 0 || entry.request.some(([name]) => name === '(body)')) return undefined;
  const sent = entry.request.filter(([name]) => name !== '(more)' && name !== 'HASH' && name !== 'HMAC');
  const isUnsigned = entry.request.some(([name]) => name === 'HMAC');
  const filled: string[] = [];
  const variables = sent.map(([name, value]): readonly [string, string] => {
    if (!isMasked(name, value) || !Object.hasOwn(FILLERS, name)) return [name, value];
    filled.push(name);
    return [name, FILLERS[name]?.(entry, value) ?? value];
  });
  if (isUnsigned && requestValue(entry, 'CLE') === '') {
    filled.push('CLE');
    variables.push(['CLE', keyOf(entry)]);
  }
  return { variables, filled, isUnsigned };
}
