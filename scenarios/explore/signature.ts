import { isRetryable, SUCCESS } from '../../contracts/index.js';
import type { Attempt } from './attempt.js';
import { kindBy } from './kinds.js';
import { type Observation, type ObservedQuestion, ownPayments } from './observation.js';
import type { Plan } from './perturbation.js';

/** Classes of CODEREPONSE between which programs distinguish. */
function codeClass(code: string): string {
  if (code === SUCCESS || isRetryable(code)) return code;
  return code.startsWith('001') ? 'issuer' : 'refused';
}

const UNREADABLE: ReadonlySet<string> = new Set(['drop', 'never', 'http', 'half', 'empty', 'garbage']);

/** What the client knows of a reply: nothing, where it could not read it. */
function heard({ CODEREPONSE, clientReceived }: ObservedQuestion): string {
  if (clientReceived === undefined) return codeClass(CODEREPONSE);
  return UNREADABLE.has(clientReceived) ? 'lost' : `${clientReceived} ${codeClass(CODEREPONSE)}`;
}

const amountOf = ({ request }: ObservedQuestion): string => request.find(([name]) => name === 'MONTANT')?.[1] ?? '';

// The clock, a host, a variant and a result may show only in what happens later.
const UNSEEN: ReadonlySet<string> = new Set(['time', 'result', 'host', 'variant']);

/**
 * Describes how a run behaved: its questions, what the client knows of their replies, what the program said and what is in the books,
 * without the numbers that differ between any two runs. After two runs with the same signature, the same can happen.
 */
export function signatureOf(plan: Plan, { statements }: Attempt, observation: Observation): string {
  const unseen = plan.filter(({ kind }) => UNSEEN.has(kindBy(kind).group)).map(({ kind }) => kind);
  const questions = observation.questions.map((question) => `${question.TYPE} ${amountOf(question)} ${heard(question)}`);
  const said = statements.map(({ task, said: words, ending }) => `${task} ${words} ${ending}`);
  const books = ownPayments(observation).map(({ standing, captured, refunded }) => `${standing} ${captured} ${refunded}`);
  return [unseen.join(','), questions.join(','), said.join(','), books.sort().join(',')].join('|');
}
