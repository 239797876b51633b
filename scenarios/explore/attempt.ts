/** What a step of a flow does with the money. `subscribe`: it registers a card, and takes nothing. `other`: nothing that a law is about. */
export const TASKS = ['pay', 'authorize', 'capture', 'cancel', 'refund', 'subscribe', 'other'] as const;

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
  /** Why a step could not run at all. */
  readonly problem?: string;
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

/** The words of the merchants in scenarios/examples at the begin of a line, and of the state in an answer in JSON. */
export const DEFAULT_WORDING: Wording = {
  done: /^\s*(?:paid|authorized|captured|cancelled|refunded|subscribed|renewed|found Captur)|"(?:state|status)"\s*:\s*"(?:paid|authorized|captured|cancelled|refunded)"/im,
  refused: /^\s*refused\b|"(?:state|status)"\s*:\s*"(?:refused|declined|failed)"/im,
};

/** The words that say of a task, in an answer in JSON, that it is done. An order that is still authorized is not captured. */
const STATES: Readonly<Partial<Record<Task, RegExp>>> = {
  authorize: /"(?:authorized|paid|captured)"/i,
  pay: /"(?:paid|captured)"/i,
  capture: /"(?:paid|captured)"/i,
  cancel: /"cancelled"/i,
  refund: /"refunded"/i,
};

/** Reads what a program said of a task. What matches neither wording is unsure. */
export function readSaid(text: string, task: Task = 'other', { done, refused }: Wording = DEFAULT_WORDING): Said {
  if (refused.test(text)) return 'refused';
  const [said] = done.exec(text) ?? [];
  if (said === undefined) return 'unsure';
  const isState = done === DEFAULT_WORDING.done && said.startsWith('"');
  return isState && STATES[task]?.test(said) === false ? 'unsure' : 'done';
}

/** The tasks by the words that name them. The first word of a command that is one of these decides. */
const TASK_WORDS: Readonly<Record<string, Task>> = {
  pay: 'pay',
  subscribe: 'subscribe',
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
