/** A host name of the gateway. Documented. See docs/protocol.md#section-1. */
export interface GatewayHost {
  readonly host: string;
  readonly service: 'Paybox' | 'Up2pay e-Transactions';
  readonly role: 'production' | 'backup' | 'test';
}

/**
 * Every host of the gateway: those named ppps serve `/PPPS.php`, those named tpeweb RemoteMPI and the hosted page. See docs/protocol.md#section-1
 * and docs/protocol.md#section-7.
 */
export const GATEWAY_HOSTS: readonly GatewayHost[] = [
  { host: 'ppps.paybox.com', service: 'Paybox', role: 'production' },
  { host: 'ppps1.paybox.com', service: 'Paybox', role: 'backup' },
  { host: 'preprod-ppps.paybox.com', service: 'Paybox', role: 'test' },
  { host: 'ppps.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'production' },
  { host: 'ppps1.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'backup' },
  { host: 'preprod-ppps.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'test' },
  { host: 'recette-ppps.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'test' },
  { host: 'tpeweb.paybox.com', service: 'Paybox', role: 'production' },
  { host: 'tpeweb1.paybox.com', service: 'Paybox', role: 'backup' },
  { host: 'preprod-tpeweb.paybox.com', service: 'Paybox', role: 'test' },
  { host: 'tpeweb.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'production' },
  { host: 'tpeweb1.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'backup' },
  { host: 'preprod-tpeweb.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'test' },
  // Inferred from recette-ppps.
  { host: 'recette-tpeweb.e-transactions.fr', service: 'Up2pay e-Transactions', role: 'test' },
];

const BY_NAME = new Map(GATEWAY_HOSTS.map((entry) => [entry.host, entry]));

/** The gateway host with this name, in any letter case, or undefined if the gateway has no such host. */
export function gatewayHost(name: string): GatewayHost | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The path of the service on every host. */
export const GATEWAY_PATH = '/PPPS.php';

/** The content type of every reply. Observed. See docs/protocol.md#section-1. */
export const REPLY_CONTENT_TYPE = 'text/html;charset=ISO-8859-1';
