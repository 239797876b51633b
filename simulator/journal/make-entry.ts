import {
  accountId,
  describeBody,
  type FormField,
  type MaskOptions,
  maskBody,
  maskField,
  maskName,
  maskText,
  namedValuesText,
  operationOf,
  percentDecode,
  type ReplyFields,
  replyText,
  VARIABLES,
} from '../../contracts/index.js';
import type { Fact } from '../engine/fact.js';
import { type Finding, finding } from '../engine/finding.js';
import { messageText } from '../engine/finding-messages.js';
import type { Payment, PaymentHead } from '../engine/payment.js';
import { maskExposedCard, type Question } from '../engine/question.js';
import type { StepOperation } from './step.js';
import { joinPairs, type NewStoredEntry, pairText, variableText } from './stored-entry.js';

/** The parts of a decision that the journal records. */
interface JournaledDecision {
  readonly reply: ReplyFields;
  readonly findings: readonly Finding[];
  readonly facts: readonly Fact[];
  /** The payment that the question named, before the decision. */
  readonly payment?: Payment | undefined;
}

/** Limits of what an entry holds: characters of a body, number of variables, characters of a value. */
const MAX_BODY_LENGTH = 2048;
const MAX_FIELDS = 200;
const MAX_VALUE_LENGTH = 1024;
/** Characters of a variable's name and of an account. */
const MAX_NAME_LENGTH = 64;

// A lone surrogate at the end is removed: some stores reject it.
const cut = (value: string, length: number): string =>
  value.length > length ? `${value.slice(0, length).replace(/[\ud800-\udbff]$/, '')}… (${value.length} characters)` : value;

/** By index in `VARIABLES`: the variables that a question does not mask, because the gateway needs their values. */
const UNMASKED_NAMES: ReadonlySet<string> = new Set(['PORTEUR', 'CVV', 'CLE', 'ID3D']);
const UNMASKED: readonly boolean[] = VARIABLES.map(({ name }) => UNMASKED_NAMES.has(name));

// The question checks only the first occurrence of each variable: any occurrence of a repeated one may hold the card number.
function maskedValue(question: Question, { name, index, value }: FormField, options: MaskOptions): string {
  const isSafe = question.repeated.length === 0 && question.cardExposedIn.length === 0;
  if (isSafe && index !== undefined && !UNMASKED[index]) return cut(value, MAX_VALUE_LENGTH);
  const safe = isSafe ? value : maskExposedCard(name, value, question.get('PORTEUR'));
  return cut(maskField(name, safe, index, options), MAX_VALUE_LENGTH);
}

function fieldText(question: Question, field: FormField, options: MaskOptions): string {
  const value = maskedValue(question, field, options);
  return field.index === undefined ? pairText(cut(maskName(field.name, value), MAX_NAME_LENGTH), value) : variableText(field.index, value);
}

function bodyText({ form, contentType }: Question, { showUnknown = false }: MaskOptions): string {
  const text = form.fields.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)).join('&');
  return showUnknown ? cut(maskBody(text), MAX_BODY_LENGTH) : describeBody(text, contentType);
}

function requestText(question: Question, options: MaskOptions): string {
  const { fields } = question.form;
  const isForm = question.problem === undefined && (question.has('TYPE') || question.has('VERSION'));
  if (!isForm) return fields.length === 0 ? '' : pairText('(body)', bodyText(question, options));
  const pairs: string[] = [];
  for (const field of fields) {
    if (pairs.length === MAX_FIELDS) break;
    pairs.push(fieldText(question, field, options));
  }
  const remaining = fields.length - pairs.length;
  if (remaining > 0) pairs.push(pairText('(more)', `${remaining} more variables`));
  return joinPairs(pairs);
}

// The reply repeats these variables of the request verbatim. All others come from the gateway and hold no card number.
const ECHOED = ['NUMQUESTION', 'SITE', 'RANG', 'REFABONNE', 'PORTEUR'] as const;

/** The text of the reply, with card numbers masked. */
function maskedReply(question: Question, reply: ReplyFields, text: string): string {
  const porteur = question.get('PORTEUR');
  const masked: Record<string, string> = {};
  for (const name of ECHOED) {
    const value = reply[name];
    if (!value) continue;
    const safe = maskField(name, maskExposedCard(name, value, porteur));
    if (safe !== value) masked[name] = safe;
  }
  return Object.keys(masked).length === 0 ? text : replyText({ ...reply, ...masked });
}

function paymentOf({ facts, payment }: Pick<JournaledDecision, 'facts' | 'payment'>): PaymentHead | undefined {
  if (payment) return payment;
  for (const fact of facts) if (fact.fact === 'payment') return fact.payment;
  return undefined;
}

function accountOf(question: Question): string {
  const [site, rang] = [question.get('SITE'), question.get('RANG')];
  return site === '' && rang === '' ? '' : cut(accountId(site, rang), MAX_NAME_LENGTH);
}

