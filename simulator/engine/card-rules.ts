import { cardTraits, isCardShaped, isLuhn } from '../../contracts/index.js';
import { parisDay } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import { isZeros } from './question.js';
import { makeRefusal, type Refusal, withReason } from './refusal.js';

/** What is known of the card that a question pays with: a card number, or the stored card of a subscriber. */
interface CheckedCard {
  /** The card number. Of a stored card, the first six digits. Empty: the subscriber has no card. */
  readonly digits: string;
  readonly PAYS: string;
  /** Whether it is the stored card of a subscriber. */
  readonly isStored: boolean;
}

const STORED_DIGITS = 6;

/** Whether a card with this DATEVAL (MMYY) is valid on a day. A card is valid through the last day of its month. */
function isValidExpiry(dateval: string, today: string): boolean {
  return /^(0[1-9]|1[0-2])\d\d$/.test(dateval) && `20${dateval.slice(2)}-${dateval.slice(0, 2)}` >= today.slice(0, 7);
}

const isCardNumber = (porteur: string): boolean => isCardShaped(porteur) && !isZeros(porteur) && isLuhn(porteur);

// Of a stored card only the first six digits are known: a longer BIN is compared up to them.
const hasBin = ({ digits, isStored }: CheckedCard, bin: string): boolean => digits.startsWith(isStored ? bin.slice(0, STORED_DIGITS) : bin);

type CardRule = readonly [code: string, isBroken: (input: DecisionInput, card: CheckedCard) => boolean, reason: string];

/** The rules for every card, in the order of the gateway: number, expiry, CVV. */
const CARD_RULES: readonly CardRule[] = [
  [
    '00004',
    (_, { digits, isStored }) => !isStored && !isCardNumber(digits),
    'PORTEUR is not 13 to 19 digits with a valid Luhn digit (no spaces)',
  ],
  [
    '00008',
    ({ question, now }, { isStored }) =>
      !(isStored && isZeros(question.get('DATEVAL'))) && !isValidExpiry(question.get('DATEVAL'), parisDay(now)),
    'DATEVAL is not MMYY, or the card has expired',
  ],
  ['00004', ({ question }) => question.get('CVV') !== '' && !/^\d{3,4}$/.test(question.get('CVV')), 'CVV is not 3 or 4 digits'],
];

/** The rules that depend on the settings of the account. A stored card has no CVV. */
const ACCOUNT_RULES: readonly CardRule[] = [
  [
    '00020',
    ({ question, account }, { isStored }) => account.cvvRequired && !isStored && question.get('CVV') === '',
    'the account requires a CVV (cvvRequired)',
  ],
  [
    '00021',
    ({ account }, card) => card.digits !== '' && account.acceptedBins.length > 0 && !account.acceptedBins.some((bin) => hasBin(card, bin)),
    'the account does not accept cards with these first digits (acceptedBins)',
  ],
  [
    '00024',
    ({ account }, card) => card.digits !== '' && account.acceptedCountries.length > 0 && !account.acceptedCountries.includes(card.PAYS),
    'the account does not accept cards of this country (acceptedCountries)',
  ],
  [
    '00022',
    ({ account, amount }) => account.ceiling > 0 && amount > account.ceiling,
    'MONTANT is above the ceiling of the account (ceiling)',
  ],
  ['00023', ({ account, found }) => account.oneCardADay && found.cardSeen, 'the account accepts a card once a day (oneCardADay)'],
];

const ALL_RULES: readonly CardRule[] = [...CARD_RULES, ...ACCOUNT_RULES];

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
  const rules = operation.finds === 'nothing' ? ALL_RULES : CARD_RULES;
  const broken = rules.find(([, isBroken]) => isBroken(input, card));
  return broken && withReason(makeRefusal(broken[0]), 'card-refused', `Refused because ${broken[2]}.`);
}
