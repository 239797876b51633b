import { accountId, magicCard, maskCard, RESPONSE_CODE_BY_CODE, SUCCESS, TEST_ACCOUNTS, TEST_CARDS } from '../../../contracts/index.js';
import type { JournalEntry } from '../../journal/entry.js';
import { isMasked, sentValue, USUAL_CARD } from '../entry-facts.js';

/** A request that can be sent again, with what was filled in where nothing was kept. */
export interface FilledIn {
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** Variables whose values are not those that were sent. */
  readonly filled: readonly string[];
  /** Whether a signature was left out. */
  readonly isUnsigned: boolean;
}

/** The published card that a mask may stand for; the usual one where it is none of them. */
export function cardOfMask(mask: string, code: string): string {
  const magic = code !== SUCCESS && RESPONSE_CODE_BY_CODE.has(code) ? [magicCard(code)] : [];
  const published = TEST_CARDS.map(({ PORTEUR }) => PORTEUR);
  return [...magic, ...published].find((card) => maskCard(card) === mask) ?? USUAL_CARD.PORTEUR;
}

function keyOf(entry: JournalEntry): string {
  const id = accountId(sentValue(entry, 'SITE'), sentValue(entry, 'RANG'));
  const account = TEST_ACCOUNTS.find(({ SITE, RANG, CLE }) => CLE !== '' && accountId(SITE, RANG) === id);
  return account?.CLE ?? TEST_ACCOUNTS[0]?.CLE ?? '';
}

const FILLERS: Readonly<Record<string, (entry: JournalEntry, value: string) => string>> = {
  PORTEUR: (entry, value) => cardOfMask(value, entry.CODEREPONSE),
  CVV: () => USUAL_CARD.CVV,
  CLE: keyOf,
};

/** A request with values of the published test account and cards where its own are not kept; undefined: it was no form. */
export function fillIn(entry: JournalEntry): FilledIn | undefined {
  if (entry.request.length === 0 || entry.request.some(([name]) => name === '(body)')) return undefined;
  const sent = entry.request.filter(([name]) => name !== '(more)' && name !== 'HASH' && name !== 'HMAC');
  const isUnsigned = entry.request.some(([name]) => name === 'HMAC');
  const filled: string[] = [];
  const pairs = sent.map(([name, value]): readonly [string, string] => {
    if (!isMasked(name, value) || !Object.hasOwn(FILLERS, name)) return [name, value];
    filled.push(name);
    return [name, FILLERS[name]?.(entry, value) ?? value];
  });
  if (isUnsigned && sentValue(entry, 'CLE') === '') {
    filled.push('CLE');
    pairs.push(['CLE', keyOf(entry)]);
  }
  return { pairs, filled, isUnsigned };
}
