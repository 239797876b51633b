import {
  accountId,
  MANDATORY_ORDER,
  mandatoryTypeNumber,
  needsDirectPlus,
  type Operation,
  operationOf,
  VARIABLES,
  VERSIONS,
} from '../../contracts/index.js';
import { checkAccess, UNKNOWN_ACCOUNT } from './access.js';
import type { Account, Accounts } from './account.js';
import { type Finding, finding, joinFindings } from './finding.js';
import { messageText } from './finding-messages.js';
import { checkFormats } from './formats.js';
import { frameFindings } from './frame-findings.js';
import type { Question } from './question.js';
import { type FrameEcho, makeFrameRefusal, makeRefusal, quoteForMessage, type Refusal, withReason } from './refusal.js';

/** A question that is well-formed and whose sender is authenticated. The state of the gateway decides its outcome. */
export interface Admitted {
  readonly question: Question;
  readonly operation: Operation;
  readonly account: Account;
  /** MONTANT in minor units. 0 if the operation takes no MONTANT. */
  readonly amount: number;
  /** NUMQUESTION without leading zeros. */
  readonly questionNumber: string;
  readonly findings: readonly Finding[];
}

/** A question that is refused without looking at the state of the gateway. */
export interface NotAdmitted {
  readonly refusal: Refusal;
  /** Undefined: TYPE is not an operation. */
  readonly operation?: Operation | undefined;
  /** Undefined: the account is unknown. */
  readonly account?: Account | undefined;
  readonly findings: readonly Finding[];
}

function checkFrame(question: Question): Refusal | undefined {
  // The findings of the frame say what is wrong with such a body.
  if (question.problem !== undefined || question.get('TYPE') === '' || question.get('VERSION') === '') return makeRefusal('00014');
  const sent = question.get('VERSION');
  const version = /^\d+$/.test(sent) ? Number(sent) : Number.NaN;
  if (version !== VERSIONS.direct && version !== VERSIONS.directPlus) {
    return withReason(makeRefusal('00013'), finding('frame-refused', 'version', { value: quoteForMessage(sent) }));
  }
  const operation = operationOf(question.get('TYPE'));
  if (!operation) {
    return withReason(makeRefusal('00009'), finding('frame-refused', 'type', { value: quoteForMessage(question.get('TYPE')) }));
  }
  if (needsDirectPlus(operation) && version === VERSIONS.direct) {
    const values = { type: operation.TYPE, operation: operation.title.en, version: sent };
    return withReason(makeRefusal('00009'), finding('frame-refused', 'directPlus', values));
  }
  return undefined;
}

function isMissing(question: Question, operation: Operation, name: string): boolean {
  if (question.get(name) !== '') return false;
  const isCard = name === 'PORTEUR' || name === 'DATEVAL';
  return !(isCard && operation.insteadOfCard?.every((other) => question.get(other) !== ''));
}

// Cached, because this runs for every question.
const mandatoryByOperation = new Map<Operation, readonly string[]>();

/** The mandatory variables of an operation, in the order in which the gateway checks them. */
function mandatoryOf(operation: Operation): readonly string[] {
  const cached = mandatoryByOperation.get(operation);
  if (cached) return cached;
  const names = new Set(['DATEQ', 'NUMQUESTION', ...operation.takes]);
  const ordered = MANDATORY_ORDER.filter((name) => names.has(name));
  mandatoryByOperation.set(operation, ordered);
  return ordered;
}

interface ImpossibleValue {
  readonly name: string;
  readonly isImpossible: (value: string) => boolean;
  readonly expected: string;
}

/** Values that no field of their kind can hold. See docs/protocol.md#refusal-3. */
const IMPOSSIBLE_VALUES: readonly ImpossibleValue[] = [
  { name: 'PORTEUR', isImpossible: (value) => value.length > 19, expected: messageText('expected', 'length', { max: 19 }) },
  { name: 'CVV', isImpossible: (value) => /\D/.test(value), expected: messageText('expected', 'digits') },
];

/** The longest values of the variables of an external 3-D Secure server, by index in `VARIABLES`. The others are not checked here. */
const LONGEST_3DS: readonly number[] = VARIABLES.map(({ name, length: [, max] }) =>
  (name.startsWith('3D') || name === 'NOMMARCHANDAUTHENT') && max < 250 ? max : Number.POSITIVE_INFINITY,
);

