import type { Scenario, Step } from './scenario.js';

/** A step and the steps it is made of. */
export function partsOf(step: Step): readonly Step[] {
  return 'together' in step ? [...step.together, step] : [step];
}

/** Whether a scenario starts programs or calls an application: these live in the present, whatever a gateway's clock says. */
export function startsPrograms({ steps }: Pick<Scenario, 'steps'>): boolean {
  return steps.flatMap(partsOf).some((step) => 'run' in step || 'call' in step);
}
