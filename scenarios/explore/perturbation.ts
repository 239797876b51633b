import { type Kind, kindBy, RESULT_PAGES } from './kinds.js';

/** A kind with the place where it happens. */
export interface Perturbation {
  /** Id of the kind. */
  readonly kind: string;
  /** The question it happens to, counted from 1 over the run; 0 for a kind that lasts the whole run. */
  readonly at: number;
}

/** What happens in a run: perturbations in the order of their places. Empty: nothing. */
export type Plan = readonly Perturbation[];

/** Returns a name of a plan. Equal plans have equal names. */
export const planKey = (plan: Plan): string => plan.map(({ kind, at }) => `${kind}@${at}`).join(' ') || 'nothing';

/** What the gateway of a run is set up with for a plan. */
export interface Conditions {
  /** Rules of the control API. */
  readonly rules: readonly Readonly<Record<string, unknown>>[];
  /** Values of variants. */
  readonly variants: Readonly<Record<string, string>>;
  /** Settings of the account. */
  readonly settings: Readonly<Record<string, string>>;
  /** The hosts that cannot be reached. */
  readonly down: readonly ('main' | 'backup')[];
  /** The question during which the program is killed, counted from 1. */
  readonly killAt?: number;
  /** After how much time everything that is late has come: an ISO 8601 duration. */
  readonly later?: string;
  /** The questions after which the other worker goes on, counted from 1. */
  readonly switchAt?: readonly number[];
}

/** Id of the rule of a perturbation. The findings of the question that it happened to name it. */
export const ruleId = ({ kind, at }: Perturbation): string => `${kind}-at-${at}`;

function ruleOf(perturbation: Perturbation, { rule }: Kind): Conditions['rules'] {
  return rule === undefined ? [] : [{ id: ruleId(perturbation), from: perturbation.at, times: 1, ...rule }];
}

/** The keys of a rule that say what becomes of the result of a page. */
const RESULT_KEYS = { authenticate: 'authentication', checkout: 'checkout' } as const;

/** The rules for the results of pages, one for each page: only the first that matches would count. */
function resultRules(kinds: readonly Kind[]): Conditions['rules'] {
  return RESULT_PAGES.flatMap((page) => {
    const results = kinds.flatMap(({ result }) => (result?.pages.includes(page) ? [result] : []));
    if (results.length === 0) return [];
    const faults: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const { way, fault } of results) faults[way] = { ...faults[way], ...fault };
    return [{ id: `results-of-${page}`, match: { TYPE: page }, [RESULT_KEYS[page]]: faults }];
  });
}

/** Translates a plan into rules, variants, settings and hosts. */
export function conditionsOf(plan: Plan): Conditions {
  const kinds = plan.map((perturbation) => ({ perturbation, kind: kindBy(perturbation.kind) }));
  const switchAt = kinds.filter(({ kind }) => kind.switches).map(({ perturbation: { at } }) => at);
  const killed = kinds.find(({ kind }) => kind.kills);
  const later = kinds.find(({ kind }) => kind.later !== undefined)?.kind.later;
  return {
    rules: [...kinds.flatMap(({ perturbation, kind }) => ruleOf(perturbation, kind)), ...resultRules(kinds.map(({ kind }) => kind))],
    settings: Object.assign({}, ...kinds.map(({ kind }) => kind.setting)),
    variants: Object.fromEntries(kinds.flatMap(({ kind: { variant } }) => (variant ? [[variant.name, variant.value]] : []))),
    down: kinds.flatMap(({ kind: { down } }) => (down ? [down] : [])),
    ...(later !== undefined && { later }),
    ...(switchAt.length > 0 && { switchAt }),
    ...(killed && { killAt: killed.perturbation.at }),
  };
}

/** Whether two perturbations exclude each other: two values of one variant or setting, a result that is lost, or two kinds at one question. */
export function exclude(one: Perturbation, other: Perturbation): boolean {
  if (one.at !== other.at) return false;
  if (one.at > 0) return true;
  const [first, second] = [kindBy(one.kind), kindBy(other.kind)];
  if (first.variant && second.variant) return first.variant.name === second.variant.name;
  if (first.setting && second.setting) return true;
  if (first.result && second.result && first.result.way === second.result.way)
    return [first.result, second.result].some(({ fault }) => fault.lost === true);
  return one.kind === other.kind;
}

/** Returns a plan without each of its perturbations in turn. */
export const withoutOne = (plan: Plan): Plan[] => plan.map((_, index) => plan.filter((__, other) => other !== index));
