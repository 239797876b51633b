import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { VARIANTS } from '../../contracts/index.js';
import { contradictions, learnVariants, variantsBlock } from '../../scenarios/learn.js';
import { contractScenarios } from '../../scenarios/load.js';
import type { LoadedScenario } from '../../scenarios/parse.js';
import { makeRecording, readRecording } from '../../scenarios/recording.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';

const recorded = (name: string): string => readFileSync(new URL(`../recorded/${name}.json`, import.meta.url), 'utf8');

const learnFromFile = (name: string) =>
  learnVariants(readRecording(recorded(name))).shown.map(({ name: variant, value, step }) => [variant, value, step]);

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
  const shown = [
    { ...learned, name: 'echo', value: 'normalised' },
    { ...learned, name: 'repeatedQuestion', value: '00005' },
    { ...learned, name: 'repeatedQuestion', value: '00039' },
    { ...learned, name: 'typeIndex', value: '33' },
  ] as const;
  const all = { account: { SITE: '1999888', RANG: '32' }, shown, notShown: [] };
  expect(contradictions(all)).toEqual(['repeatedQuestion']);
  expect(variantsBlock(all)).toBe(
    "accounts:\n  - SITE: '1999888'\n    RANG: '32'\n    variants:\n      echo: normalised\n      typeIndex: '33'",
  );
});

test('the exchanges of other accounts show nothing about the variants of the account', () => {
  const exchange = (RANG: string, number: string) => ({
    request: `TYPE=00001&SITE=1999888&RANG=${RANG}&NUMQUESTION=${number}`,
    reply: `RANG=${RANG === '032' ? '32' : RANG}&NUMQUESTION=${number}&CODEREPONSE=00000`,
  });
  const learned = learnVariants(readRecording(JSON.stringify([exchange('032', '1'), exchange('07', '2'), exchange('32', '3')])));
  expect(learned.account).toEqual({ SITE: '1999888', RANG: '32' });
  expect(learned.shown).toMatchObject([{ name: 'echo', value: 'normalised', step: 1 }]);
});

describe('a refused second capture', () => {
  const learnAfter = (second: string) => {
    const numbers = 'NUMTRANS=0000000001&NUMAPPEL=0000000002';
    const exchange = (request: string, CODEREPONSE: string) => ({
      recorded: 'Tue, 13 Jan 2015 09:21:39 GMT',
      request,
      status: 200,
      headers: {},
      reply: `${numbers}&CODEREPONSE=${CODEREPONSE}&AUTORISATION=XXXXXX`,
    });
    const exchanges = [
      exchange('TYPE=00001&MONTANT=1000', '00000'),
      exchange(`TYPE=00002&MONTANT=600&${numbers}`, '00000'),
      exchange(`TYPE=00002&MONTANT=${second}&${numbers}`, '00015'),
    ];
    const recording = readRecording(JSON.stringify(exchanges));
    return learnVariants(recording).shown.filter(({ name }) => name === 'secondCapture');
  };

  test('shows the variant if the captures stay within the authorized amount', () => {
    expect(learnAfter('400')).toMatchObject([{ value: '00015', step: 3 }]);
  });

  test('shows nothing if they exceed it', () => {
    expect(learnAfter('401')).toEqual([]);
  });
});

test('a frame error with another text shows nothing about empty variables', () => {
  const text = recorded('empty-refabonne-2015-01');
  expect(text).toContain('Mandatory');
  const learned = learnVariants(readRecording(text.replaceAll('Mandatory', 'Unexpected')));
  expect(learned.shown.map(({ name }) => name)).not.toContain('emptyVariable');
  expect(learned.notShown).toContain('emptyVariable');
});

/** Variants that take time to show, or depend on what was authenticated. */
const UNLEARNABLE: readonly string[] = ['lateCapture', 'cancelAfterRemittance', 'id3dLife', 'id3dMismatch'];

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
      const learned = learnVariants(makeRecording(await runScenarios(unset, { target })));
      expect(Object.fromEntries(learned.shown.map(({ name, value }) => [name, value]))).toMatchObject(Object.fromEntries(chosen));
    } finally {
      await simulator.close();
    }
  });
});
