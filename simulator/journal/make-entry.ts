import { accountId, maskCard, maskCardsIn, type Operation, operationOf, type Reply, VARIABLE_BY_NAME } from '../../contracts/index.js';
import type { Fact } from '../engine/fact.js';
import type { Finding } from '../engine/finding.js';
import type { Payment } from '../engine/payment.js';
import type { Question } from '../engine/question.js';
import type { NewJournalEntry } from './entry.js';

const HIDDEN = '***';
const BODY_SHOWN = 2048;
const FIELDS_SHOWN = 200;
const VALUE_SHOWN = 1024;

const cut = (value: string, length: number): string =>
  value.length > length ? `${value.slice(0, length)}… (${value.length} characters)` : value;

// Told by the word alone, so that `cvv`, ` CVV` and `data[CVV]` are no way round.
const SECRET_NAME = /(?<![A-Z0-9])(?:CVV|CVC|CLE)(?![A-Z0-9])/i;
const CARD_NAME = /(?<![A-Z0-9])PORTEUR(?![A-Z0-9])/i;
const CARD_NUMBER = /^\d{13,19}$/;

function shownValue(question: Question, name: string, value: string): string {
  if (SECRET_NAME.test(name)) return value === '' ? '' : HIDDEN;
  if (CARD_NAME.test(name)) return maskPorteur(value);
  if (!VARIABLE_BY_NAME.has(name)) return cut(maskCardsIn(value), VALUE_SHOWN);
  return cut(withoutCard(question, value), VALUE_SHOWN);
}

// A variable that came twice holds the card number wherever it stands, not only where it was read.
function withoutCard(question: Question, value: string): string {
  if (question.exposes.length === 0 && question.repeated.length === 0) return value;
  const porteur = question.get('PORTEUR');
  return CARD_NUMBER.test(porteur) ? value.replaceAll(porteur, maskCard(porteur)) : value;
}

// A token is letters and zeros stand for nothing; whatever else has the length of a card is masked, digits or not.
function maskPorteur(value: string): string {
  return /\d/.test(value) && !/^0*$/.test(value) ? maskCard(value) : cut(value, VALUE_SHOWN);
}

// A body that is no form cannot be masked by name: digits that could be a card go, and whatever follows a CVV.
function shownBody(question: Question): string {
  const text = question.form.fields.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)).join('&');
  const masked = text
    .replace(/\d(?:[ -]?\d){11,}/g, (run) => maskCard(run.replace(/\D/g, '')))
    .replace(/(cvv|cvc|cle)(\W{0,200}?)(?!cvv|cvc|cle)\w[^\s"'&<>,;]{2,}/gi, `$1$2${HIDDEN}`);
  return cut(masked, BODY_SHOWN);
}

function shownRequest(question: Question): (readonly [string, string])[] {
  const isForm = question.problem === undefined && (question.has('TYPE') || question.has('VERSION'));
  if (!isForm) return question.form.fields.length === 0 ? [] : [['(body)', shownBody(question)]];
  const shown = question.form.fields
    .slice(0, FIELDS_SHOWN)
    .map(({ name, value }) => [cut(maskCardsIn(name), 64), shownValue(question, name, value)] as const);
  const left = question.form.fields.length - shown.length;
  return left > 0 ? [...shown, ['(more)', `${left} variables more`]] : shown;
}

function paymentOf(facts: readonly Fact[], payment: Payment | undefined): Pick<NewJournalEntry, 'payment' | 'origin'> {
  if (payment) return { payment: payment.id, origin: payment.origin };
  const opened = facts.find((fact) => fact.fact === 'payment');
  return opened ? { payment: opened.payment.id, origin: opened.payment.origin } : { payment: '', origin: '' };
}

/** What the journal keeps of an exchange. */
export function makeEntry(
  question: Question,
  at: number,
  outcome: {
    readonly reply: Reply;
    readonly findings: readonly Finding[];
    readonly facts: readonly Fact[];
    readonly payment?: Payment | undefined;
  },
): NewJournalEntry {
  const operation: Operation | undefined = operationOf(question.get('TYPE'));
  const [site, rang] = [question.get('SITE'), question.get('RANG')];
  return {
    at,
    account: site === '' && rang === '' ? '' : cut(accountId(site, rang), 64),
    TYPE: operation?.TYPE ?? '',
    operation: operation?.name ?? '',
    REFERENCE: cut(question.get('REFERENCE') || (outcome.payment?.REFERENCE ?? ''), VALUE_SHOWN),
    CODEREPONSE: outcome.reply.CODEREPONSE ?? '',
    ...paymentOf(outcome.facts, outcome.payment),
    request: shownRequest(question),
    reply: outcome.reply as Record<string, string>,
    findings: outcome.findings,
  };
}
