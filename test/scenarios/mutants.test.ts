import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { loadScenarios } from '../../scenarios/load.js';
import { type CaseResult, runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { CARD, HEAD } from '../support/question.js';
import { brokenCalls, brokenFetch, type Mutant, madeUpRefusal } from './broken-gateway.js';
import { MUTANTS } from './mutants.js';
import { CONTRACT } from './run-contract.js';

const scenarios = await loadScenarios([CONTRACT]);
const named = scenarios.flatMap((scenario) => scenario.catches.map((name) => ({ name, scenario, id: scenario.id })));

/** Whether an expectation was not met. A missing reply does not count: it does not show that the mistake was detected. */
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

afterEach(() => vi.unstubAllGlobals());

describe('the contract tests against gateways with one mistake', () => {
  it.each(named)('$id catches $name', async ({ name, scenario }) => {
    // The gateway in this process calls shops with the global `fetch`.
    if (mutantOf(name).authentication) vi.stubGlobal('fetch', brokenCalls(mutantOf(name), globalThis.fetch));
    const target = simulatorTarget('http://localhost', brokenFetch(createSimulator(), mutantOf(name)));
    const { results } = await runScenarios([scenario], { target });
    expect(results.map(({ outcome }) => outcome)).toContain('failed');
    expect(results.some(isCaught)).toBe(true);
  });

  it('name only existing mistakes in `catches`', () => {
    expect(named.filter(({ name }) => !Object.hasOwn(MUTANTS, name)).map(({ name, id }) => `${id}: ${name}`)).toEqual([]);
  });

  it('detect every mistake', () => {
    const caught = new Set(named.map(({ name }) => name));
    expect(Object.keys(MUTANTS).filter((name) => !caught.has(name))).toEqual([]);
  });
});

describe('a gateway that refuses every account', () => {
  it('passes none of the scenarios on access, because each has a question that must be accepted', async () => {
    const refuses: Mutant = { mistake: 'refuses every account', answer: async (question) => ({ reply: madeUpRefusal(question, '00006') }) };
    const target = simulatorTarget('http://localhost', brokenFetch(createSimulator(), refuses));
    const { results } = await runScenarios(await loadScenarios([`${CONTRACT}/access`]), { target });
    expect(results.length).toBeGreaterThan(0);
    expect(results.filter(({ outcome }) => outcome !== 'failed').map((result) => result.case.name)).toEqual([]);
  });
});

describe('a gateway with one mistake', () => {
  it.each(Object.keys(MUTANTS))('%s still accepts an ordinary payment', async (name) => {
    const fetch = brokenFetch(createSimulator(), mutantOf(name));
    const response = await fetch('http://localhost/PPPS.php', { method: 'POST', body: ORDINARY });
    expect(decodeReply(new Uint8Array(await response.arrayBuffer())).get('CODEREPONSE')).toBe('00000');
  });
});
