import { type Kind, kindBy } from './kinds.js';

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
  /** The hosts that cannot be reached. */
  readonly down: readonly ('main' | 'backup')[];
  /** The question during which the program is killed, counted from 1. */
  readonly killAt?: number;
  /** The questions after which the other worker goes on, counted from 1. */
  readonly switchAt?: readonly number[];
}

/** Id of the rule of a perturbation. The findings of the question that it happened to name it. */
export const ruleId = ({ kind, at }: Perturbation): string => `${kind}-at-${at}`;

function ruleOf(perturbation: Perturbation, { rule }: Kind): Conditions['rules'] {
  return rule === undefined ? [] : [{ id: ruleId(perturbation), from: perturbation.at, times: 1, ...rule }];
}

/** Translates a plan into rules, variants and hosts. */
export function conditionsOf(plan: Plan): Conditions {
  const kinds = plan.map((perturbation) => ({ perturbation, kind: kindBy(perturbation.kind) }));
  const switchAt = kinds.filter(({ kind }) => kind.switches).map(({ perturbation: { at } }) => at);
  const killed = kinds.find(({ kind }) => kind.kills);
  return {
    rules: kinds.flatMap(({ perturbation, kind }) => ruleOf(perturbation, kind)),
    variants: Object.fromEntries(kinds.flatMap(({ kind: { variant } }) => (variant ? [[variant.name, variant.value]] : []))),
    down: kinds.flatMap(({ kind: { down } }) => (down ? [down] : [])),
    ...(switchAt.length > 0 && { switchAt }),
    ...(killed && { killAt: killed.perturbation.at }),
  };
}

/** Whether two perturbations exclude each other: two values of one variant, or two kinds at one question. */
export function exclude(one: Perturbation, other: Perturbation): boolean {
  if (one.at !== other.at) return false;
  if (one.at > 0) return true;
  const [first, second] = [kindBy(one.kind), kindBy(other.kind)];
  if (first.variant && second.variant) return first.variant.name === second.variant.name;
  return one.kind === other.kind;
}

/** Returns a plan without each of its perturbations in turn. */
export const withoutOne = (plan: Plan): Plan[] => plan.map((_, index) => plan.filter((__, other) => other !== index));
