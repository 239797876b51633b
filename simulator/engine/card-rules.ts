import { cardTraits, cvvLength, isCardShaped, isLuhn, type Operation } from '../../contracts/index.js';
import { parisDay } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import { type Finding, finding } from './finding.js';
import { isZeros } from './question.js';
import { makeRefusal, quoteForMessage, type Refusal, withReason } from './refusal.js';

/** What is known of the card that a question pays with: a card number, or the stored card of a subscriber. */
interface CheckedCard {
  /** The card number. Of a stored card, the first six digits. Empty: the subscriber has no card. */
  readonly digits: string;
  readonly PAYS: string;
  /** Whether it is the stored card of a subscriber. */
  readonly isStored: boolean;
}

const STORED_DIGITS = 6;

const isExpiry = (dateval: string): boolean => /^(0[1-9]|1[0-2])\d\d$/.test(dateval);

/** Whether a card with this DATEVAL (MMYY) is valid on a day. A card is valid through the last day of its month. */
export function isValidExpiry(dateval: string, today: string): boolean {
  return isExpiry(dateval) && `20${dateval.slice(2)}-${dateval.slice(0, 2)}` >= today.slice(0, 7);
}

const isCardNumber = (porteur: string): boolean => isCardShaped(porteur) && !isZeros(porteur) && isLuhn(porteur);

// Of a stored card only the first six digits are known: a longer BIN is compared up to them.
const hasBin = ({ digits, isStored }: CheckedCard, bin: string): boolean => digits.startsWith(isStored ? bin.slice(0, STORED_DIGITS) : bin);

// Of a stored card the scheme is not known exactly.
const hasCvvLength = (cvv: string, { digits, isStored }: CheckedCard): boolean =>
  isStored ? /^\d{3,4}$/.test(cvv) : cvv.length === cvvLength(digits);

function isBinRefused({ account: { acceptedBins } }: DecisionInput, card: CheckedCard): boolean {
  return card.digits !== '' && acceptedBins.length > 0 && !acceptedBins.some((bin) => hasBin(card, bin));
}

/** A rule for cards: its code, when it is broken, and why. Default of `comment`: the text of the code. */
type CardRule = readonly [
  code: string,
  isBroken: (input: DecisionInput, card: CheckedCard) => boolean,
  reasonOf: (input: DecisionInput) => Finding,
  comment?: string,
];

function porteurReason({ question }: DecisionInput): Finding {
  const porteur = question.get('PORTEUR');
  if (/[ -]/.test(porteur)) return finding('variable-malformed', 'spaces');
  if (!isCardShaped(porteur)) return finding('variable-malformed', 'cardLength');
  return finding('card-refused', 'luhn');
}

function expiryReason({ question, now }: DecisionInput): Finding {
  const dateval = question.get('DATEVAL');
  const value = quoteForMessage(dateval);
  if (/^\d\d\/\d\d$/.test(dateval)) return finding('variable-malformed', 'expirySlash', { value });
  if (/^(0[1-9]|1[0-2])20\d\d$/.test(dateval)) return finding('variable-malformed', 'expiryYear', { value });
  if (/^\d\d(0[1-9]|1[0-2])$/.test(dateval) && !isExpiry(dateval)) return finding('variable-malformed', 'expiryOrder', { value });
  if (!isExpiry(dateval)) return finding('variable-malformed', 'expiry', { value });
  return finding('card-refused', 'expired', { dateval, today: parisDay(now) });
}

/** The rules for every card, in the order of the gateway: number, expiry, CVV. */
const CARD_RULES: readonly CardRule[] = [
  ['00004', (_, { digits, isStored }) => !isStored && !isCardNumber(digits), porteurReason],
  [
    '00008',
    ({ question, now }, { isStored }) =>
      !(isStored && isZeros(question.get('DATEVAL'))) && !isValidExpiry(question.get('DATEVAL'), parisDay(now)),
    expiryReason,
  ],
  [
    '00004',
    ({ question }, card) => question.get('CVV') !== '' && !hasCvvLength(question.get('CVV'), card),
    () => finding('variable-malformed', 'cvv'),
  ],
];

const binReason = (): Finding => finding('card-refused', 'bin');

/** The rules that depend on the settings of the account. */
const ACCOUNT_RULES: readonly CardRule[] = [
  [
    '00020',
    ({ question, account, operation }) => account.cvvRequired && operation.subscriber === 'none' && question.get('CVV') === '',
    () => finding('card-refused', 'cvvRequired'),
  ],
  ['00021', isBinRefused, binReason],
  [
    '00024',
    ({ account }, card) => card.digits !== '' && account.acceptedCountries.length > 0 && !account.acceptedCountries.includes(card.PAYS),
    () => finding('card-refused', 'country'),
  ],
  ['00022', ({ account, amount }) => account.ceiling > 0 && amount > account.ceiling, () => finding('card-refused', 'ceiling')],
  ['00023', ({ account, found }) => account.oneCardADay && found.cardSeen, () => finding('card-refused', 'oneCardADay')],
];

const ALL_RULES: readonly CardRule[] = [...CARD_RULES, ...ACCOUNT_RULES];

/** The rules of 00004: the BIN is checked before the card number, and has its own text. Observed. */
const CREDIT_RULES: readonly CardRule[] = [['00021', isBinRefused, binReason, 'Bin non autorisé pour cette opération'], ...ALL_RULES];

function rulesOf({ TYPE, finds }: Operation): readonly CardRule[] {
  if (TYPE === '00004') return CREDIT_RULES;
  return finds === 'nothing' ? ALL_RULES : CARD_RULES;
}

function checkedCard({ operation, question, found }: DecisionInput): CheckedCard {
  const porteur = question.get('PORTEUR');
  if (operation.porteur === 'card') return { digits: porteur, PAYS: cardTraits(porteur).PAYS, isStored: false };
  const card = found.subscriber?.card;
  return { digits: card?.mask.slice(0, STORED_DIGITS) ?? '', PAYS: card?.PAYS ?? '', isStored: true };
}

/** Refuses a card, or the stored card of a subscriber. See docs/protocol.md#refusal-9. */
export function checkCard(input: DecisionInput): Refusal | undefined {
  const { operation } = input;
  if (operation.porteur === 'none') return undefined;
  const card = checkedCard(input);
  const broken = rulesOf(operation).find(([, isBroken]) => isBroken(input, card));
  if (!broken) return undefined;
  const [code, , reasonOf, comment] = broken;
  return withReason(makeRefusal(code, comment), reasonOf(input));
}
