import {
  ACTIVITIES,
  accountId,
  isCurrency,
  MANDATORY_ORDER,
  mandatoryTypeNumber,
  NUMQUESTION_MAX,
  needsDirectPlus,
  type Operation,
  operationOf,
  VERSIONS,
} from '../../contracts/index.js';
import { checkAccess, UNKNOWN_ACCOUNT } from './access.js';
import type { Account, Accounts } from './account.js';
import { isDate } from './calendar.js';
import type { Finding } from './finding.js';
import { frameFindings } from './frame-findings.js';
import type { Question } from './question.js';
import { type Refusal, refuse, refuseBare } from './refusal.js';

/** A question that may be put to the gateway's state: well-formed, and its sender known. */
export interface Admitted {
  readonly question: Question;
  readonly operation: Operation;
  readonly account: Account;
  /** MONTANT in minor units; 0 where the operation takes none. */
  readonly amount: number;
  /** NUMQUESTION without leading zeros. */
  readonly questionNumber: string;
  readonly findings: readonly Finding[];
}

/** A question refused before the state was looked at. */
export interface NotAdmitted {
  readonly refusal: Refusal;
  readonly operation?: Operation | undefined;
  readonly findings: readonly Finding[];
}

const DIGITS = /^\d+$/;

function checkFrame(question: Question): Refusal | undefined {
  if (question.problem !== undefined || question.get('TYPE') === '' || question.get('VERSION') === '') return refuse('00014');
  const version = Number(DIGITS.test(question.get('VERSION')) ? question.get('VERSION') : Number.NaN);
  if (version !== VERSIONS.direct && version !== VERSIONS.directPlus) return refuse('00013');
  const operation = operationOf(question.get('TYPE'));
  if (!operation || (needsDirectPlus(operation) && version === VERSIONS.direct)) return refuse('00009');
  return undefined;
}

function isMissing(question: Question, operation: Operation, name: string): boolean {
  if (question.get(name) !== '') return false;
  const isCard = name === 'PORTEUR' || name === 'DATEVAL';
  return !(isCard && operation.insteadOfCard?.every((other) => question.get(other) !== ''));
}

function checkMandatory(question: Question, operation: Operation): Refusal | undefined {
  const mandatory = new Set(['DATEQ', 'NUMQUESTION', ...operation.takes]);
  const keyword = MANDATORY_ORDER.findIndex((name) => mandatory.has(name) && isMissing(question, operation, name));
  if (keyword < 0) return undefined;
  return refuseBare('00014', `Mandatory values missing keyword:${keyword} Type:${mandatoryTypeNumber(operation)}`);
}

function isQuestionNumber(value: string): boolean {
  return /^\d{1,10}$/.test(value) && Number(value) <= NUMQUESTION_MAX;
}

function isQuestionDate(value: string): boolean {
  const match = /^(\d\d)(\d\d)(\d{4})(?:([01]\d|2[0-3])[0-5]\d[0-5]\d)?$/.exec(value);
  return match !== null && isDate(Number(match[3]), Number(match[2]), Number(match[1]));
}

const isText = (value: string): boolean => value.length <= 250;

interface Format {
  readonly name: string;
  readonly code: string;
  readonly isGood: (value: string, operation: Operation) => boolean;
}

/** The formats in the order the gateway looks at them. Protocol sheet, section 3, step 4. */
const FORMATS: readonly Format[] = [
  { name: 'NUMQUESTION', code: '00005', isGood: isQuestionNumber },
  { name: 'DATEQ', code: '00007', isGood: isQuestionDate },
  { name: 'DEVISE', code: '00010', isGood: isCurrency },
  { name: 'MONTANT', code: '00011', isGood: (value, operation) => /^\d{1,10}$/.test(value) && (operation.zeroAmount || Number(value) > 0) },
  { name: 'REFERENCE', code: '00012', isGood: isText },
  { name: 'REFABONNE', code: '00012', isGood: isText },
  { name: 'ACTIVITE', code: '00026', isGood: (value) => ACTIVITIES.has(value) },
];

function checkFormats(question: Question, operation: Operation): Refusal | undefined {
  // An inquiry may carry a MONTANT, which nothing depends on.
  const asked = (name: string): boolean => name !== 'MONTANT' || operation.takes.includes('MONTANT');
  const wrong = FORMATS.find(({ name, isGood }) => {
    const value = question.get(name);
    return value !== '' && asked(name) && !isGood(value, operation);
  });
  return wrong && refuse(wrong.code);
}

/**
 * Steps 1 to 4 of the refusals: what can be said of a question without looking at the gateway's state.
 * Protocol sheet, section 3, "Which refusal".
 */
export function admit(question: Question, accounts: Accounts): Admitted | NotAdmitted {
  const operation = operationOf(question.get('TYPE'));
  const findings = frameFindings(question);
  const frame = checkFrame(question);
  if (frame || !operation) return { refusal: frame ?? refuse('00009'), operation, findings };

  const account = accounts.get(accountId(question.get('SITE'), question.get('RANG')));
  if (!account) return { refusal: UNKNOWN_ACCOUNT, operation, findings };
  const access = checkAccess(question, account);
  findings.push(...access.findings);
  const refusal = access.refusal ?? checkMandatory(question, operation) ?? checkFormats(question, operation);
  if (refusal) return { refusal, operation, findings };

  return {
    question,
    operation,
    account,
    amount: operation.takes.includes('MONTANT') ? Number(question.get('MONTANT')) : 0,
    questionNumber: String(Number(question.get('NUMQUESTION'))),
    findings,
  };
}
