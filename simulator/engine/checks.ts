import { cardTraits, isIssuerRefusal } from '../../contracts/index.js';
import type { DecisionInput } from './decision-input.js';
import { goesByNumbers } from './lookup.js';
import { isZeros } from './question.js';
import { quoted, type Refusal, refuse, withReason } from './refusal.js';

/** A reason to refuse a question, or none. */
export type Check = (input: DecisionInput) => Refusal | undefined;

/** Step 5. Protocol sheet, section 3. */
export const checkQuestionNumber: Check = ({ account, operation, found, questionNumber }) => {
  const seen = account.questionNumbers === 'per-day' ? found.questionTypes.length > 0 : found.questionTypes.includes(operation.TYPE);
  if (account.questionNumbers === 'off' || !seen) return undefined;
  return withReason(
    refuse('00039'),
    'question-number-repeated',
    `NUMQUESTION ${questionNumber} was used today for TYPE ${found.questionTypes.join(', ')}.`,
  );
};

/** Step 6, with the codes of the gateway; those of the issuer come at step 11 where an issuer is asked. */
export const checkForced: Check = ({ forced, asksIssuer }) =>
  forced && (forced.traceless || !asksIssuer || !isIssuerRefusal(forced.code)) ? refuse(forced.code) : undefined;

/** Step 8: the subscriber, and the token that must be theirs. */
export const checkSubscriber: Check = ({ operation, found, question }) => {
  if (operation.subscriber === 'new') return found.subscriber ? refuse('00016') : undefined;
  if (operation.subscriber === 'none') return undefined;
  if (!found.subscriber) return refuse('00017');
  if (operation.porteur !== 'token') return undefined;
  const token = question.get('PORTEUR');
  const mayBeZeros = operation.finds === 'payment' || goesByNumbers(operation, question);
  const isTheirs = token === found.subscriber.PORTEUR || (mayBeZeros && isZeros(token));
  return isTheirs ? undefined : refuse('00015', 'Erreur sur les données référencées');
};

/** Step 9, first half: what the operation names is there. */
export const checkFound: Check = ({ operation, found, question }) => {
  if (operation.finds === 'reference') return found.existing ? undefined : refuse('00018');
  if (operation.finds === 'nothing' && !goesByNumbers(operation, question)) return undefined;
  if (!found.payment) {
    const refusal = refuse(operation.finds === 'transaction' ? '00018' : '00015');
    // Where the numbers are swapped or mixed, that is said.
    if (found.swapped ?? found.mixed) return refusal;
    const numbers = ['NUMTRANS', 'NUMAPPEL'].filter((name) => question.has(name)).map((name) => `${name} ${quoted(question.get(name))}`);
    return withReason(refusal, 'state-refused', `The account has no transaction of ${numbers.join(' and ')}.`);
  }
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
