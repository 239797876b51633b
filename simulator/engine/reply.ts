import { commentOf, type ReplyFields, SUCCESS } from '../../contracts/index.js';
import type { Effect } from './effects.js';
import { NO_NUMBERS, type Numbers } from './payment.js';
import type { Question } from './question.js';
import type { Refusal } from './refusal.js';

/**
 * The reply to a refused question.
 *
 * @param numbers the numbers of the refused payment; without them zeros. Protocol sheet, section 1
 */
export function refusedReply(question: Question, refusal: Refusal, numbers: Numbers = NO_NUMBERS): ReplyFields {
  return {
    NUMTRANS: numbers.NUMTRANS,
    NUMAPPEL: numbers.NUMAPPEL,
    NUMQUESTION: question.verbatim('NUMQUESTION'),
    SITE: question.verbatim('SITE'),
    RANG: question.verbatim('RANG'),
    AUTORISATION: '000000',
    CODEREPONSE: refusal.code,
    COMMENTAIRE: refusal.comment,
    REFABONNE: question.verbatim('REFABONNE'),
    PORTEUR: '',
  };
}

/** The reply to a question that was carried out. Protocol sheet, section 1. */
export function successReply(question: Question, effect: Effect): ReplyFields {
  const { numbers, AUTORISATION, PORTEUR, card } = effect;
  const reply: { -readonly [Name in keyof ReplyFields]: ReplyFields[Name] } = {
    NUMTRANS: numbers.NUMTRANS,
    NUMAPPEL: numbers.NUMAPPEL,
    NUMQUESTION: question.verbatim('NUMQUESTION'),
    SITE: question.verbatim('SITE'),
    RANG: question.verbatim('RANG'),
    AUTORISATION,
    CODEREPONSE: SUCCESS,
    COMMENTAIRE: commentOf(SUCCESS),
    REFABONNE: question.verbatim('REFABONNE'),
    PORTEUR,
  };
  if (question.has('PAYS')) reply.PAYS = card.PAYS;
  if (question.has('TYPECARTE')) reply.TYPECARTE = card.TYPECARTE;
  if (question.has('SHA-1')) reply['SHA-1'] = card.sha1;
  if (effect.STATUS !== undefined) reply.STATUS = effect.STATUS;
  if (effect.REMISE !== undefined) reply.REMISE = effect.REMISE;
  return reply;
}
