import { lastOf, type Order } from './attempt.js';
import { baselineProblem, execute } from './execute.js';
import { BaselineError } from './explore.js';
import type { Flow } from './flow.js';
import { totalsOf } from './observation.js';
import type { SandboxSource } from './sandbox.js';
import type { ProgramLimits } from './scenario-flow.js';

/** What a run without faults shows of a flow. */
export interface Measured {
  readonly order: Order;
  readonly limits: ProgramLimits;
  /** Rules of findings of severity error that the flow always has. */
  readonly usual: readonly string[];
}

/** The limits of the first run, when nothing is known. Seconds. */
const PROVISIONAL: ProgramLimits = { timeout: 10, within: 120 };

/** How much slower than the first run a question may be, on a machine that is busy with several runs. */
const SLOWER = 4;

const SHORTEST_TIMEOUT = 1;
const LONGEST_TIMEOUT = 10;

/** A program may wait for several replies that never come, and between them. */
const WAITS = 12;

// A whole run is longer than any of its questions, so its duration bounds that of a question.
function limitsFor(milliseconds: number): ProgramLimits {
  const seconds = milliseconds / 1000;
  const timeout = Math.min(LONGEST_TIMEOUT, Math.max(SHORTEST_TIMEOUT, Math.ceil(seconds * SLOWER)));
  return { timeout, within: Math.min(300, Math.ceil(Math.max(30, seconds * SLOWER + timeout * WAITS))) };
}

/**
 * Runs a flow once without faults, and sets the time limits of its programs by how long that takes.
 *
 * @param makeFlow returns the flow with limits
 * @param known what the flow buys. Default: what the run without faults captures and refunds
 * @throws BaselineError when the flow does not succeed
 */
export async function measureBaseline(
  makeFlow: (order: Order, limits: ProgramLimits) => Flow,
  sandboxes: SandboxSource,
  known: Order | undefined,
): Promise<Measured> {
  const flow = makeFlow(known ?? { amount: 0 }, PROVISIONAL);
  const { result, errors, last, atEnd } = await execute(flow, sandboxes, []);
  const problem = baselineProblem(last);
  if (problem !== undefined) throw new BaselineError(`${flow.name}: ${problem}`);
  const { captured, refunded, open } = totalsOf(atEnd);
  const order = known ?? { amount: captured + open, ...(refunded > 0 && { refund: refunded }) };
  if (order.amount === 0 && lastOf(last)?.task !== 'cancel')
    throw new BaselineError(`${flow.name}: Nothing was captured or authorized without any fault, so it is not known what the flow buys.`);
  return { order, limits: limitsFor(result.milliseconds), usual: [...errors] };
}
