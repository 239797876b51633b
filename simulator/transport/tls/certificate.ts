import { GATEWAY_HOSTS } from '../../../contracts/index.js';

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

/** A host name or address in a certificate. */
export interface CertifiedName {
  readonly type: 'dns' | 'ip';
  readonly value: string;
}

/** Every name of the simulator over HTTPS: this machine, and all hosts of the gateway. */
export const CERTIFIED_NAMES: readonly CertifiedName[] = [
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
  { type: 'ip', value: '::1' },
  ...GATEWAY_HOSTS.map(({ host }) => ({ type: 'dns', value: host }) as const),
];
