import { type Attempt, isOpenEnded, type Order, type Statement } from './attempt.js';
import type { Law } from './laws.js';
import type { Conditions } from './perturbation.js';
import type { Sandbox } from './sandbox.js';

/** A flow in one sandbox, under the conditions of one run. */
export interface FlowRun {
  /** Runs the flow. */
  start(): Promise<Attempt>;
  /** Runs what the shop does when the faults are gone: the rest of the flow again, or its recovery. Undefined: a person decides. */
  again(): Promise<Attempt | undefined>;
  close?(): Promise<void>;
}

/**
 * After the faults are gone, lets each worker that does not know how its attempt ended try again, one after the other. Undefined: all of them
 * leave it to a person.
 *
 * @param firsts the first attempt of each
 */
export async function againInTurn(workers: readonly Pick<FlowRun, 'again'>[], firsts: readonly Attempt[]): Promise<Attempt | undefined> {
  const seconds: (readonly Statement[])[] = [];
  for (const [index, worker] of workers.entries()) {
    const first = firsts[index];
    const second = first && isOpenEnded(first) ? await worker.again() : undefined;
    if (second) seconds.push(second.statements);
  }
  return seconds.length === 0 ? undefined : { statements: seconds.flat() };
}

/** What is explored: what a shop does from the order to the money. */
export interface Flow {
  /** Names the flow in reports. */
  readonly name: string;
  readonly order: Order;
  /** Whether what runs can be killed between a question and its reply. */
  readonly canBeKilled: boolean;
  /** Whether time limits of programs are real, so that a busy machine can break a law: a run that fails is then repeated once. */
  readonly isTimed?: boolean;
  /** How many workers run the flow on one order at the same time. Default: 1. */
  readonly workers?: number;
  /** Laws in addition to the usual ones. */
  readonly laws?: readonly Law[];
  /** Prepares the flow in a sandbox and applies the conditions. */
  open(sandbox: Sandbox, conditions: Conditions): Promise<FlowRun>;
}
