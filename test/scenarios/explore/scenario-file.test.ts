import { describe, expect, test } from 'vitest';
import { isReproducible, scenarioFile } from '../../../scenarios/explore/scenario-file.js';
import { parseScenario } from '../../../scenarios/parse.js';
import { runScenarios } from '../../../scenarios/runner.js';
import { listeningTarget, problemsIn } from '../runs.js';

const STEPS = [{ run: '${integration} pay ${reference} ${amount} ${card}', does: 'pay' as const }];
const SCENARIO = { id: 'shop', given: {}, steps: STEPS, needs: ['integration' as const], examples: [{ amount: '1000' }] };

function failureOf(law: string, more: { readonly kind?: string; readonly hasSecond?: boolean } = {}) {
  const { kind = 'drop', hasSecond } = more;
  const plan = [{ kind, at: 1 }];
  const points = [{ TYPE: '00003', operation: 'pay', request: [] }];
  const run = { plan, points, happened: true, signature: '', breaches: [], timeline: [], milliseconds: 1, ran: [[{ index: 0 }]] };
  return { law, place: 'pay', problem: 'What is wrong.', plans: [plan], run: { ...run, ...(hasSecond && { hasSecond }) } };
}

const fileOf = (law: string): string =>
  scenarioFile(failureOf(law), { scenario: SCENARIO, order: { amount: 1000 }, timeout: 1, usual: [] });

describe('the scenario of a failure', () => {
  test('can be read, and has the law as its reason', async () => {
    const { why, steps } = await parseScenario(fileOf('charged-once'), 'file.yaml');
    expect(why).toMatch(/^One order is never captured/);
    expect(steps.at(-1)).toEqual({ expect: { laws: { amount: 1000 } } });
  });

  test('checks a law that is otherwise only reported', async () => {
    const { steps } = await parseScenario(fileOf('left-authorized'), 'file.yaml');
    expect(steps.at(-1)).toEqual({ expect: { laws: { amount: 1000, strict: true } } });
  });

  test.each([
    [true, ['left-authorized: No authorization is left that the program did not report.']],
    [false, []],
  ])('with strict: %s', async (strict, broken) => {
    const text = `id: a\nwhy: It is held.\nsteps:\n  - send: authorize\n  - expect: { laws: { amount: 1000, strict: ${strict} } }\n`;
    const summary = await runScenarios([await parseScenario(text, 'a.yaml')], { target: await listeningTarget(), jobs: 1 });
    const problems = JSON.stringify(problemsIn(summary));
    expect(problems === '[]').toBe(!strict);
    for (const law of broken) expect(problems).toContain(law);
  });

  test('of two workers is written for one attempt only', () => {
    expect(isReproducible(failureOf('charged-once', { kind: 'switch' }), SCENARIO, 2)).toBe(true);
    expect(isReproducible(failureOf('recovers', { kind: 'switch', hasSecond: true }), SCENARIO, 2)).toBe(false);
    expect(isReproducible(failureOf('recovers', { hasSecond: true }), SCENARIO, 1)).toBe(true);
  });
});

describe('a flow with pages', () => {
  const browse = { browse: '${shop}/pay', expect: { http: { status: 200 } } } as const;

  test('is written without its expectations', async () => {
    const scenario = { ...SCENARIO, steps: [browse], needs: ['shop' as const] };
    const text = scenarioFile(failureOf('said-paid'), { scenario, order: { amount: 1000 }, timeout: 1, usual: [] });
    expect((await parseScenario(text, 'file.yaml')).steps[0]).toEqual({ browse: '${shop}/pay' });
  });

  test('is not written when a host cannot be reached, because the application knows its host', () => {
    const failure = failureOf('recovers', { kind: 'main-down' });
    expect(isReproducible(failure, { steps: [browse] }, 1)).toBe(false);
    expect(isReproducible(failure, SCENARIO, 1)).toBe(true);
  });
});

test('the laws of the scenario are checked after the second attempt', async () => {
  const laws = [{ id: 'own', sentence: 'It ends.', holds: 'said != "unsure"' }];
  const failure = failureOf('own', { hasSecond: true });
  const run = { ...failure.run, ran: [[{ index: 0 }], [{ index: 0 }]] };
  const text = scenarioFile({ ...failure, run }, { scenario: { ...SCENARIO, laws }, order: { amount: 1000 }, timeout: 1, usual: [] });
  const checks = (await parseScenario(text, 'file.yaml')).steps.filter((step) => 'expect' in step);
  expect(checks).toEqual([{ expect: { laws: { amount: 1000, again: true } } }, { expect: { laws: { amount: 1000 } } }]);
});
