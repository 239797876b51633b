import type { AuthenticationOutcome } from '../../contracts/index.js';
import type { ResultFault } from '../engine/authentication.js';
import type { Fault } from '../engine/fault.js';
import type { Matcher, RuleAuthentication, RuleInput } from '../engine/rule.js';
import type { PageContext } from './page-context.js';

/** The names of the fields of the rule form. */
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
  'outcome',
  'challenge',
  'server',
  'browser',
  'from',
  'times',
] as const;

type ReadField = (name: (typeof RULE_FIELDS)[number]) => string;

// A text that is not a number is kept, for the schema to report.
const toNumber = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

function matchOf(field: ReadField): Record<string, Matcher> {
  const matchers = [
    ['TYPE', field('type')],
    ['REFERENCE', field('reference')],
    [field('variable'), field('value')],
  ] as const;
  return Object.fromEntries(matchers.filter(([name, value]) => name !== '' && value !== ''));
}

function faultOf(field: ReadField): Fault {
  const parts = [
    ['processed', field('processed')],
    ['reply', field('reply')],
    ['http', toNumber(field('http'))],
    ['delay', toNumber(field('delay'))],
  ] as const;
  return Object.fromEntries(parts.filter(([, value]) => value !== '')) as Fault;
}

/** The faults of a result that the form offers, one at a time. */
export const RESULT_FAULTS = {
  lost: { lost: true },
  late: { late: 'PT2M' },
  twice: { times: 2 },
  check: { check: 'wrong' },
  session: { session: 'other' },
  charset: { charset: 'utf-8' },
} as const satisfies Record<string, ResultFault>;

/** The name of a fault of a result in the form. */
export type ResultFaultName = keyof typeof RESULT_FAULTS;

const resultFault = (name: string): ResultFault | undefined =>
  Object.hasOwn(RESULT_FAULTS, name) ? RESULT_FAULTS[name as ResultFaultName] : undefined;

const CHALLENGES: Readonly<Record<string, boolean>> = { yes: true, no: false };

function authenticationOf(field: ReadField): RuleAuthentication {
  const challenge = Object.hasOwn(CHALLENGES, field('challenge')) ? CHALLENGES[field('challenge')] : undefined;
  const [server, browser] = [resultFault(field('server')), resultFault(field('browser'))];
  return {
    ...(field('outcome') !== '' && { outcome: field('outcome') as AuthenticationOutcome }),
    ...(challenge !== undefined && { challenge }),
    ...(server && { server }),
    ...(browser && { browser }),
  };
}

/** Reads the rule from the fields of the form. The caller validates it against the schema. */
export function readRuleForm({ query }: Pick<PageContext, 'query'>): RuleInput {
  const field: ReadField = query;
  const [match, fault, authentication] = [matchOf(field), faultOf(field), authenticationOf(field)];
  return {
    ...(Object.keys(match).length > 0 && { match }),
    ...(field('payment') !== '' && { payment: { REFERENCE: field('payment') } }),
    ...(field('host') !== '' && { host: field('host') as 'main' | 'backup' }),
    ...(field('from') !== '' && field('from') !== '1' && { from: toNumber(field('from')) as number }),
    ...(field('times') !== '' && field('times') !== '0' && { times: toNumber(field('times')) as number }),
    ...(field('answer') !== '' && { answer: field('answer') }),
    ...(Object.keys(fault).length > 0 && { fault }),
    ...(Object.keys(authentication).length > 0 && { authentication }),
  };
}
