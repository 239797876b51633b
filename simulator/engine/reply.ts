import {
  commentOf,
  needsDirectPlus,
  type Operation,
  operationOf,
  type ReplyFields,
  SUCCESS,
  tenDigits,
  withoutLeadingZeros,
} from '../../contracts/index.js';
import type { Account } from './account.js';
import { refusedAuthorization } from './new-payment.js';
import type { OperationResult } from './operation-handlers.js';
import { NO_NUMBERS, type Numbers, type StoredCard } from './payment.js';
import type { Question } from './question.js';
import type { FrameEcho, Refusal } from './refusal.js';

const ZEROS = tenDigits(0);
const SPACES = { SITE: '       ', RANG: '  ', PAYS: '   ' };

type Header = Required<Pick<ReplyFields, 'NUMQUESTION' | 'SITE' | 'RANG'>>;

/** The variables of the question that every reply repeats. See docs/protocol.md#section-1. */
function echoOf(question: Question, account: Account | undefined): Header {
  const [NUMQUESTION, SITE, RANG] = [question.verbatim('NUMQUESTION'), question.verbatim('SITE'), question.verbatim('RANG')];
  if (account?.variants.echo !== 'normalised') return { NUMQUESTION, SITE, RANG };
  return { NUMQUESTION: tenDigits(NUMQUESTION), SITE, RANG: withoutLeadingZeros(RANG) };
}

/** Only the replies to subscriber operations repeat REFABONNE and PORTEUR. */
function subscriberEcho(question: Question, operation: Operation | undefined): { REFABONNE: string; PORTEUR: string } {
  const isRepeated = operation !== undefined && needsDirectPlus(operation);
  return { REFABONNE: isRepeated ? question.verbatim('REFABONNE') : '', PORTEUR: isRepeated ? question.verbatim('PORTEUR') : '' };
}

const FRAME_HEADERS: Record<FrameEcho, (header: Header) => Header> = {
  account: (header) => ({ ...header, NUMQUESTION: ZEROS }),
  header: (header) => header,
  nothing: () => ({ NUMQUESTION: ZEROS, SITE: SPACES.SITE, RANG: SPACES.RANG }),
};

/** What a refused reply depends on, besides the question and the refusal. */
interface RefusalContext {
  /** Undefined: the account is unknown. */
  readonly account?: Account | undefined;
  /** The numbers and the card of a payment that the issuer refused. Undefined: the issuer was not asked. */
  readonly asked?: { readonly numbers: Numbers; readonly card: StoredCard } | undefined;
}

// AUTORISATION of a 00006 is always zeros. See docs/protocol.md#section-1.
const authorizationOf = ({ code }: Refusal, account: Account | undefined): string =>
  code === '00006' ? '000000' : refusedAuthorization(account);

/** Makes the reply to a refused question. See docs/protocol.md#section-1. */
export function refusedReply(question: Question, refusal: Refusal, { account, asked }: RefusalContext = {}): ReplyFields {
  const { code, comment, frameEcho } = refusal;
  const { NUMTRANS, NUMAPPEL } = asked?.numbers ?? NO_NUMBERS;
  const header = echoOf(question, account);
  const reply: { -readonly [Name in keyof ReplyFields]: ReplyFields[Name] } = {
    NUMTRANS,
    NUMAPPEL,
    ...(frameEcho ? FRAME_HEADERS[frameEcho](header) : header),
    AUTORISATION: authorizationOf(refusal, account),
    CODEREPONSE: code,
    COMMENTAIRE: comment,
  };
  if (frameEcho === 'header' || frameEcho === 'nothing') return reply;
  const echo = frameEcho ? { REFABONNE: '', PORTEUR: '' } : subscriberEcho(question, operationOf(question.get('TYPE')));
  const details = asked?.card ?? { PAYS: SPACES.PAYS, TYPECARTE: '', sha1: '' };
  return {
    ...reply,
    ...echo,
    ...(question.has('PAYS') && { PAYS: details.PAYS }),
    ...(question.has('TYPECARTE') && { TYPECARTE: details.TYPECARTE }),
    ...(question.has('SHA-1') && { 'SHA-1': details.sha1 }),
  };
}

/** Makes the reply to an accepted question. See docs/protocol.md#section-1. */
export function successReply(question: Question, operation: Operation, account: Account, result: OperationResult): ReplyFields {
  const { numbers, AUTORISATION, PORTEUR, card } = result;
  const { NUMQUESTION, SITE, RANG } = echoOf(question, account);
  const echo = subscriberEcho(question, operation);
  const reply: { -readonly [Name in keyof ReplyFields]: ReplyFields[Name] } = {
    NUMTRANS: numbers.NUMTRANS,
    NUMAPPEL: numbers.NUMAPPEL,
    NUMQUESTION,
    SITE,
    RANG,
    AUTORISATION,
    CODEREPONSE: SUCCESS,
    COMMENTAIRE: commentOf(SUCCESS),
    REFABONNE: echo.REFABONNE,
    PORTEUR: PORTEUR ?? echo.PORTEUR,
  };
  if (question.has('PAYS')) reply.PAYS = card.PAYS;
  if (question.has('TYPECARTE')) reply.TYPECARTE = card.TYPECARTE;
  if (question.has('SHA-1')) reply['SHA-1'] = card.sha1;
  if (result.STATUS !== undefined) reply.STATUS = result.STATUS;
  if (result.REMISE !== undefined) reply.REMISE = result.REMISE;
  return reply;
}