// `TOKEN  YYMM  ---`. The reply is that to any PORTEUR that is too long.
const HOSTED_PAGE_TOKEN = /^[A-Za-z]{11} {1,3}\d{4} {1,3}---$/;

function checkPossible(question: Question): Refusal | undefined {
  const impossible = IMPOSSIBLE_VALUES.find(({ name, isImpossible }) => isImpossible(question.get(name)));
  if (impossible) {
    const refusal = makeFrameRefusal('Invalid data', 'nothing');
    return HOSTED_PAGE_TOKEN.test(question.get('PORTEUR'))
      ? withReason(refusal, finding('token-refused', 'hostedPage'))
      : withReason(refusal, finding('variable-malformed', 'impossible', impossible));
  }
  const tooLong = question.form.fields.find(({ index = -1, value }) => value.length > (LONGEST_3DS[index] ?? Number.POSITIVE_INFINITY));
  if (tooLong === undefined) return undefined;
  const max = LONGEST_3DS[tooLong.index ?? -1] ?? 0;
  return withReason(
    makeFrameRefusal('Some values exceed max length', 'nothing'),
    finding('variable-malformed', 'tooLong', { name: tooLong.name, length: tooLong.value.length, max }),
  );
}

function checkMandatory(question: Question, operation: Operation, { variants }: Account): Refusal | undefined {
  const names = mandatoryOf(operation);
  const first = names.find((name) => isMissing(question, operation, name));
  if (first === undefined) return undefined;
  const missing = names.filter((name) => isMissing(question, operation, name));
  const keyword = MANDATORY_ORDER.indexOf(first);
  const typeNumber = mandatoryTypeNumber(operation, variants.typeIndex);
  const isInvalid = variants.emptyVariable === 'invalid' && question.has(first);
  const [comment, echo]: [string, FrameEcho] = isInvalid
    ? ['Invalid data', 'header']
    : [`Mandatory values missing keyword:${keyword} Type:${typeNumber}`, 'account'];
  return withReason(
    makeFrameRefusal(comment, echo),
    finding('variable-missing', 'missing', {
      names: missing.join(', '),
      type: operation.TYPE,
      required: operation.takes.join(', '),
    }),
  );
}

const addReason = (findings: readonly Finding[], refusal: Refusal | undefined): readonly Finding[] =>
  refusal?.reason ? [...findings, refusal.reason] : findings;

function unknownAccount(question: Question, accounts: Accounts): Finding {
  const [site, rang] = [question.get('SITE'), question.get('RANG')];
  const ranks = [...accounts.values()].filter(({ SITE }) => SITE === site).map(({ RANG }) => RANG);
  const sent = { site: quoteForMessage(site), rang: quoteForMessage(rang) };
  return ranks.length > 0
    ? finding('access-refused', 'otherRank', { ...sent, known: site, ranks: ranks.join(', ') })
    : finding('access-refused', 'unknown', sent);
}

/**
 * Admits or refuses a question without looking at the state of the gateway: steps 1 to 5 of the order of refusals.
 * See docs/protocol.md#section-3.
 */
export function admit(question: Question, accounts: Accounts): Admitted | NotAdmitted {
  const operation = operationOf(question.get('TYPE'));
  const ofFrame = frameFindings(question);
  const frameRefusal = checkFrame(question);
  const account = accounts.get(accountId(question.get('SITE'), question.get('RANG')));
  if (frameRefusal || !operation) {
    return { refusal: frameRefusal ?? makeRefusal('00009'), operation, account, findings: addReason(ofFrame, frameRefusal) };
  }

  if (!account) return { refusal: UNKNOWN_ACCOUNT, operation, findings: [...ofFrame, unknownAccount(question, accounts)] };
  const access = checkAccess(question, account);
  const findings = joinFindings(ofFrame, access.findings);
  const refusal =
    access.refusal ?? checkPossible(question) ?? checkMandatory(question, operation, account) ?? checkFormats(question, operation, account);
  if (refusal) return { refusal, operation, account, findings: addReason(findings, refusal) };

  return {
    question,
    operation,
    account,
    amount: operation.takes.includes('MONTANT') ? Number(question.get('MONTANT')) : 0,
    questionNumber: String(Number(question.get('NUMQUESTION'))),
    findings,
  };
}
