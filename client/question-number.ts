import { NUMQUESTION_MAX, tenDigits } from '../contracts/index.js';
import { MisuseError } from './errors/misuse-error.js';

/** Where question numbers come from: a whole number from 1 to 2147483647, never the same twice on one day. */
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
 * The next of this process's question numbers. It counts through all 31-bit numbers in an order drawn at random
 * (`factor × count + offset` modulo 2³¹, the factor odd), so that a process never repeats one before it has used all of them.
 *
 * Processes do not know of each other. A number of one is equal to a given number of another with a probability of 2⁻³¹, so
 * n questions of one account and day, however spread over processes, hold an equal pair with a probability below n² / 2³²:
 * 1 in 4 295 for 1 000 questions, 1 in 43 for 10 000. The gateway refuses the second of a pair with 00039
 * and carries nothing out. An account with more traffic gives the client numbers of its own, from a sequence in its database.
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
 * Asks a source for a number and writes it with ten digits.
 *
 * @throws MisuseError where the source gives what is no question number
 */
export async function nextQuestionNumber(source: QuestionNumberSource): Promise<string> {
  const number = await source();
  if (!Number.isInteger(number) || number < 1 || number > NUMQUESTION_MAX)
    throw new MisuseError(`questionNumber: the source must give whole numbers from 1 to ${NUMQUESTION_MAX}.`);
  return tenDigits(number);
}
