import { cardTraits, isCardShaped, isLuhn } from '../../contracts/index.js';
import { parisDay } from './calendar.js';
import type { DecisionInput } from './decision-input.js';
import { isZeros } from './question.js';
import { type Refusal, refuse, withReason } from './refusal.js';

/** What is known of the card a question pays with: its number, or what is kept of a subscriber's. */
interface CardInHand {
  /** The number; of a kept card its first six digits. Empty: no such card is known. */
  readonly digits: string;
  readonly PAYS: string;
  readonly isKept: boolean;
}

const KEPT_DIGITS = 6;

/** Whether a card of this DATEVAL (MMYY) is good on a day: it is valid through the month's last day. */
function isGoodExpiry(dateval: string, today: string): boolean {
  return /^(0[1-9]|1[0-2])\d\d$/.test(dateval) && `20${dateval.slice(2)}-${dateval.slice(0, 2)}` >= today.slice(0, 7);
}

const isCardNumber = (porteur: string): boolean => isCardShaped(porteur) && !isZeros(porteur) && isLuhn(porteur);

// Of a kept card only the first six digits are known: a longer BIN is taken to be its own.
const isOfBin = ({ digits, isKept }: CardInHand, bin: string): boolean => digits.startsWith(isKept ? bin.slice(0, KEPT_DIGITS) : bin);

type CardRule = readonly [code: string, isBroken: (input: DecisionInput, card: CardInHand) => boolean, says: string];

/** What holds for every card, in its order: number, expiry, CVV. */
const RULES_OF_CARDS: readonly CardRule[] = [
  [
    '00004',
    (_, { digits, isKept }) => !isKept && !isCardNumber(digits),
    'PORTEUR is not 13 to 19 digits that end in their Luhn digit (no spaces)',
  ],
  [
    '00008',
    ({ question, now }, { isKept }) =>
      !(isKept && isZeros(question.get('DATEVAL'))) && !isGoodExpiry(question.get('DATEVAL'), parisDay(now)),
    'DATEVAL is not MMYY, or the card has expired',
  ],
  ['00004', ({ question }) => question.get('CVV') !== '' && !/^\d{3,4}$/.test(question.get('CVV')), 'CVV is not 3 or 4 digits'],
];

/** What an account asks of the cards it is paid with. A kept card has no CVV to give. */
const RULES_OF_ACCOUNTS: readonly CardRule[] = [
  [
    '00020',
    ({ question, account }, { isKept }) => account.cvvRequired && !isKept && question.get('CVV') === '',
    'the account requires a CVV (cvvRequired)',
  ],
  [
    '00021',
    ({ account }, card) => card.digits !== '' && account.acceptedBins.length > 0 && !account.acceptedBins.some((bin) => isOfBin(card, bin)),
    'the account does not accept cards of these first digits (acceptedBins)',
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
  ['00023', ({ account, found }) => account.oneCardADay && found.cardSeen, 'the account takes a card once a day (oneCardADay)'],
];

const ALL_RULES: readonly CardRule[] = [...RULES_OF_CARDS, ...RULES_OF_ACCOUNTS];

function cardInHand({ operation, question, found }: DecisionInput): CardInHand {
  const porteur = question.get('PORTEUR');
  if (operation.porteur === 'card') return { digits: porteur, PAYS: cardTraits(porteur).PAYS, isKept: false };
  const card = found.subscriber?.card;
  return { digits: card?.mask.slice(0, KEPT_DIGITS) ?? '', PAYS: card?.PAYS ?? '', isKept: true };
}

/** Step 7, for cards and for the kept cards of subscribers. Protocol sheet, section 3. */
export function checkCard(input: DecisionInput): Refusal | undefined {
  const { operation } = input;
  if (operation.porteur === 'none') return undefined;
  const card = cardInHand(input);
  const rules = operation.finds === 'nothing' ? ALL_RULES : RULES_OF_CARDS;
  const broken = rules.find(([, isBroken]) => isBroken(input, card));
  return broken && withReason(refuse(broken[0]), 'card-refused', `Refused because ${broken[2]}.`);
}
