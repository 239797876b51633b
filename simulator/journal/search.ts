import { isCardShaped, maskCard, RESPONSE_CODE_BY_CODE, SUCCESS, tenDigits } from '../../contracts/index.js';
import type { Finding, FindingRule } from '../engine/finding.js';
import type { Payment } from '../engine/payment.js';
import type { NewJournalEntry, SearchWord } from './entry.js';
import { isStepOperation } from './step.js';

/** Each word slows the search down; the rest of a longer search is ignored. */
const MAX_WORDS = 6;
const MAX_TEXT_LENGTH = 300;

const THOUSANDS_SEPARATOR = /(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))/g;
const CARD_IN_GROUPS = /(?<!\d)\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,7}(?!\d)/g;
const CURRENCY_AFTER = /(?<=\d)[ \u00a0\u202f]*(?:[€$£]|(?:EUR|USD|GBP|CHF|JPY)(?![\w-]))/gi;
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
  // A whole number is an amount in minor units, as in MONTANT, or a price.
  if (fraction === undefined) return [...new Set([Number(whole), Number(whole) * 100])];
  return [Number(whole + fraction.padEnd(2, '0'))];
}

function searchWord(text: string): SearchWord {
  const card = cardOf(text);
  return {
    text,
    amounts: amountsOf(text),
    ...(RESPONSE_CODE_BY_CODE.has(text) && { code: text }),
    ...(card && { card }),
    ...(/^\d{5,10}$/.test(text) && { number: tenDigits(text) }),
  };
}

/**
 * Parses the text of a search: references, amounts (12.50, 12,50 €, 1250), CODEREPONSE, card numbers and their masks, NUMTRANS.
 * Only the first 300 characters and the first 6 words count.
 */
export function readSearch(text: string): readonly SearchWord[] {
  const words = text
    .slice(0, MAX_TEXT_LENGTH)
    .replace(THOUSANDS_SEPARATOR, '')
    .replace(CARD_IN_GROUPS, (card) => card.replace(/\D/g, ''))
    .replace(CURRENCY_AFTER, '')
    .replace(CURRENCY_BEFORE, '')
    .split(/\s+/);
  return words
    .filter((word) => word !== '')
    .slice(0, MAX_WORDS)
    .map(searchWord);
}

// SQLite's lower() converts ASCII letters only; letters beyond ASCII may match in one store and not in another.
const containsWord = (text: string, word: SearchWord): boolean => text.toLowerCase().includes(word.text.toLowerCase());

const isMaskOf = (mask: string, { first, last }: NonNullable<SearchWord['card']>): boolean =>
  /^\d{6}\*+\d{4}$/.test(mask) && mask.startsWith(first) && mask.endsWith(last);

/** The variables of a question and of RemoteMPI that have an amount. */
export const AMOUNT_NAMES: ReadonlySet<string> = new Set(['MONTANT', 'Amount']);
/** The variables of a question and of RemoteMPI that have a card number. */
export const CARD_NAMES: ReadonlySet<string> = new Set(['PORTEUR', 'CCNumber']);

type SearchableEntry = Pick<NewJournalEntry, 'REFERENCE' | 'CODEREPONSE' | 'payment'>;

function entryMatchesWord(
  { REFERENCE, CODEREPONSE, payment }: SearchableEntry,
  request: () => NewJournalEntry['request'],
  word: SearchWord,
): boolean {
  if (CODEREPONSE === word.code || containsWord(REFERENCE, word) || (payment !== '' && payment === word.number)) return true;
  if (word.amounts.length === 0 && !word.card) return false;
  return request().some(([name, value]) => {
    if (AMOUNT_NAMES.has(name)) return word.amounts.some((amount) => value === String(amount) || value === tenDigits(amount));
    return CARD_NAMES.has(name) && word.card !== undefined && isMaskOf(value, word.card);
  });
}

function paymentMatchesWord(payment: Payment, word: SearchWord): boolean {
  const { REFERENCE, REFABONNE, card, transactions } = payment;
  const [first] = transactions;
  if (containsWord(REFERENCE, word) || containsWord(REFABONNE, word)) return true;
  if (first.CODEREPONSE === word.code || word.amounts.includes(first.MONTANT)) return true;
  if (word.card && isMaskOf(card.mask, word.card)) return true;
  return transactions.some(({ NUMTRANS }) => NUMTRANS === word.number);
}

/**
 * Whether an exchange matches every word.
 *
 * @param request parses the request; called only for words that are looked up in it
 */
export function entryMatches(entry: SearchableEntry, request: () => NewJournalEntry['request'], words: readonly SearchWord[]): boolean {
  return words.every((word) => entryMatchesWord(entry, request, word));
}

/** Whether a payment matches every word. */
export function paymentMatches(payment: Payment, words: readonly SearchWord[]): boolean {
  return words.every((word) => paymentMatchesWord(payment, word));
}

/** Whether an answer is a refusal that the user requested: by a rule, a setting of the account, a magic card or amount, or ERRORCODETEST. */
export function isChosenRefusal(code: string, findings: readonly Pick<Finding, 'rule'>[]): boolean {
  return code !== SUCCESS && findings.some(({ rule }) => rule === 'outcome-forced');
}

/** The rule of the finding that says why RemoteMPI refused a request. */
export const REFUSED_STEP = 'authentication-refused' satisfies FindingRule;

/**
 * Whether the gateway refused an exchange: any CODEREPONSE except success, and `Erreur` of RemoteMPI. Other steps of an authentication have no
 * CODEREPONSE and are not refused.
 */
export function isRefusal({ CODEREPONSE, operation, findings }: Pick<NewJournalEntry, 'CODEREPONSE' | 'operation' | 'findings'>): boolean {
  if (isStepOperation(operation)) return findings.some(({ rule }) => rule === REFUSED_STEP);
  return CODEREPONSE !== SUCCESS;
}
