import { hostname } from 'node:os';
import { GATEWAY_HOSTS } from '../../contracts/index.js';

/** The names of this machine, and those of the gateway, which programs use through the proxy or an entry in their hosts file. */
export function ownHosts(): string[] {
  const name = hostname();
  return [name, `${name}.local`, ...GATEWAY_HOSTS.map(({ host }) => host)];
}
