import { cardSha1, cardTraits, isCardShaped, isIssuerRefusal } from '../../contracts/index.js';
import type { DecisionInput, ForcedCode } from './decision-input.js';
import { type Finding, finding } from './finding.js';
import { messageText } from './finding-messages.js';
import { checkId3d } from './id3d.js';
import { namesPaymentInsteadOfCard } from './lookup.js';
import { isZeros, type Question } from './question.js';
import { makeRefusal, makeUnprefixedRefusal, quoteForMessage, type Refusal, withReason } from './refusal.js';
import type { Subscriber } from './subscriber.js';

/** Returns the refusal of a question, or undefined if the question passes. */
export type Check = (input: DecisionInput) => Refusal | undefined;

/** Refuses a NUMQUESTION that was already used. See docs/protocol.md#refusal-6. */
export const checkQuestionNumber: Check = ({ account, operation, found, questionNumber }) => {
  const isUsed = account.questionNumbers === 'per-day' ? found.questionTypes.length > 0 : found.questionTypes.includes(operation.TYPE);
  if (account.questionNumbers === 'off' || !isUsed) return undefined;
  return withReason(
    makeRefusal(account.variants.repeatedQuestion),
    finding('question-number-repeated', 'repeated', { number: questionNumber, types: found.questionTypes.join(', ') }),
  );
};

const forcedRefusal = ({ code, comment }: ForcedCode): Refusal =>
  comment === undefined ? makeRefusal(code) : makeUnprefixedRefusal(code, comment);

/**
 * Refuses with a code of the gateway that the user requested. If the operation asks the issuer, {@link checkIssuer} refuses with the codes
 * of the issuer, except those of ERRORCODETEST. See docs/protocol.md#refusal-7.
 */
export const checkForced: Check = ({ forced, asksIssuer }) =>
  forced && (forced.isTraceless || !asksIssuer || !isIssuerRefusal(forced.code)) ? forcedRefusal(forced) : undefined;

const WRONG_TOKEN = makeRefusal('00015', 'Erreur sur les données référencées');

/** Says what a PORTEUR that is not the subscriber's token looks like. The value itself may be a card number and is not shown. */
function tokenMistake(porteur: string, subscriber: Subscriber): Finding {
  if (!isCardShaped(porteur)) return finding('token-refused', 'noToken');
  const isOwn = cardSha1(porteur) === subscriber.card.sha1;
  return finding('token-refused', isOwn ? 'ownCard' : 'otherCard');
}

/** Refuses a wrong subscriber, and a token that is not the subscriber's. See docs/protocol.md#refusal-8. */
export const checkSubscriber: Check = ({ operation, found, question }) => {
  if (operation.subscriber === 'none') return undefined;
  const subscriber = quoteForMessage(question.get('REFABONNE'));
  if (operation.subscriber === 'new') {
    return found.subscriber && withReason(makeRefusal('00016'), finding('subscriber-refused', 'known', { subscriber }));
  }
  if (!found.subscriber) {
    return withReason(makeRefusal('00017'), finding('subscriber-refused', 'unknown', { subscriber }));
  }
  if (operation.porteur !== 'token') return undefined;
  // Clients pad the token with spaces.
  const porteur = question.get('PORTEUR').trimEnd();
  const mayBeZeros = operation.finds === 'payment' || namesPaymentInsteadOfCard(operation, question);
  const isOwnCard = operation.does === 'pay' && isCardShaped(porteur) && cardSha1(porteur) === found.subscriber.card.sha1;
  const isOwn = porteur === found.subscriber.PORTEUR || isOwnCard || (mayBeZeros && isZeros(porteur));
  return isOwn ? undefined : withReason(WRONG_TOKEN, tokenMistake(porteur, found.subscriber));
};

