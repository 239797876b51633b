/** What a step of a flow does with the money. `other`: nothing that a law is about. */
export const TASKS = ['pay', 'authorize', 'capture', 'cancel', 'refund', 'other'] as const;

/** What a step of a flow does with the money. */
export type Task = (typeof TASKS)[number];

/** What a program said. `done`: that the task succeeded. `refused`: that it did not. `unsure`: neither. */
export type Said = 'done' | 'refused' | 'unsure';

/** How a program ended. `killed`: by the explorer. `late`: it exceeded its time limit. */
type Ending = 'normal' | 'crash' | 'killed' | 'late';

/** A step of a flow that ran. */
export interface Statement {
  readonly task: Task;
  readonly said: Said;
  readonly ending: Ending;
  /** The output, masked and shortened. */
  readonly text: string;
  /** Whether the output has a card number. */
  readonly showsCard: boolean;
}

/** One run of a flow: the steps that ran, up to the first that was not done. */
export interface Attempt {
  readonly statements: readonly Statement[];
  /** Of several workers: the attempt of each. `statements` has those of all. */
  readonly workers?: readonly Attempt[];
  /** Of a scenario: which of its steps ran. */
  readonly steps?: readonly RanStep[];
}

/** A step of a scenario that ran. */
export interface RanStep {
  /** Its place among the steps, from 0. */
  readonly index: number;
  /** The question of the step during which the program was killed. */
  readonly kill?: number;
}

/** Returns the last statement of an attempt, or undefined if no step ran. */
export const lastOf = ({ statements }: Attempt): Statement | undefined => statements.at(-1);

/** Whether an attempt is to be made again, because the shop does not know how it ended. */
export function isOpenEnded(attempt: Attempt): boolean {
  if (attempt.workers) return attempt.workers.some(isOpenEnded);
  const last = lastOf(attempt);
  return last === undefined || last.said === 'unsure' || last.ending !== 'normal';
}

/** What is bought. Amounts in minor units. */
export interface Order {
  readonly amount: number;
  /** What the flow refunds in all. Default: nothing. */
  readonly refund?: number;
}

/** How to read what a program said. */
export interface Wording {
  readonly done: RegExp;
  readonly refused: RegExp;
}

/** The words of the merchants in scenarios/examples. */
export const DEFAULT_WORDING: Wording = {
  done: /^\s*(paid|authorized|captured|cancelled|refunded|subscribed|renewed|found Captur)/im,
  refused: /^\s*refused\b/im,
};

/** Reads what a program said. What matches neither wording is unsure. */
export function readSaid(text: string, { done, refused }: Wording = DEFAULT_WORDING): Said {
  if (refused.test(text)) return 'refused';
  return done.test(text) ? 'done' : 'unsure';
}

/** The tasks by the words that name them. The first word of a command that is one of these decides. */
const TASK_WORDS: Readonly<Record<string, Task>> = {
  pay: 'pay',
  subscribe: 'pay',
  renew: 'pay',
  authorize: 'authorize',
  capture: 'capture',
  cancel: 'cancel',
  refund: 'refund',
  status: 'other',
};

/** Returns what a command does, by the first word of it that names a task. Default: it pays. */
export function taskOf(command: string): Task {
  const words = command.toLowerCase().split(/[^a-z]+/);
  const known = words.find((word) => Object.hasOwn(TASK_WORDS, word));
  return known === undefined ? 'pay' : (TASK_WORDS[known] as Task);
}
