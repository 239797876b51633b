import type { Rule, RuleInput } from '../../engine/rule.js';
import type { Gateway } from '../../gateway/gateway.js';
import { ControlError } from '../errors.js';
import type { ControlRoute } from '../route.js';

const notFound = (id: string): ControlError => new ControlError(404, `Rule not found: ${id}. GET /_sim/rules lists the rules.`);

/** Returns rules, those that match nothing with the reason. */
async function ruleBodies(gateway: Gateway, rules: readonly Rule[]) {
  const reasons = await gateway.disabledRules();
  return rules.map((rule) => (reasons.has(rule.id) ? { ...rule, disabled: reasons.get(rule.id) } : rule));
}

/** The routes for rules. */
export const ruleRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/rules',
    summary: 'Lists the rules in the order in which they are evaluated.',
    response: 'The rules.',
    run: async ({ gateway }) => ({ rules: await ruleBodies(gateway, gateway.rules.list()) }),
  },
  {
    method: 'post',
    path: '/rules',
    summary: 'Adds a rule: matching questions get its response code or its fault.',
    body: 'rule',
    response: 'The rule.',
    run: ({ gateway, body }) => gateway.addRule(body as RuleInput),
  },
  {
    method: 'delete',
    path: '/rules',
    summary: 'Removes all rules.',
    run: ({ gateway }) => {
      gateway.rules.clear();
      return gateway.saved();
    },
  },
  {
    method: 'post',
    path: '/release',
    summary: 'Sends the replies that rules hold (`fault: {hold}`), or those of one rule.',
    body: 'release',
    bodyOptional: true,
    run: ({ gateway, body }) => gateway.release((body as { rule?: string } | undefined)?.rule),
  },
  {
    method: 'get',
    path: '/rules/{id}',
    summary: 'Returns a rule with the number of questions that matched it.',
    response: 'The rule.',
    run: async ({ gateway, param }) => {
      const rule = gateway.rules.get(param('id'));
      if (!rule) throw notFound(param('id'));
      const [body] = await ruleBodies(gateway, [rule]);
      return body;
    },
  },
  {
    method: 'delete',
    path: '/rules/{id}',
    summary: 'Removes a rule.',
    run: async ({ gateway, param }) => {
      if (!gateway.rules.remove(param('id'))) throw notFound(param('id'));
      await gateway.saved();
    },
  },
];
