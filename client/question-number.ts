import { NUMQUESTION_MAX, tenDigits } from '../contracts/index.js';
import { MisuseError } from './errors/client-error.js';

/**
 * Returns the next question number of the account: an integer from 1 to 2147483647, never the same twice on one day (Europe/Paris).
 *
 * @example
 * const questionNumber: QuestionNumberSource = async () => (await database.query("SELECT nextval('numquestion')")).value;
 */
export type QuestionNumberSource = () => number | Promise<number>;

interface Sequence {
  readonly factor: number;
  readonly offset: number;
  count: number;
}

let sequence: Sequence | undefined;

function startSequence(): Sequence {
  const [factor = 0, offset = 0] = crypto.getRandomValues(new Uint32Array(2));
  return { factor: factor | 1, offset, count: 0 };
}

/**
 * Returns the next question number of this process, the default {@link QuestionNumberSource}. The numbers run through all 31-bit
 * numbers in a random order (`factor × count + offset` modulo 2³¹ with an odd factor), so a process repeats none before it has used all.
 *
 * Two processes can return the same number: two given numbers are equal with a probability of 2⁻³¹. Among n questions of one account
 * on one day, in any number of processes, the probability of an equal pair is below n² / 2³²: 1 in 4 295 for 1 000 questions,
 * 1 in 43 for 10 000. The gateway refuses the second question of a pair with 00005 or 00039 and processes nothing. For an account with
 * more traffic, pass a source of your own as `questionNumber`, such as a sequence in the database.
 */
export function randomQuestionNumber(): number {
  sequence ??= startSequence();
  let number: number;
  do {
    sequence.count = (sequence.count + 1) | 0;
    number = (Math.imul(sequence.factor, sequence.count) + sequence.offset) & NUMQUESTION_MAX;
  } while (number === 0);
  return number;
}

/**
 * Takes a number from a source and writes it with ten digits.
 *
 * @throws MisuseError if the source returns anything but an integer from 1 to 2147483647
 */
export async function nextQuestionNumber(source: QuestionNumberSource): Promise<string> {
  const number = await source();
  if (!Number.isInteger(number) || number < 1 || number > NUMQUESTION_MAX)
    throw new MisuseError(`questionNumber: the source must return integers from 1 to ${NUMQUESTION_MAX}.`);
  return tenDigits(number);
}
