import { describe, expect, it } from 'vitest';
import { VARIANTS } from '../../contracts/index.js';
import { loadScenarios } from '../../scenarios/load.js';
import { prettyReport } from '../../scenarios/reports/index.js';
import { runScenarios } from '../../scenarios/runner.js';
import { endpointTarget, simulatorTarget } from '../../scenarios/target.js';
import { readVariantChoices, reportVariants, runUnderVariants } from '../../scenarios/variants.js';
import { createSimulator } from '../../simulator/index.js';
import { inline } from './inline.js';
import { CONTRACT, inProcessFetch } from './run-contract.js';

const scenarios = await loadScenarios([CONTRACT]);

const simulatorWith = (name: string, value: string) =>
  createSimulator({ accounts: [{ SITE: '1999888', RANG: '32', variants: { [name]: value } }] });

/** The value at this index of each variant; the last, if it has fewer. */
const valuesAt = (index: number) => Object.fromEntries(VARIANTS.map(({ name, values }) => [name, (values[index] ?? values.at(-1))?.value]));

describe('the contract tests', () => {
  // Under each value alone they run in test/endurance/variants.test.ts.
  it.each([1, 2])('pass where every variant has its value %i: each case sets the variants it depends on', async (index) => {
    const simulator = createSimulator({ accounts: [{ SITE: '1999888', RANG: '32', variants: valuesAt(index) }] });
    const target = simulatorTarget('http://localhost', inProcessFetch(simulator));
    const { results } = await runScenarios(scenarios, { target });
    expect(results.filter(({ outcome }) => outcome !== 'passed').map((result) => result.case.name)).toEqual([]);
  });

  it.each(VARIANTS)('have a case for each value of $name', ({ name, values }) => {
    const rows = scenarios
      .filter(({ given }) => Object.hasOwn((given.account?.variants as object | undefined) ?? {}, name))
      .flatMap(({ examples }) => examples.map(({ value }) => value));
    expect(new Set(rows)).toEqual(new Set(values.map(({ value }) => value)));
  });
});

describe('a scenario that depends on a variant', () => {
  const REPEATED =
    'steps: [{ send: pay, with: { NUMQUESTION: "7" } }, { send: pay, with: { NUMQUESTION: "7" }, expect: { reply: { CODEREPONSE: 00005 } } }]';
  const GIVEN = 'given: { variants: { repeatedQuestion: "00005" } }\n';

  it('sets the variant on a gateway with a control API', async () => {
    const target = simulatorTarget('http://localhost', inProcessFetch(simulatorWith('repeatedQuestion', '00039')));
    expect(await runScenarios([await inline(GIVEN + REPEATED)], { target })).toMatchObject({ passed: 1 });
    expect(await runScenarios([await inline(REPEATED)], { target })).toMatchObject({ failed: 1 });
  });

  it('keeps the other settings of the account', async () => {
    const target = simulatorTarget('http://localhost', inProcessFetch(createSimulator()));
    const given =
      'given: { account: { cvvRequired: true, variants: { authorizationInRefusal: zeros } }, variants: { repeatedQuestion: "00039" } }\n';
    const steps =
      'steps: [{ send: pay, with: { NUMQUESTION: "7" } }, { send: pay, with: { NUMQUESTION: "7" }, expect: { reply: { CODEREPONSE: 00039, ' +
      'AUTORISATION: "000000" } } }, { send: pay, without: [CVV], expect: { reply: { CODEREPONSE: 00020 } } }]';
    expect(await runScenarios([await inline(given + steps)], { target })).toMatchObject({ passed: 1 });
  });

  it('assumes the variant on any other endpoint, and fails where it differs', async () => {
    const endpoint = (value: string) => {
      const { account } = simulatorTarget('http://localhost');
      return endpointTarget('http://localhost/PPPS.php', account, inProcessFetch(simulatorWith('repeatedQuestion', value)));
    };
    const scenario = await inline(GIVEN + REPEATED);
    expect(await runScenarios([scenario], { target: endpoint('00005') })).toMatchObject({ passed: 1 });
    expect(await runScenarios([scenario], { target: endpoint('00039') })).toMatchObject({ failed: 1, skipped: 0 });
    const summary = await runScenarios([scenario], { target: endpoint('00039') });
    expect(prettyReport(summary)).toContain('The case assumes repeatedQuestion=00005.');
  });
});

describe('a raw step', () => {
  const RAW = '{ raw: "VERSION=00104" }';
  it.each([
    ['alone', `steps: [${RAW}]`],
    ['in a together step', `steps: [{ together: [${RAW}, ${RAW}] }]`],
  ])('is tried under every value of every variant: %s', async (_, steps) => {
    const target = simulatorTarget('http://localhost', inProcessFetch(createSimulator()));
    const choices = readVariantChoices('each');
    const { results, passed, failed, skipped } = await runUnderVariants([await inline(steps)], choices, { target });
    const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length;
    expect([passed, failed, skipped]).toEqual([count('passed'), count('failed'), count('skipped')]);
    expect(passed).toBeGreaterThan(choices.length / 2);
    expect(reportVariants(results).rows.map(([label]) => label)).toEqual(choices.map(({ name, value }) => `${name}=${value}`));
  });
});
