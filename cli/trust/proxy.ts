import { gatewayHost } from '../../contracts/hosts.js';

/** Returns the host and port of a proxy's URL. */
export function proxyAddress(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(url);
  return { host: withoutBrackets(hostname), port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** Names and addresses of the local machine, which always bypass the proxy. */
const LOCAL = /^(?:(?:.+\.)?localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0)$/;

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

function addressNumber(text: string): number | undefined {
  const [found, ...parts] = IPV4.exec(text) ?? [];
  return found === undefined ? undefined : parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isInNetwork(host: string, network: string): boolean {
  const [base = '', bits = ''] = network.split('/');
  const [address, first] = [addressNumber(host), addressNumber(base)];
  if (address === undefined || first === undefined || !/^\d\d?$/.test(bits)) return false;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(address / size) === Math.floor(first / size);
}

function withoutBrackets(host: string): string {
  return host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
}

/** Whether an entry of NO_PROXY matches a host. An entry is a name (with its subdomains), an address, an IPv4 network or `*`. */
export function matchesNoProxy(entry: string, host: string): boolean {
  if (entry === '*') return true;
  const name = withoutBrackets(entry.replace(/^(\[.*\]|[^:]*):443$/, '$1')).replace(/^\*?\./, '');
  return name !== '' && (host === name || host.endsWith(`.${name}`) || isInNetwork(host, name));
}

/** Splits the value of NO_PROXY. */
export function noProxyEntries(noProxy: string): readonly string[] {
  return noProxy.split(/[\s,]+/).filter((entry) => entry !== '');
}

/** Whether requests to a host bypass the proxy: the local machine and the hosts of NO_PROXY do, the gateway's hosts never do. */
export function bypassesProxy(host: string, noProxy: string): boolean {
  if (gatewayHost(host)) return false;
  const name = withoutBrackets(host);
  return LOCAL.test(name) || noProxyEntries(noProxy).some((entry) => matchesNoProxy(entry, name));
}
