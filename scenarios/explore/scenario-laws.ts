import type { Environment } from '@marcbachmann/cel-js';
import type { ScenarioLaw } from '../scenario.js';
import { lastOf } from './attempt.js';
import type { Law, Trial } from './laws.js';
import { totalsOf } from './observation.js';

/** The names that the expression of a law can use, with their types in CEL. Amounts are in minor units. */
const VARIABLES = {
  amount: 'int',
  refund: 'int',
  payments: 'int',
  captured: 'int',
  refunded: 'int',
  credited: 'int',
  authorized: 'int',
  said: 'string',
  text: 'string',
  again: 'bool',
  questions: 'list<map<string, dyn>>',
} as const;

type Values = Readonly<Record<keyof typeof VARIABLES, unknown>>;

let environment: Environment | undefined;

/** Loads CEL, which {@link scenarioLaws} needs. Apart from it, because few scenarios have laws of their own. */
export async function loadExpressions(): Promise<void> {
  const { Environment: Made } = await import('@marcbachmann/cel-js');
  environment ??= Object.entries(VARIABLES).reduce((made, [name, type]) => made.registerVariable(name, type), new Made());
}

const firstLine = (error: unknown): string => (error as Error).message.split('\n', 1)[0] ?? '';

type Expression = ReturnType<Environment['parse']>;

/** @throws Error when the expression cannot be read, or is not a condition */
function parseExpression(text: string): Expression {
  if (!environment) throw new Error('The expressions are not loaded.');
  const expression = environment.parse(text);
  const { valid, type, error } = expression.check();
  if (!valid) throw new Error(`${firstLine(error)}; known: ${Object.keys(VARIABLES).join(', ')}`);
  if (type !== 'bool' && type !== 'dyn') throw new Error(`it is of type ${type}, and must be true or false`);
  return expression;
}

/** Returns what is wrong with the expression of a law, or undefined. Needs {@link loadExpressions}. */
export function expressionProblem(text: string): string | undefined {
  try {
    parseExpression(text);
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

function valuesOf({ order, first, second, atEnd }: Trial): Values {
  const { payments, captured, refunded, credited, open } = totalsOf(atEnd);
  const last = lastOf(second ?? first);
  const numbers = { amount: order.amount, refund: order.refund ?? 0, payments, captured, refunded, credited, authorized: open };
  return {
    ...(Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, BigInt(value)])) as Record<keyof typeof numbers, bigint>),
    said: last?.said ?? 'unsure',
    text: last?.text ?? '',
    again: second !== undefined,
    questions: atEnd.questions.map(({ TYPE, operation, CODEREPONSE, request }) => ({
      TYPE,
      operation,
      CODEREPONSE,
      request: Object.fromEntries(request),
    })),
  };
}

const REMEDY = 'This law is one of the scenario.';

function problemOf(expression: Expression, holds: string, trial: Trial): string | undefined {
  const values = valuesOf(trial);
  try {
    if (expression(values) === true) return undefined;
  } catch (error) {
    return `${holds} could not be evaluated: ${firstLine(error)}`;
  }
  const shown = Object.entries(values).filter(
    ([name]) => name !== 'questions' && name !== 'text' && new RegExp(`\\b${name}\\b`).test(holds),
  );
  return `${holds} does not hold${shown.length > 0 ? `: ${shown.map(([name, value]) => `${name} is ${value}`).join(', ')}` : ''}.`;
}

/**
 * Returns the laws of a scenario, whose expressions are in the Common Expression Language (CEL). Needs {@link loadExpressions} if there are any.
 *
 * @throws Error when an expression cannot be read
 */
export function scenarioLaws(laws: readonly ScenarioLaw[] = []): Law[] {
  return laws.map(({ id, sentence, remedy = REMEDY, holds }) => {
    const expression = parseExpression(holds);
    return { id, sentence, remedy, check: (trial: Trial) => problemOf(expression, holds, trial) };
  });
}