/** What {@link makeEntry} needs besides the question and the decision. */
interface EntryOptions {
  /** When the question arrived, in milliseconds since the epoch. */
  readonly at: number;
  /** The reply as `replyText` encodes it. */
  readonly text: string;
  /** Id of the account. Default: SITE and RANG of the question. */
  readonly account?: string | undefined;
}

/**
 * Makes the journal entry of an exchange, with card numbers masked and CVV, keys and unknown values hidden.
 *
 * @param shown what is shown of unknown variables
 */
export function makeEntry(
  question: Question,
  decision: JournaledDecision,
  { at, text, account = accountOf(question) }: EntryOptions,
  shown: MaskOptions = {},
): NewStoredEntry {
  const operation = operationOf(question.get('TYPE'));
  const payment = paymentOf(decision);
  return {
    at,
    account,
    TYPE: operation?.TYPE ?? '',
    operation: operation?.name ?? '',
    REFERENCE: cut(question.get('REFERENCE') || (decision.payment?.REFERENCE ?? ''), MAX_VALUE_LENGTH),
    CODEREPONSE: decision.reply.CODEREPONSE ?? '',
    payment: payment?.id ?? '',
    origin: payment?.origin ?? '',
    request: requestText(question, shown),
    reply: maskedReply(question, decision.reply, text),
    findings: decision.findings,
  };
}

const MISSED_REASON: Readonly<Record<number, string>> = {
  404: messageText('reason', 'path'),
  405: messageText('reason', 'method'),
};

// A card number in the path may be percent-encoded. Only a path with one is shown decoded.
function maskPath(request: string): string {
  const decoded = percentDecode(request);
  const masked = maskBody(decoded);
  return masked === decoded ? maskBody(request) : masked;
}

const notTheGateway = (shown: string, status: number, reason: string): Finding =>
  finding('not-the-gateway', 'missed', { request: shown, status, reason });

/**
 * Makes the journal entry of a request that met no route of the gateway, or was no request. See `Gateway.recordMissed`.
 *
 * @param why why it met no route, or what else is wrong with it. Default: by the status
 */
export function makeMissedEntry(
  request: string,
  status: number,
  at: number,
  why: string | Finding = MISSED_REASON[status] ?? MISSED_REASON[404] ?? '',
): NewStoredEntry {
  const shown = cut(maskPath(request), MAX_VALUE_LENGTH);
  return {
    at,
    account: '',
    TYPE: '',
    operation: '',
    REFERENCE: '',
    CODEREPONSE: '',
    payment: '',
    origin: '',
    request: pairText('(request)', shown),
    reply: pairText('HTTP', String(status)),
    findings: [typeof why === 'string' ? notTheGateway(shown, status, why) : why],
  };
}

/** What the simulator makes an entry of that is not a question: a step of an authentication, a call to the shop. */
export interface StepEntry {
  readonly operation: StepOperation;
  /** When it happened, in milliseconds since the epoch. */
  readonly at: number;
  /** `SITE/RANG`; empty if it is unknown. */
  readonly account: string;
  /** What the shop calls it: the IdSession. */
  readonly reference: string;
  /** The id of the payment that it belongs to; empty if there is none. */
  readonly payment?: string;
  readonly request: readonly (readonly [name: string, value: string])[];
  readonly reply: readonly (readonly [name: string, value: string])[];
  readonly findings: readonly Finding[];
}

/** Where the payment of a step was taken. */
const STEP_ORIGINS: Readonly<Record<StepOperation, Payment['origin']>> = {
  authenticate: 'direct',
  challenge: 'direct',
  result: 'direct',
  checkout: 'system',
  attempt: 'system',
  notification: 'system',
  unsubscribe: 'system',
};

/**
 * Masks a value of a step. What is sent to a shop has names that the shop chose, and values of the gateway.
 */
export function maskStepField(operation: string, name: string, value: string, shown: MaskOptions): string {
  return maskField(name, value, undefined, operation === 'notification' ? { showUnknown: true } : shown);
}

/** Makes the journal entry of a step, with card numbers masked and CVV and unknown values hidden. */
export function makeStepEntry(
  { operation, at, account, reference, payment = '', request, reply, findings }: StepEntry,
  shown: MaskOptions = {},
): NewStoredEntry {
  const masked = (pairs: StepEntry['request']): (readonly [string, string])[] =>
    pairs.slice(0, MAX_FIELDS).map(([name, value]) => {
      const safe = cut(maskStepField(operation, name, value, shown), MAX_VALUE_LENGTH);
      return [cut(maskName(name, safe), MAX_NAME_LENGTH), safe];
    });
  return {
    at,
    account,
    TYPE: '',
    operation,
    REFERENCE: cut(maskText(reference), MAX_VALUE_LENGTH),
    CODEREPONSE: '',
    payment,
    origin: payment === '' ? '' : STEP_ORIGINS[operation],
    request: joinPairs(masked(request).map(([name, value]) => pairText(name, value))),
    reply: namedValuesText(masked(reply)),
    findings,
  };
}
