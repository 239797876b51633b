import type { Problem } from '../../../contracts/validate.js';
import type { RuleInput } from '../../engine/rule.js';
import { loadForRules, RuleError } from './check-rule.js';
import { ruleMessage } from './rule-message.js';
import { newRule } from './updates.js';

// The path ends with the name that most messages start with.
function problemOf(error: RuleError): Problem {
  const { path } = error;
  const message = ruleMessage(error);
  const start = `${path.at(-1)}: `;
  return { path, message: message.startsWith(start) ? message.slice(start.length) : message };
}

/** Returns why rules cannot be applied together: one problem for each of them that cannot, with its path in the list. */
export async function ruleProblems(inputs: readonly RuleInput[]): Promise<Problem[]> {
  await loadForRules(inputs);
  const problems: Problem[] = [];
  const names = new Set<string>();
  let named = 0;
  for (const [index, input] of inputs.entries()) {
    try {
      const made = newRule(input, names, named);
      named = made.named;
      names.add(made.rule.id);
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      const { path, message } = problemOf(error);
      problems.push({ path: [String(index), ...path], message });
    }
  }
  return problems;
}
