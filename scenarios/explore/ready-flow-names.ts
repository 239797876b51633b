/** The names of the ready flows. Apart from the flows, so that the command line can list them without loading scenarios. */
export const READY_FLOW_NAMES = [
  'pay',
  'authorize-capture',
  'cancel',
  'refund',
  'partial-refund',
  'subscribe-renew',
  'three-d-secure',
  'hosted-page',
] as const;

/** The ready flows of a web shop: they need its address, and not a program. */
export const SHOP_FLOW_NAMES = ['three-d-secure', 'hosted-page'] as const satisfies readonly ReadyFlowName[];

/** Whether a ready flow is that of a web shop. */
export const isShopFlow = (name: ReadyFlowName): boolean => SHOP_FLOW_NAMES.some((known) => known === name);

/** Name of a ready flow. */
export type ReadyFlowName = (typeof READY_FLOW_NAMES)[number];
