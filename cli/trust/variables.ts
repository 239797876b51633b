import { GATEWAY_HOSTS } from '../../contracts/index.js';
import type { CertificateAuthority } from '../../simulator/index.js';
import { matchesNoProxy, noProxyEntries } from './proxy.js';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** The files of the authority that programs read. */
export type AuthorityFiles = Pick<CertificateAuthority, 'file' | 'bundle' | 'javaStore'>;

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The file for each variable: the certificate alone if the variable adds to the default authorities; the bundle, which
 * includes the public authorities, if the variable replaces them.
 */
const TRUST = {
  CURL_CA_BUNDLE: 'bundle',
  SSL_CERT_FILE: 'bundle',
  REQUESTS_CA_BUNDLE: 'bundle',
  PERL_LWP_SSL_CA_FILE: 'bundle',
  NODE_EXTRA_CA_CERTS: 'file',
} as const satisfies Record<string, keyof AuthorityFiles>;

// Ruby's Net::HTTP uses http_proxy for https too; curl reads http_proxy only in lower case.
const PROXY = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** Hosts that always bypass the proxy. */
const LOCAL = ['localhost', '127.0.0.1', '::1'] as const;

/** Returns the variables that make programs trust the authority. */
export function trustVariables(authority: Pick<AuthorityFiles, 'file' | 'bundle'>): Variables {
  return Object.fromEntries(Object.entries(TRUST).map(([name, which]) => [name, authority[which]]));
}

// Such an entry would let programs reach the real gateway.
const matchesGateway = (entry: string): boolean => GATEWAY_HOSTS.some(({ host }) => matchesNoProxy(entry, host));

/**
 * Returns the variables that make programs use a proxy.
 *
 * @param env the environment to extend: its NO_PROXY stays in effect, except for the gateway's hosts
 */
export function proxyVariables(url: string, env: Environment): Variables {
  const entries = noProxyEntries(env.no_proxy || env.NO_PROXY || '').filter((entry) => !matchesGateway(entry));
  const noProxy = [...new Set([...entries, ...LOCAL])].join(',');
  return { ...Object.fromEntries(PROXY.map((name) => [name, url])), NO_PROXY: noProxy, no_proxy: noProxy };
}
