import { describe, expect, it } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { loadScenarios } from '../../scenarios/load.js';
import { type CaseResult, runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { CARD, HEAD } from '../support/question.js';
import { brokenFetch, type Mutant, madeUpRefusal } from './broken-gateway.js';
import { MUTANTS } from './mutants.js';
import { CONTRACT } from './run-contract.js';

const scenarios = await loadScenarios([CONTRACT]);
const named = scenarios.flatMap((scenario) => scenario.catches.map((name) => ({ name, scenario, id: scenario.id })));

/** Whether what was expected was not met; a reply that never came proves nothing. */
function isCaught(result: CaseResult): boolean {
  if (result.outcome !== 'failed') return false;
  return result.record.steps.flatMap(({ failures }) => failures).every(({ expected }) => expected !== 'a reply');
}

const ORDINARY = encodeForm(
  Object.entries({ ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '17', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' }),
);

const mutantOf = (name: string): Mutant => {
  const mutant = MUTANTS[name];
  if (!mutant) throw new Error(`No mutant is named ${name}.`);
  return mutant;
};

describe('the contract tests against gateways that are broken in one way', () => {
  it.each(named)('$id catches $name', async ({ name, scenario }) => {
    const target = simulatorTarget('http://localhost', brokenFetch(createSimulator(), mutantOf(name)));
    const { results } = await runScenarios([scenario], { target });
    expect(results.map(({ outcome }) => outcome)).toContain('failed');
    expect(results.some(isCaught)).toBe(true);
  });

  it('names in `catches` only mistakes that there are', () => {
    expect(named.filter(({ name }) => !Object.hasOwn(MUTANTS, name)).map(({ name, id }) => `${id}: ${name}`)).toEqual([]);
  });

  it('has a scenario for every mistake', () => {
    const caught = new Set(named.map(({ name }) => name));
    expect(Object.keys(MUTANTS).filter((name) => !caught.has(name))).toEqual([]);
  });
});

describe('a gateway that refuses everybody', () => {
  it('passes none of the scenarios on access: each has a question that must be taken', async () => {
    const refuses: Mutant = { mistake: 'refuses everybody', answer: async (question) => ({ reply: madeUpRefusal(question, '00006') }) };
    const target = simulatorTarget('http://localhost', brokenFetch(createSimulator(), refuses));
    const { results } = await runScenarios(await loadScenarios([`${CONTRACT}/access`]), { target });
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ outcome }) => outcome !== 'failed').map((result) => result.case.name)).toEqual([]);
  });
});

describe('a gateway that is broken in one way', () => {
  it.each(Object.keys(MUTANTS))('with %s still takes an ordinary payment', async (name) => {
    const fetch = brokenFetch(createSimulator(), mutantOf(name));
    const response = await fetch('http://localhost/PPPS.php', { method: 'POST', body: ORDINARY });
    expect(decodeReply(new Uint8Array(await response.arrayBuffer())).get('CODEREPONSE')).toBe('00000');
  });
});
