import { describe, expect, test } from 'vitest';
import { contractScenarios } from '../load.js';
import { casesOf, runScenarios } from '../runner.js';
import { endpointTarget, type Target, type TargetAccount } from '../target.js';
import { timeline } from '../timeline.js';

/** The endpoint to test, and the account to use. */
export interface ContractTestOptions extends TargetAccount {
  /** URL of the gateway, including its path. */
  readonly url: string;
  /** Run only scenarios that may run on a shared real endpoint; skip the others. Default: false. */
  readonly safe?: boolean;
  /** Run only scenarios that have all of these tags. */
  readonly tags?: readonly string[];
}

async function registerOn(target: Target, { safe, tags = [] }: Pick<ContractTestOptions, 'safe' | 'tags'>): Promise<void> {
  const scenarios = (await contractScenarios()).filter((scenario) => tags.every((tag) => scenario.tags.includes(tag)));
  describe(`the contract at ${target.name}`, () => {
    for (const one of casesOf(scenarios)) {
      test(one.name, async ({ skip }) => {
        const { results } = await runScenarios([{ ...one.scenario, examples: [one.row] }], { target, ...(safe !== undefined && { safe }) });
        const [result] = results;
        if (result?.outcome === 'skipped') skip(result.reason);
        if (result?.outcome === 'failed') expect.fail(`${one.scenario.why}\n${timeline(one.scenario, result.record)}`);
      });
    }
  });
}

/**
 * Registers the contract tests as vitest tests of an endpoint, such as a team's own test double of the gateway.
 *
 * @example
 * import { contractTests } from 'paybox-direct-simulator/vitest';
 * await contractTests({ url: 'http://127.0.0.1:9000/PPPS.php', site: '1999888', rang: '32', cle: '1999888I', version: '00104' });
 */
export function contractTests({ url, safe, tags, ...account }: ContractTestOptions): Promise<void> {
  return registerOn(endpointTarget(url, account), { ...(safe !== undefined && { safe }), ...(tags && { tags }) });
}
