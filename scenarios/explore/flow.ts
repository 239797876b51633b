import type { Attempt, Order } from './attempt.js';
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
