import { isCardShaped, maskCard, RESPONSE_CODE_BY_CODE, type ReplyFields, SUCCESS, tenDigits } from '../../contracts/index.js';
import type { Payment } from '../engine/payment.js';
import type { NewJournalEntry } from './entry.js';
import type { SearchWord } from './search-word.js';

/** More words than anybody needs; each costs time. */
const MOST_WORDS = 6;
const LONGEST_TEXT = 300;

const GROUPED = /(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))/g;
const CARD_IN_GROUPS = /(?<!\d)\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}(?!\d)/g;
const CURRENCY_BEHIND = /(?<=\d)[ \u00a0\u202f]*(?:[€$£]|(?:EUR|USD|GBP|CHF|JPY)(?![\w-]))/gi;
const CURRENCY_BEFORE = /(?<!\S)[€$£](?=\d)/g;

function cardOf(word: string): SearchWord['card'] {
  if (isCardShaped(word)) return cardOf(maskCard(word));
  const [, first = '', last = ''] = /^(\d{6})?(?:[*•.…xX]+(\d{4})?)?$/.exec(word) ?? /^(\d{6})?(\d{4})$/.exec(word) ?? [];
  return first === '' && last === '' ? undefined : { first, last };
}

function amountsOf(word: string): number[] {
  const plain = /^\d{1,3}(?:,\d{3})+\.\d+$/.test(word) ? word.replaceAll(',', '') : word;
  const [, whole = '', fraction] = /^(\d{1,10})(?:[.,](\d{1,3}))?$/.exec(plain) ?? [];
  if (whole === '') return [];
  // A whole number may be meant as it stands on the wire, or as a price.
  if (fraction === undefined) return [...new Set([Number(whole), Number(whole) * 100])];
  return [Number(whole + fraction.padEnd(2, '0'))];
}

function wordOf(text: string): SearchWord {
  const card = cardOf(text);
  return {
    text,
    amounts: amountsOf(text),
    ...(RESPONSE_CODE_BY_CODE.has(text) && { code: text }),
    ...(card && { card }),
    ...(/^\d{5,10}$/.test(text) && { number: tenDigits(text) }),
  };
}

/** The words of a search as somebody typed it: references, amounts (12.50, 12,50 €, 1250), codes, cards and their masks, NUMTRANS. */
export function readSearch(text: string): readonly SearchWord[] {
  const words = text
    .slice(0, LONGEST_TEXT)
    .replace(GROUPED, '')
    .replace(CARD_IN_GROUPS, (card) => card.replace(/\D/g, ''))
    .replace(CURRENCY_BEHIND, '')
    .replace(CURRENCY_BEFORE, '')
    .split(/\s+/);
  return words
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map(wordOf);
}

// A database may know no more of upper and lower case than the letters of ASCII.
const holds = (text: string, word: SearchWord): boolean => text.toLowerCase().includes(word.text.toLowerCase());

const isMaskOf = (mask: string, { first, last }: NonNullable<SearchWord['card']>): boolean =>
  /^\d{6}\*+\d{4}$/.test(mask) && mask.startsWith(first) && mask.endsWith(last);

type SearchableEntry = Pick<NewJournalEntry, 'REFERENCE' | 'CODEREPONSE' | 'payment'>;

function entryMeetsWord(
  { REFERENCE, CODEREPONSE, payment }: SearchableEntry,
  request: () => NewJournalEntry['request'],
  word: SearchWord,
): boolean {
  if (CODEREPONSE === word.code || holds(REFERENCE, word) || (payment !== '' && payment === word.number)) return true;
  if (word.amounts.length === 0 && !word.card) return false;
  return request().some(([name, value]) => {
    if (name === 'MONTANT') return word.amounts.some((amount) => value === String(amount) || value === tenDigits(amount));
    return name === 'PORTEUR' && word.card !== undefined && isMaskOf(value, word.card);
  });
}

function paymentMeetsWord(payment: Payment, word: SearchWord): boolean {
  const { REFERENCE, REFABONNE, card, transactions } = payment;
  const [first] = transactions;
  if (holds(REFERENCE, word) || holds(REFABONNE, word)) return true;
  if (first.CODEREPONSE === word.code || word.amounts.includes(first.MONTANT)) return true;
  if (word.card && isMaskOf(card.mask, word.card)) return true;
  return transactions.some(({ NUMTRANS }) => NUMTRANS === word.number);
}

/**
 * Whether an exchange meets every word.
 *
 * @param request takes its request apart: asked only where something is looked for in it
 */
export function entryMeets(entry: SearchableEntry, request: () => NewJournalEntry['request'], words: readonly SearchWord[]): boolean {
  return words.every((word) => entryMeetsWord(entry, request, word));
}

/** Whether a payment meets every word. */
export function paymentMeets(payment: Payment, words: readonly SearchWord[]): boolean {
  return words.every((word) => paymentMeetsWord(payment, word));
}

/** Whether a reply is a refusal, of whatever kind. */
export function isRefusal({ CODEREPONSE }: Pick<NewJournalEntry, 'CODEREPONSE'> | ReplyFields): boolean {
  return CODEREPONSE !== SUCCESS;
}
