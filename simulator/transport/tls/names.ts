import { GATEWAY_HOSTS } from '../../../contracts/index.js';

/** A name or address that certificates speak for. */
export interface CertifiedName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

/** All that the simulator can be reached as over HTTPS: this machine, and every host of the gateway. */
export const CERTIFIED_NAMES: readonly CertifiedName[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
  ...GATEWAY_HOSTS.map(({ host }) => ({ type: 'dns', value: host }) as const),
];
