import { commentOf, type Reply, SUCCESS } from '../../contracts/index.js';
import type { Effect } from './effect.js';
import { NO_NUMBERS, type Numbers } from './payment.js';
import type { Question } from './question.js';
import type { Refusal } from './refusal.js';

const echo = (question: Question): Pick<Reply, 'NUMQUESTION' | 'SITE' | 'RANG'> => ({
  NUMQUESTION: question.get('NUMQUESTION'),
  SITE: question.get('SITE'),
  RANG: question.get('RANG'),
});

/**
 * The reply to a refused question.
 *
 * @param numbers the numbers of the refused payment; without them zeros. Protocol sheet, section 1
 */
export function refusedReply(question: Question, refusal: Refusal, numbers: Numbers = NO_NUMBERS): Reply {
  return {
    NUMTRANS: numbers.NUMTRANS,
    NUMAPPEL: numbers.NUMAPPEL,
    ...echo(question),
    AUTORISATION: '000000',
    CODEREPONSE: refusal.code,
    COMMENTAIRE: refusal.comment,
    REFABONNE: question.get('REFABONNE'),
    PORTEUR: '',
  };
}

/** The reply to a question that was carried out. Protocol sheet, section 1. */
export function successReply(question: Question, effect: Effect): Reply {
  const { numbers, AUTORISATION, PORTEUR, card } = effect;
  return {
    NUMTRANS: numbers.NUMTRANS,
    NUMAPPEL: numbers.NUMAPPEL,
    ...echo(question),
    AUTORISATION,
    CODEREPONSE: SUCCESS,
    COMMENTAIRE: commentOf(SUCCESS),
    REFABONNE: question.get('REFABONNE'),
    PORTEUR,
    ...(question.has('PAYS') && { PAYS: card.PAYS }),
    ...(question.has('TYPECARTE') && { TYPECARTE: card.TYPECARTE }),
    ...(question.has('SHA-1') && { 'SHA-1': card.sha1 }),
    ...(effect.STATUS !== undefined && { STATUS: effect.STATUS }),
    ...(effect.REMISE !== undefined && { REMISE: effect.REMISE }),
  };
}
