import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Statement } from '../../../scenarios/explore/attempt.js';
import { breachesOf, type Trial } from '../../../scenarios/explore/laws.js';
import type { ObservedQuestion } from '../../../scenarios/explore/observation.js';
import { loadExpressions, scenarioLaws } from '../../../scenarios/explore/scenario-laws.js';
import { parseScenario } from '../../../scenarios/parse.js';
import { runScenarios } from '../../../scenarios/runner.js';
import { listeningTarget, problemsIn } from '../runs.js';

await loadExpressions();

const SAID: Statement = { task: 'pay', said: 'done', ending: 'normal', text: 'paid 1 2', showsCard: false };
const QUESTION: ObservedQuestion = {
  TYPE: '00003',
  operation: 'pay',
  CODEREPONSE: '00000',
  payment: '1',
  request: [['MONTANT', '1000']],
  findings: [],
};

function trial(captured: number, questions: readonly ObservedQuestion[] = [QUESTION]): Trial {
  const payment = { id: '1', standing: 'captured', authorized: captured, captured, refunded: 0, transactions: [] };
  const observed = { questions, payments: [payment] };
  return { order: { amount: 1000 }, first: { statements: [SAID] }, afterFirst: observed, atEnd: observed, usualErrors: new Set() };
}

const problemOf = (holds: string, ...of: Parameters<typeof trial>): string | undefined =>
  breachesOf(trial(...of), scenarioLaws([{ id: 'own', sentence: 'It holds.', holds }]))[0]?.problem;

describe('a law of a scenario', () => {
  test.each([
    'captured <= amount',
    'said != "done" || payments == 1',
    '!again && text.startsWith("paid") && refund == 0',
    'questions.filter(q, q.TYPE == "00003").size() == 1',
    'questions.all(q, q.request.MONTANT == "1000")',
  ])('holds: %s', (holds) => {
    expect(problemOf(holds, 1000)).toBeUndefined();
  });

  test.each([
    ['captured <= amount', 'captured <= amount does not hold: amount is 1000, captured is 2000.'],
    ['size(questions) == 1', 'size(questions) == 1 does not hold.'],
    ['captured / refund > 1', 'captured / refund > 1 could not be evaluated: division by zero'],
  ])('does not hold: %s', (holds, problem) => {
    expect(problemOf(holds, 2000, [QUESTION, QUESTION])).toBe(problem);
  });
});

const FILE = (law: string): string => `
id: order
why: An order is paid.
needs: [integration]
laws:
  - ${law}
steps:
  - run: \${integration} pay \${reference} 1000 \${card}
  - expect: { laws: { amount: 1000 } }
`;

describe('in a file', () => {
  test.each([
    ['{ id: own, sentence: It holds., holds: "captured <=" }', '6:37: laws.1.holds: Unexpected token: EOF'],
    ['{ id: own, sentence: It holds., holds: "captur <= 1" }', '6:37: laws.1.holds: Unknown variable: captur; known: amount, refund,'],
    ['{ id: own, sentence: It holds., holds: captured }', '6:37: laws.1.holds: it is of type int, and must be true or false'],
    ['{ id: said-paid, sentence: It holds., holds: "true" }', '6:7: laws.1.id: said-paid is already the name of a law'],
    ['{ id: own, holds: "true" }', 'sentence'],
  ])('is checked when it is read: %s', async (law, message) => {
    await expect(parseScenario(FILE(law), 'order.yaml')).rejects.toThrow(message);
  });

  test('is checked by the runner', async () => {
    const integration = `"${process.execPath}" "${join(import.meta.dirname, 'says-paid.mjs')}"`;
    const run = async (holds: string): Promise<string[]> => {
      const scenario = await parseScenario(FILE(`{ id: own, sentence: It holds., holds: '${holds}' }`), 'order.yaml');
      return problemsIn(await runScenarios([scenario], { target: await listeningTarget(), jobs: 1, values: { integration } }));
    };
    expect(await run('said == "unsure" && size(questions) == 0')).toEqual([]);
    expect(JSON.stringify(await run('payments == 1'))).toContain('payments == 1 does not hold: payments is 0.');
  });
});
