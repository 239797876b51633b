import type { RuleInput } from '../../engine/rule.js';
import { ControlError } from '../errors.js';
import type { ControlRoute } from '../route.js';

const notFound = (id: string): ControlError => new ControlError(404, `Rule not found: ${id}. GET /_sim/rules lists the rules.`);

/** The routes for rules. */
export const ruleRoutes: readonly ControlRoute[] = [
  {
    method: 'get',
    path: '/rules',
    summary: 'Lists the rules in the order in which they are evaluated.',
    response: 'The rules.',
    run: ({ gateway }) => ({ rules: gateway.rules.list() }),
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
    method: 'get',
    path: '/rules/{id}',
    summary: 'Returns a rule with the number of questions that matched it.',
    response: 'The rule.',
    run: ({ gateway, param }) => {
      const rule = gateway.rules.get(param('id'));
      if (!rule) throw notFound(param('id'));
      return rule;
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
