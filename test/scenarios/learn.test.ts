import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { VARIANTS } from '../../contracts/index.js';
import { learnVariants, variantsBlock } from '../../scenarios/learn.js';
import { contractScenarios } from '../../scenarios/load.js';
import type { LoadedScenario } from '../../scenarios/parse.js';
import { makeRecording, readRecording } from '../../scenarios/recording.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';

const learnFromFile = (name: string) =>
  learnVariants(readRecording(readFileSync(new URL(`../recorded/${name}.json`, import.meta.url), 'utf8'))).map(
    ({ name: variant, value, step }) => [variant, value, step],
  );

test('a recorded capture shows that its numbers are kept', () => {
  expect(learnFromFile('register-capture')).toEqual([['captureNumbers', 'kept', 2]]);
});

test('a recorded frame error of 2015 shows three variants', () => {
  expect(learnFromFile('empty-refabonne-2015-01')).toEqual([
    ['emptyVariable', 'mandatory', 1],
    ['typeIndex', '33', 1],
    ['authorizationInRefusal', 'empty', 1],
  ]);
});

test('a variant that showed two values is not in the block', () => {
  const learned = { case: 'a', step: 1, reason: '' } as const;
  const block = variantsBlock([
    { ...learned, name: 'echo', value: 'normalised' },
    { ...learned, name: 'repeatedQuestion', value: '00005' },
    { ...learned, name: 'repeatedQuestion', value: '00039' },
    { ...learned, name: 'typeIndex', value: '33' },
  ]);
  expect(block).toBe("variants:\n  echo: normalised\n  typeIndex: '33'");
});

/** Variants that take days to show. */
const UNLEARNABLE: readonly string[] = ['lateCapture', 'cancelAfterRemittance'];

describe('of a gateway with one value for each variant', () => {
  let scenarios: readonly LoadedScenario[];
  beforeAll(async () => {
    scenarios = await contractScenarios();
  });

  test.each([0, 1])('the contract tests show the values (value %i of each variant)', async (index) => {
    const chosen = VARIANTS.filter(({ name }) => !UNLEARNABLE.includes(name)).map(
      ({ name, values }) => [name, values[index]?.value] as const,
    );
    const simulator = createSimulator({ accounts: [{ SITE: '1999888', RANG: '32', variants: Object.fromEntries(chosen) }] });
    try {
      const target = simulatorTarget('http://localhost', (input, init) => simulator.fetch(new Request(input, init)));
      // Without the values that the contract tests set themselves, which would hide those of the gateway.
      const unset = scenarios
        .filter(({ tags }) => !tags.includes('variants'))
        .map(({ given: { variants, ...given }, ...scenario }) => ({ ...scenario, given }));
      const learned = learnVariants(makeRecording(await runScenarios(unset, { target }), 'simulator'));
      expect(Object.fromEntries(learned.map(({ name, value }) => [name, value]))).toMatchObject(Object.fromEntries(chosen));
    } finally {
      await simulator.close();
    }
  });
});
