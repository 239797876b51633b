/** The names of the ready flows. Apart from the flows, so that the command line can list them without loading scenarios. */
export const READY_FLOW_NAMES = ['pay', 'authorize-capture', 'cancel', 'refund', 'partial-refund'] as const;

/** Name of a ready flow. */
export type ReadyFlowName = (typeof READY_FLOW_NAMES)[number];
