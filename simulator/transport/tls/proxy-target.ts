import { GATEWAY_HOSTS, gatewayHost } from '../../../contracts/index.js';

/** Why a proxy that speaks for the gateway's hosts only does not reach a host and port; undefined: it does. */
export function proxyRefusal(host: string, port: string): string | undefined {
  const known = gatewayHost(host);
  if (known && (port === '443' || port === '')) return undefined;
  const target = port === '' ? host : `${host}:${port}`;
  if (known) return `${target} was refused: the gateway answers on port 443.`;
  const hosts = GATEWAY_HOSTS.map((gateway) => gateway.host).join(', ');
  return [
    `${target} was refused: this is the proxy of paybox-direct-simulator, which answers for ${hosts}, and passes nothing on.`,
    `To reach ${host} without it, add it to NO_PROXY: NO_PROXY=localhost,127.0.0.1,::1,${host}`,
  ].join('\n');
}
