import { cardTraits, isIssuerRefusal } from '../../contracts/index.js';
import type { DecisionInput } from './decision-input.js';
import { namesPaymentInsteadOfCard } from './lookup.js';
import { isZeros } from './question.js';
import { makeRefusal, quoteForMessage, type Refusal, withReason } from './refusal.js';

/** Returns the refusal of a question, or undefined if the question passes. */
export type Check = (input: DecisionInput) => Refusal | undefined;

/** Refuses a NUMQUESTION that was already used. See docs/protocol.md#refusal-6. */
export const checkQuestionNumber: Check = ({ account, operation, found, questionNumber }) => {
  const isUsed = account.questionNumbers === 'per-day' ? found.questionTypes.length > 0 : found.questionTypes.includes(operation.TYPE);
  if (account.questionNumbers === 'off' || !isUsed) return undefined;
  return withReason(
    makeRefusal('00039'),
    'question-number-repeated',
    `NUMQUESTION ${questionNumber} was used today for TYPE ${found.questionTypes.join(', ')}.`,
  );
};

/**
 * Refuses with a code of the gateway that the user requested. If the operation asks the issuer, {@link checkIssuer} refuses with the codes
 * of the issuer, except those of ERRORCODETEST. See docs/protocol.md#refusal-7.
 */
export const checkForced: Check = ({ forced, asksIssuer }) =>
  forced && (forced.isTraceless || !asksIssuer || !isIssuerRefusal(forced.code)) ? makeRefusal(forced.code) : undefined;

/** Refuses a wrong subscriber, and a token that is not the subscriber's. See docs/protocol.md#refusal-8. */
export const checkSubscriber: Check = ({ operation, found, question }) => {
  if (operation.subscriber === 'new') return found.subscriber ? makeRefusal('00016') : undefined;
  if (operation.subscriber === 'none') return undefined;
  if (!found.subscriber) return makeRefusal('00017');
  if (operation.porteur !== 'token') return undefined;
  const token = question.get('PORTEUR');
  const mayBeZeros = operation.finds === 'payment' || namesPaymentInsteadOfCard(operation, question);
  const isOwn = token === found.subscriber.PORTEUR || (mayBeZeros && isZeros(token));
  return isOwn ? undefined : makeRefusal('00015', 'Erreur sur les données référencées');
};

/** Refuses if the payment that the question names was not found. See docs/protocol.md#refusal-10. */
export const checkFound: Check = ({ operation, found, question }) => {
  if (operation.finds === 'reference') return found.existing ? undefined : makeRefusal('00018');
  if (operation.finds === 'nothing' && !namesPaymentInsteadOfCard(operation, question)) return undefined;
  if (!found.payment) {
    const refusal = makeRefusal(operation.finds === 'transaction' ? '00018' : '00015');
    // These have their own findings, numbers-swapped and numbers-mixed.
    if (found.swapped ?? found.mixed) return refusal;
    const numbers = ['NUMTRANS', 'NUMAPPEL']
      .filter((name) => question.has(name))
      .map((name) => `${name} ${quoteForMessage(question.get(name))}`);
    return withReason(refusal, 'state-refused', `The account has no transaction with ${numbers.join(' and ')}.`);
  }
  const isOwn = operation.subscriber === 'none' || found.payment.REFABONNE === question.get('REFABONNE');
  return isOwn ? undefined : makeRefusal('00015');
};

/**
 * Refuses an enrolled card that was not authenticated. A merchant with an MPI sends 3DSTATUS: Y and A mean authenticated.
 * See docs/protocol.md#refusal-11.
 */
export const checkThreeDSecure: Check = ({ operation, account, question, asksIssuer }) => {
  if (operation.porteur !== 'card' || !asksIssuer) return undefined;
  const id3d = question.get('ID3D');
  if (id3d !== '') {
    const context = Object.hasOwn(account.id3d, id3d) ? account.id3d[id3d] : undefined;
    if (context === undefined) return makeRefusal('00041');
    return context === 'failed' ? makeRefusal('00040') : undefined;
  }
  const isAuthenticated = /^[YA]$/.test(question.get('3DSTATUS'));
  const isEnrolled = question.get('3DENROLLED') === 'Y' || cardTraits(question.get('PORTEUR')).enrolled;
  return account.threeDSecure && isEnrolled && !isAuthenticated ? makeRefusal('00040') : undefined;
};

/** Refuses with a code of the issuer that the user requested. See docs/protocol.md#refusal-12. */
export const checkIssuer: Check = ({ forced, asksIssuer }) =>
  forced && asksIssuer && isIssuerRefusal(forced.code) ? makeRefusal(forced.code) : undefined;
