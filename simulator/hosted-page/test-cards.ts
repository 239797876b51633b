import { AUTHENTICATION_CARDS, type Bilingual, magicCard, RESPONSE_CODE_BY_CODE } from '../../contracts/index.js';
import type { Language } from '../pages/language.js';
import { withNoBreakSpaces } from '../pages/typography.js';

/** A test card that the hosted page shows. */
export interface TestCardNote {
  readonly number: string;
  /** What the card does, in the language of the page. */
  readonly note: string;
}

type ShownCard = readonly [number: string, note: Bilingual];

const PUBLISHED: readonly ShownCard[] = [
  ['1111222233334444', { en: 'accepted', fr: 'acceptée' }],
  ['4000000000001091', { en: 'Visa; the bank asks for a code', fr: 'Visa ; la banque demande un code' }],
  ['4000000000001000', { en: 'Visa; authenticated without a code', fr: 'Visa ; authentifiée sans code' }],
  ['5200000000000007', { en: 'Mastercard, accepted', fr: 'Mastercard, acceptée' }],
  ['1111222233334445', { en: '00004: the last digit is wrong', fr: '00004 : le dernier chiffre est faux' }],
];

const DECLINED: readonly ShownCard[] = AUTHENTICATION_CARDS.filter(({ outcome }) => outcome === 'declined').map(
  ({ PORTEUR, meaning: { en, fr } }) => [PORTEUR, { en: `3-D Secure: ${en}`, fr: `3-D Secure : ${fr}` }],
);

const REFUSED: readonly ShownCard[] = ['00105', '00151', '00133'].map((code) => {
  const { en = '', fr = '' } = RESPONSE_CODE_BY_CODE.get(code)?.meaning ?? {};
  return [magicCard(code), { en: `${code}: ${en}`, fr: `${code} : ${fr}` }];
});

/** The test cards that a tester needs most on the hosted page: accepted, with and without a challenge, refused. */
export function shownTestCards(language: Language): readonly TestCardNote[] {
  return [...PUBLISHED, ...DECLINED, ...REFUSED].map(([number, note]) => ({
    number,
    note: language === 'fr' ? withNoBreakSpaces(note.fr) : note.en,
  }));
}
