import { commentOf, type ReplyFields, SUCCESS } from '../../contracts/index.js';
import type { OperationResult } from './operation-handlers.js';
import { NO_NUMBERS, type Numbers } from './payment.js';
import type { Question } from './question.js';
import type { Refusal } from './refusal.js';

/**
 * Makes the reply to a refused question. See docs/protocol.md#section-1.
 *
 * @param numbers the numbers of the refused payment. Default: zeros.
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

/** Makes the reply to an accepted question. See docs/protocol.md#section-1. */
export function successReply(question: Question, result: OperationResult): ReplyFields {
  const { numbers, AUTORISATION, PORTEUR, card } = result;
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
  if (result.STATUS !== undefined) reply.STATUS = result.STATUS;
  if (result.REMISE !== undefined) reply.REMISE = result.REMISE;
  return reply;
}
