import { setTimeout as delay } from 'node:timers/promises';
import type { ControlClient } from '../control.js';
import { ruleId } from './perturbation.js';

/** How often the gateway is asked whether it holds a reply. Milliseconds. Only one worker runs, so nothing depends on it. */
const LOOK_EVERY = 10;

/**
 * Lets one of two programs run at a time, and passes on after chosen questions: a rule of the gateway holds the reply of one while the other
 * runs.
 */
export class GatewayScheduler {
  readonly #control: ControlClient;
  readonly #switchAt: number[];

  /** @param switchAt the questions of both, counted from 1, whose replies rules hold */
  constructor(control: ControlClient, switchAt: readonly number[]) {
    this.#control = control;
    this.#switchAt = [...switchAt].sort((a, b) => a - b);
  }

  /** Runs two workers in turn. Resolves with their results when both have ended. */
  async run<Result>(workers: readonly (() => Promise<Result>)[]): Promise<Result[]> {
    const running: Promise<Result>[] = [];
    const ended = new Set<number>();
    const held = new Map<number, string>();
    for (let current = 0; ended.size < workers.length; ) {
      running[current] ??= (workers[current] as () => Promise<Result>)();
      await this.#goOn(current, held);
      const rule = await this.#endOrHold(running[current] as Promise<Result>);
      if (rule === undefined) ended.add(current);
      else held.set(current, rule);
      const other = (current + 1) % workers.length;
      if (!ended.has(other)) current = other;
    }
    return Promise.all(running);
  }

  async #goOn(worker: number, held: Map<number, string>): Promise<void> {
    const rule = held.get(worker);
    held.delete(worker);
    if (rule !== undefined) await this.#control.call('POST', '/release', { rule });
  }

  /** Resolves with the rule that holds the reply of the worker, or with undefined when the worker has ended. */
  async #endOrHold(worker: Promise<unknown>): Promise<string | undefined> {
    const [at] = this.#switchAt;
    const end = worker.then(
      () => true,
      () => true,
    );
    if (at === undefined) {
      await end;
      return undefined;
    }
    const rule = ruleId({ kind: 'switch', at });
    while (!(await Promise.race([end, delay(LOOK_EVERY, false)]))) {
      const { calls } = (await this.#control.call('GET', `/rules/${rule}`)) as { calls: number };
      if (calls < at) continue;
      this.#switchAt.shift();
      return rule;
    }
    return undefined;
  }
}
