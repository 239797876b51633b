import { cardTraits, isIssuerRefusal, isLuhn } from '../../contracts/index.js';
import { parisDay } from './calendar.js';
import { type Refusal, refuse } from './refusal.js';
import type { Situation } from './situation.js';

/** A reason to refuse a question, or none. */
export type Check = (situation: Situation) => Refusal | undefined;

/** Step 5. Protocol sheet, section 3. */
export const checkQuestionNumber: Check = ({ account, operation, found }) => {
  const seen = account.questionNumbers === 'per-day' ? found.questionTypes.length > 0 : found.questionTypes.includes(operation.TYPE);
  return account.questionNumbers !== 'off' && seen ? refuse('00039') : undefined;
};

/** Step 6, with the codes of the gateway; those of the issuer come at step 11 where an issuer is asked. */
export const checkForced: Check = ({ forced, asksIssuer }) =>
  forced && (forced.traceless || !asksIssuer || !isIssuerRefusal(forced.code)) ? refuse(forced.code) : undefined;

/** Whether a card of this DATEVAL (MMYY) is good on a day: it is valid through the month's last day. */
function isGoodExpiry(dateval: string, today: string): boolean {
  const match = /^(0[1-9]|1[0-2])(\d\d)$/.exec(dateval);
  return match !== null && `20${match[2]}-${match[1]}` >= today.slice(0, 7);
}

const isCvv = (cvv: string): boolean => /^\d{3,4}$/.test(cvv);

type CardRule = readonly [code: string, isBroken: (situation: Situation, porteur: string) => boolean];

/** Step 7 in its order: number, expiry, CVV, then the account's own rules. */
const CARD_RULES: readonly CardRule[] = [
  ['00004', (_, porteur) => !/^\d{13,19}$/.test(porteur) || !isLuhn(porteur)],
  ['00008', ({ question, now }) => !isGoodExpiry(question.get('DATEVAL'), parisDay(now))],
  ['00004', ({ question }) => question.get('CVV') !== '' && !isCvv(question.get('CVV'))],
  ['00020', ({ question, account }) => account.cvvRequired && question.get('CVV') === ''],
  ['00021', ({ account }, porteur) => account.acceptedBins.length > 0 && !account.acceptedBins.some((bin) => porteur.startsWith(bin))],
  [
    '00024',
    ({ account }, porteur) => account.acceptedCountries.length > 0 && !account.acceptedCountries.includes(cardTraits(porteur).PAYS),
  ],
  ['00022', ({ account, amount }) => isAboveCeiling(account.ceiling, amount)],
  ['00023', ({ account, found }) => account.oneCardADay && found.cardSeen],
];

const isAboveCeiling = (ceiling: number, amount: number): boolean => ceiling > 0 && amount > ceiling;

/** Step 7. */
export const checkCard: Check = (situation) => {
  if (situation.operation.porteur !== 'card') return undefined;
  const porteur = situation.question.get('PORTEUR');
  const broken = CARD_RULES.find(([, isBroken]) => isBroken(situation, porteur));
  return broken && refuse(broken[0]);
};

const isZeros = (value: string): boolean => /^0*$/.test(value);

/** Step 8: the subscriber, and the token that must be theirs. */
export const checkSubscriber: Check = ({ operation, found, question, account, amount, now }) => {
  if (operation.subscriber === 'new') return found.subscriber ? refuse('00016') : undefined;
  if (operation.subscriber === 'none') return undefined;
  if (!found.subscriber) return refuse('00017');
  if (operation.porteur !== 'token') return undefined;
  const token = question.get('PORTEUR');
  const mayBeZeros = operation.finds === 'payment' || operation.insteadOfCard?.every((name) => question.get(name) !== '');
  if (token !== found.subscriber.PORTEUR && !(mayBeZeros && isZeros(token))) return refuse('00015', 'Erreur sur les données référencées');
  const dateval = question.get('DATEVAL');
  if (!isZeros(dateval) && !isGoodExpiry(dateval, parisDay(now))) return refuse('00008');
  return operation.finds === 'nothing' && isAboveCeiling(account.ceiling, amount) ? refuse('00022') : undefined;
};

/** Step 9, first half: what the operation names is there. */
export const checkFound: Check = ({ operation, found, question, reference }) => {
  if (operation.finds === 'nothing') return undefined;
  if (operation.finds === 'reference') return reference ? undefined : refuse('00018');
  if (!found.payment) return refuse(operation.finds === 'transaction' ? '00018' : '00015');
  const isTheirs = operation.subscriber === 'none' || found.payment.REFABONNE === question.get('REFABONNE');
  return isTheirs ? undefined : refuse('00015');
};

/** Step 10. A merchant with an MPI of their own sends 3DSTATUS; Y and A are authentications. */
export const checkThreeDSecure: Check = ({ operation, account, question, asksIssuer }) => {
  if (operation.porteur !== 'card' || !asksIssuer) return undefined;
  const id3d = question.get('ID3D');
  if (id3d !== '') {
    const context = Object.hasOwn(account.id3d, id3d) ? account.id3d[id3d] : undefined;
    if (context === undefined) return refuse('00041');
    return context === 'failed' ? refuse('00040') : undefined;
  }
  const authenticated = /^[YA]$/.test(question.get('3DSTATUS'));
  const enrolled = question.get('3DENROLLED') === 'Y' || cardTraits(question.get('PORTEUR')).enrolled;
  return account.threeDSecure && enrolled && !authenticated ? refuse('00040') : undefined;
};

/** Step 11. */
export const checkIssuer: Check = ({ forced, asksIssuer }) =>
  forced && asksIssuer && isIssuerRefusal(forced.code) ? refuse(forced.code) : undefined;