/** Refuses if the payment that the question names was not found. See docs/protocol.md#refusal-10. */
export const checkFound: Check = ({ operation, found, question }) => {
  if (operation.finds === 'reference') return found.existing ? undefined : makeRefusal('00018');
  if (operation.finds === 'nothing' && !namesPaymentInsteadOfCard(operation, question)) return undefined;
  if (!found.payment) {
    const refusal = makeRefusal(operation.finds === 'transaction' ? '00018' : '00015');
    // These have their own findings, numbers-swapped and numbers-mixed.
    if (found.swapped ?? found.mixed) return refusal;
    const [first = '', second] = ['NUMTRANS', 'NUMAPPEL']
      .filter((name) => question.has(name))
      .map((name) => `${name} ${quoteForMessage(question.get(name))}`);
    const numbers = second === undefined ? first : messageText('numbers', 'both', { first, second });
    return withReason(refusal, finding('state-refused', 'noTransaction', { numbers }));
  }
  const isOwn = operation.subscriber === 'none' || found.payment.REFABONNE === question.get('REFABONNE');
  return isOwn ? undefined : makeRefusal('00015');
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const isUuid = (value: string): boolean => value === '' || UUID.test(value);

/** The refusal of the results of an external 3-D Secure server, if they say no. Judged on every account. */
function checkExternalResults(question: Question): Refusal | undefined {
  if (!isUuid(question.get('DSTRANSID')) || !isUuid(question.get('ACSTRANSID')))
    return withReason(makeRefusal('00014', 'Trame reçue invalide'), finding('three-d-secure-refused', 'uuid'));
  if (question.get('3DSTATUS') === 'N')
    return withReason(makeUnprefixedRefusal('00017', 'Statut PARes 3DS invalide'), finding('three-d-secure-refused', 'status'));
  if (question.get('3DECI') !== '00') return undefined;
  const refusal = question.get('VERSION3DS').startsWith('2')
    ? makeUnprefixedRefusal('00017', 'Signature PARes 3DS invalide')
    : makeRefusal('00040', 'Transaction refusée');
  return withReason(refusal, finding('three-d-secure-refused', 'eci'));
}

/**
 * Refuses a payment that 3-D Secure did not authenticate. A merchant with an MPI sends 3DSTATUS: Y and A mean authenticated.
 * See docs/protocol.md#refusal-11.
 */
export const checkThreeDSecure: Check = (input) => {
  const { operation, account, question, asksIssuer } = input;
  if (!asksIssuer) return undefined;
  const id3d = question.get('ID3D');
  // Zeros: the MPI gave none.
  if (!isZeros(id3d)) {
    const context = Object.hasOwn(account.id3d, id3d) ? account.id3d[id3d] : undefined;
    if (context === undefined) return checkId3d(input, id3d);
    return context === 'failed'
      ? withReason(makeRefusal('00040'), finding('three-d-secure-refused', 'failed', { id3d: quoteForMessage(id3d) }))
      : undefined;
  }
  // A renewal is paid without the cardholder.
  if (operation.porteur !== 'card') return undefined;
  const refusal = checkExternalResults(question);
  if (refusal || account.threeDSecure !== 'required') return refusal;
  const isAuthenticated = /^[YA]$/.test(question.get('3DSTATUS'));
  if (isAuthenticated) return undefined;
  return question.get('3DSTATUS') === '' && question.get('3DENROLLED') === ''
    ? withReason(makeRefusal('00112'), finding('three-d-secure-refused', 'none', { account: account.id }))
    : checkEnrolled(question);
};

const checkEnrolled = (question: Question): Refusal | undefined =>
  question.get('3DENROLLED') === 'Y' || cardTraits(question.get('PORTEUR')).enrolled
    ? withReason(makeRefusal('00040'), finding('three-d-secure-refused', 'enrolled'))
    : undefined;

/** Refuses with a code of the issuer that the user requested. See docs/protocol.md#refusal-12. */
export const checkIssuer: Check = ({ forced, asksIssuer }) =>
  forced && asksIssuer && isIssuerRefusal(forced.code) ? forcedRefusal(forced) : undefined;
