import {
  accountId,
  MANDATORY_ORDER,
  mandatoryTypeNumber,
  needsDirectPlus,
  type Operation,
  operationOf,
  VERSIONS,
} from '../../contracts/index.js';
import { checkAccess, UNKNOWN_ACCOUNT } from './access.js';
import type { Account, Accounts } from './account.js';
import { type Finding, finding, joinFindings } from './finding.js';
import { checkFormats } from './formats.js';
import { frameFindings } from './frame-findings.js';
import type { Question } from './question.js';
import { quoted, type Refusal, refuse, refuseBare, withReason } from './refusal.js';

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

function checkFrame(question: Question): Refusal | undefined {
  // What is wrong with a body without them stands in the findings of its frame.
  if (question.problem !== undefined || question.get('TYPE') === '' || question.get('VERSION') === '') return refuse('00014');
  const sent = question.get('VERSION');
  const version = /^\d+$/.test(sent) ? Number(sent) : Number.NaN;
  if (version !== VERSIONS.direct && version !== VERSIONS.directPlus) {
    return withReason(refuse('00013'), 'frame-refused', `VERSION is ${quoted(sent)}.`);
  }
  const operation = operationOf(question.get('TYPE'));
  if (!operation) return withReason(refuse('00009'), 'frame-refused', `TYPE is ${quoted(question.get('TYPE'))}, which is no operation.`);
  if (needsDirectPlus(operation) && version === VERSIONS.direct) {
    return withReason(refuse('00009'), 'frame-refused', `${operation.title.en} (${operation.TYPE}) was asked with VERSION ${sent}.`);
  }
  return undefined;
}

function isMissing(question: Question, operation: Operation, name: string): boolean {
  if (question.get(name) !== '') return false;
  const isCard = name === 'PORTEUR' || name === 'DATEVAL';
  return !(isCard && operation.insteadOfCard?.every((other) => question.get(other) !== ''));
}

const mandatory = new Map<Operation, readonly string[]>();

/** What cannot be missing, in the order the gateway looks for it. */
function mandatoryOf(operation: Operation): readonly string[] {
  const known = mandatory.get(operation);
  if (known) return known;
  const names = new Set(['DATEQ', 'NUMQUESTION', ...operation.takes]);
  const ordered = MANDATORY_ORDER.filter((name) => names.has(name));
  mandatory.set(operation, ordered);
  return ordered;
}

function checkMandatory(question: Question, operation: Operation): Refusal | undefined {
  const names = mandatoryOf(operation);
  const first = names.find((name) => isMissing(question, operation, name));
  if (first === undefined) return undefined;
  const missing = names.filter((name) => isMissing(question, operation, name));
  const keyword = MANDATORY_ORDER.indexOf(first);
  const refusal = refuseBare('00014', `Mandatory values missing keyword:${keyword} Type:${mandatoryTypeNumber(operation)}`);
  return withReason(
    refusal,
    'variable-missing',
    `Missing or empty: ${missing.join(', ')} (${operation.TYPE} takes ${operation.takes.join(', ')}).`,
  );
}

const addReason = (findings: readonly Finding[], refusal: Refusal | undefined): readonly Finding[] =>
  refusal?.reason ? [...findings, refusal.reason] : findings;

function unknownAccount(question: Question, accounts: Accounts): Finding {
  const [site, rang] = [question.get('SITE'), question.get('RANG')];
  const ranks = [...accounts.values()].filter(({ SITE }) => SITE === site).map(({ RANG }) => RANG);
  const known = ranks.length > 0 ? `; SITE ${site} has the ranks ${ranks.join(', ')}` : '';
  return finding('access-refused', `There is no account of SITE ${quoted(site)} and RANG ${quoted(rang)}${known}.`);
}

/**
 * Steps 1 to 4 of the refusals: what can be said of a question without looking at the gateway's state.
 * Protocol sheet, section 3, "Which refusal".
 */
export function admit(question: Question, accounts: Accounts): Admitted | NotAdmitted {
  const operation = operationOf(question.get('TYPE'));
  const odd = frameFindings(question);
  const frame = checkFrame(question);
  if (frame || !operation) return { refusal: frame ?? refuse('00009'), operation, findings: addReason(odd, frame) };

  const account = accounts.get(accountId(question.get('SITE'), question.get('RANG')));
  if (!account) return { refusal: UNKNOWN_ACCOUNT, operation, findings: [...odd, unknownAccount(question, accounts)] };
  const access = checkAccess(question, account);
  const findings = joinFindings(odd, access.findings);
  const refusal = access.refusal ?? checkMandatory(question, operation) ?? checkFormats(question, operation);
  if (refusal) return { refusal, operation, findings: addReason(findings, refusal) };

  return {
    question,
    operation,
    account,
    amount: operation.takes.includes('MONTANT') ? Number(question.get('MONTANT')) : 0,
    questionNumber: String(Number(question.get('NUMQUESTION'))),
    findings,
  };
}
