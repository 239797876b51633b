import { GATEWAY_HOSTS, gatewayHost } from '../../../contracts/index.js';

/** Why the proxy, which serves the gateway's hosts only, refuses a host and port; undefined if it serves them. */
export function proxyRefusal(host: string, port: string): string | undefined {
  const known = gatewayHost(host);
  if (known && (port === '443' || port === '')) return undefined;
  const target = port === '' ? host : `${host}:${port}`;
  if (known) return `${target} was refused: the gateway answers on port 443.`;
  const hosts = GATEWAY_HOSTS.map((gateway) => gateway.host).join(', ');
  return [
    `${target} was refused: this is the proxy of paybox-direct-simulator, which serves ${hosts} and forwards nothing.`,
    `To reach ${host} without it, add it to NO_PROXY: NO_PROXY=localhost,127.0.0.1,::1,${host}`,
  ].join('\n');
}
