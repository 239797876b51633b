import { gatewayHost } from '../../contracts/hosts.js';

/** Hosts that stand for this machine, whatever is excepted. */
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

const bare = (host: string): string => host.toLowerCase().replace(/^\[(.*)\]$/, '$1');

/** Whether an entry of NO_PROXY is meant for a host: a name with all below it, an address, a network of addresses, `*`. */
export function matchesNoProxy(entry: string, host: string): boolean {
  if (entry === '*') return true;
  const name = bare(entry.replace(/^(\[.*\]|[^:]*):443$/, '$1')).replace(/^\*?\./, '');
  return name !== '' && (host === name || host.endsWith(`.${name}`) || isInNetwork(host, name));
}

/** The entries of NO_PROXY. */
export function noProxyEntries(noProxy: string): readonly string[] {
  return noProxy.split(/[\s,]+/).filter((entry) => entry !== '');
}

/** Whether a host is asked directly: this machine, and what NO_PROXY matchesNoProxy. The gateway's hosts never are. */
export function bypassesProxy(host: string, noProxy: string): boolean {
  if (gatewayHost(host)) return false;
  const asked = bare(host);
  return LOCAL.test(asked) || noProxyEntries(noProxy).some((entry) => matchesNoProxy(entry, asked));
}
