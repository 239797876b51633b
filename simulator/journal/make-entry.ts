import {
  accountId,
  type FormField,
  maskBody,
  maskCardsIn,
  maskField,
  operationOf,
  type ReplyFields,
  replyText,
} from '../../contracts/index.js';
import type { Fact } from '../engine/fact.js';
import type { Finding } from '../engine/finding.js';
import type { Payment, PaymentHead } from '../engine/payment.js';
import { maskExposedCard, type Question } from '../engine/question.js';
import { joinPairs, type NewStoredEntry, pairText, variableText } from './stored-entry.js';

/** The part of a decision that the journal records. */
interface JournaledDecision {
  readonly reply: ReplyFields;
  /** The reply as `replyText` encodes it. */
  readonly text: string;
  readonly findings: readonly Finding[];
  readonly facts: readonly Fact[];
  /** The payment the question concerned, as it was before. */
  readonly payment?: Payment | undefined;
}

const BODY_SHOWN = 2048;
const FIELDS_SHOWN = 200;
const VALUE_SHOWN = 1024;

// Half a character at the end is left out too: a store may not take it.
const cut = (value: string, length: number): string =>
  value.length > length ? `${value.slice(0, length).replace(/[\ud800-\udbff]$/, '')}… (${value.length} characters)` : value;

// A variable that came twice holds the card number wherever it stands, not only where it was read.
function shownValue(question: Question, { name, index, value }: FormField): string {
  const isSafe = question.repeated.length === 0 && question.cardExposedIn.length === 0;
  const safe = isSafe ? value : maskExposedCard(name, value, question.get('PORTEUR'));
  return cut(maskField(name, safe, index), VALUE_SHOWN);
}

function shownField(question: Question, field: FormField): string {
  const value = shownValue(question, field);
  return field.index === undefined ? pairText(cut(maskCardsIn(field.name), 64), value) : variableText(field.index, value);
}

function shownBody(question: Question): string {
  const text = question.form.fields.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)).join('&');
  return cut(maskBody(text), BODY_SHOWN);
}

function shownRequest(question: Question): string {
  const { fields } = question.form;
  const isForm = question.problem === undefined && (question.has('TYPE') || question.has('VERSION'));
  if (!isForm) return fields.length === 0 ? '' : pairText('(body)', shownBody(question));
  const pairs: string[] = [];
  for (const field of fields) {
    if (pairs.length === FIELDS_SHOWN) break;
    pairs.push(shownField(question, field));
  }
  const left = fields.length - pairs.length;
  if (left > 0) pairs.push(pairText('(more)', `${left} variables more`));
  return joinPairs(pairs);
}

// The reply repeats values of the request verbatim; everything else in it comes from the gateway and holds no card number.
const ECHOED = ['NUMQUESTION', 'SITE', 'RANG', 'REFABONNE', 'PORTEUR'] as const;

/** The text of the reply with card numbers masked. */
function maskedReply(question: Question, { reply, text }: Pick<JournaledDecision, 'reply' | 'text'>): string {
  const porteur = question.get('PORTEUR');
  const masked = ECHOED.flatMap((name) => {
    const value = reply[name] ?? '';
    const shown = maskField(name, maskExposedCard(name, value, porteur));
    return shown === value ? [] : [[name, shown] as const];
  });
  return masked.length === 0 ? text : replyText({ ...reply, ...Object.fromEntries(masked) });
}

function paymentOf({ facts, payment }: Pick<JournaledDecision, 'facts' | 'payment'>): PaymentHead | undefined {
  if (payment) return payment;
  for (const fact of facts) if (fact.fact === 'payment') return fact.payment;
  return undefined;
}

function accountOf(question: Question): string {
  const [site, rang] = [question.get('SITE'), question.get('RANG')];
  return site === '' && rang === '' ? '' : cut(accountId(site, rang), 64);
}

/**
 * What the journal keeps of an exchange.
 *
 * @param account id of the account it is of; undefined: of what the question names
 */
export function makeEntry(question: Question, at: number, outcome: JournaledDecision, account = accountOf(question)): NewStoredEntry {
  const operation = operationOf(question.get('TYPE'));
  const payment = paymentOf(outcome);
  return {
    at,
    account,
    TYPE: operation?.TYPE ?? '',
    operation: operation?.name ?? '',
    REFERENCE: cut(question.get('REFERENCE') || (outcome.payment?.REFERENCE ?? ''), VALUE_SHOWN),
    CODEREPONSE: outcome.reply.CODEREPONSE ?? '',
    payment: payment?.id ?? '',
    origin: payment?.origin ?? '',
    request: shownRequest(question),
    reply: maskedReply(question, outcome),
    findings: outcome.findings,
  };
}
