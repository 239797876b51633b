import type { Fault } from '../engine/fault.js';
import type { Matcher, RuleInput } from '../engine/rule.js';
import type { PageContext } from './page-context.js';

/** The fields of the form that describes a rule. */
export const RULE_FIELDS = [
  'type',
  'reference',
  'payment',
  'variable',
  'value',
  'host',
  'answer',
  'reply',
  'http',
  'delay',
  'processed',
  'from',
  'times',
] as const;

/** The name of a field of the form. */
type RuleField = (typeof RULE_FIELDS)[number];

type Fields = (name: RuleField) => string;

const number = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

function matchOf(field: Fields): Record<string, Matcher> {
  const pairs = [
    ['TYPE', field('type')],
    ['REFERENCE', field('reference')],
    [field('variable'), field('value')],
  ] as const;
  return Object.fromEntries(pairs.filter(([name, value]) => name !== '' && value !== ''));
}

function faultOf(field: Fields): Fault {
  const parts = [
    ['processed', field('processed')],
    ['reply', field('reply')],
    ['http', number(field('http'))],
    ['delay', number(field('delay'))],
  ] as const;
  return Object.fromEntries(parts.filter(([, value]) => value !== '')) as Fault;
}

/** The rule that a form describes; whether there is such a rule is for the schema to say. */
export function readRuleForm({ query }: Pick<PageContext, 'query'>): RuleInput {
  const field: Fields = query;
  const [match, fault] = [matchOf(field), faultOf(field)];
  return {
    ...(Object.keys(match).length > 0 && { match }),
    ...(field('payment') !== '' && { payment: { REFERENCE: field('payment') } }),
    ...(field('host') !== '' && { host: field('host') as 'main' | 'backup' }),
    ...(field('from') !== '' && field('from') !== '1' && { from: number(field('from')) as number }),
    ...(field('times') !== '' && field('times') !== '0' && { times: number(field('times')) as number }),
    ...(field('answer') !== '' && { answer: field('answer') }),
    ...(Object.keys(fault).length > 0 && { fault }),
  };
}
