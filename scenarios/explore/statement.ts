import { containsCard, maskText } from '../../contracts/index.js';
import type { StepRecord } from '../case-context.js';
import type { Step } from '../scenario.js';
import { DEFAULT_WORDING, readSaid, type Statement, taskOf } from './attempt.js';

const LONGEST_TEXT = 400;

const shortened = (text: string): string => (text.length > LONGEST_TEXT ? `…${text.slice(-LONGEST_TEXT)}` : text);

/** The keys of the steps that let a program or an application act. The value says what it does. */
const SPEAKING = ['run', 'call', 'browse'] as const;

function commandOf(step: Step): string | undefined {
  const values = step as Readonly<Partial<Record<(typeof SPEAKING)[number], string>>>;
  return SPEAKING.map((key) => values[key]).find((value) => value !== undefined);
}

/** What is expected of a program that exceeded its time limit. */
export const ANSWER_IN_TIME = 'an answer in time';

const wasLate = ({ failures }: Pick<StepRecord, 'failures'>): boolean => failures.some(({ expected }) => expected === ANSWER_IN_TIME);

function endingOf(
  record: Pick<StepRecord, 'program' | 'http' | 'failures'>,
  said: Statement['said'],
  isKilled: boolean,
): Statement['ending'] {
  if (wasLate(record)) return 'late';
  const { program, http } = record;
  if (program?.status === null && isKilled) return 'killed';
  const hasFailed = program ? program.status !== 0 : http !== undefined && http.status >= 500 && !http.isOfGateway;
  return hasFailed && said === 'unsure' ? 'crash' : 'normal';
}

/**
 * Returns what a step said, or undefined if no program or application acted in it.
 *
 * @param isKilled whether the program was to be killed
 */
export function statementOf(
  record: Pick<StepRecord, 'step' | 'program' | 'http' | 'failures'>,
  wording = DEFAULT_WORDING,
  isKilled = false,
): Statement | undefined {
  const { step, program, http } = record;
  const command = commandOf(step);
  if (command === undefined || (!program && !http && !wasLate(record))) return undefined;
  const output = program ? program.stdout : (http?.body ?? '');
  const everything = program ? `${program.stdout}${program.stderr}` : output;
  const task = ('does' in step ? step.does : undefined) ?? taskOf(command);
  const said = readSaid(output, task, wording);
  const ending = endingOf(record, said, isKilled);
  const text = ending === 'crash' ? everything : output;
  return {
    task,
    said,
    ending,
    text: shortened(maskText(text.trim())),
    // The hosted page shows the test cards.
    showsCard: !http?.isOfGateway && containsCard(everything),
  };
}
