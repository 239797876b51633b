import { GATEWAY_HOSTS } from '../../contracts/index.js';
import type { CertificateAuthority } from '../../simulator/index.js';
import { matchesNoProxy, noProxyEntries } from './no-proxy.js';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** An environment as a program finds it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What each variable names: the authority alone where it is trusted beside others, the bundle where nothing else is trusted then. */
const TRUST = {
  CURL_CA_BUNDLE: 'bundle',
  SSL_CERT_FILE: 'bundle',
  REQUESTS_CA_BUNDLE: 'bundle',
  NODE_EXTRA_CA_CERTS: 'file',
} as const satisfies Record<string, keyof CertificateAuthority>;

// Ruby's Net::HTTP asks http_proxy for https too; curl reads that in small letters only.
const PROXY = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/** What is never asked through the proxy. */
const LOCAL = ['localhost', '127.0.0.1', '::1'] as const;

/** The variables that make programs trust the authority. */
export function trustVariables(authority: Pick<CertificateAuthority, 'file' | 'bundle'>): Variables {
  return Object.fromEntries(Object.entries(TRUST).map(([name, which]) => [name, authority[which]]));
}

// What would let a program past the simulator, to the gateway itself, is left out.
const exceptsGateway = (entry: string): boolean => GATEWAY_HOSTS.some(({ host }) => matchesNoProxy(entry, host));

/** The variables that make programs ask a proxy, this machine excepted, and what the environment matchesNoProxy already but the gateway's hosts. */
export function proxyVariables(url: string, env: Environment): Variables {
  const before = noProxyEntries(env.no_proxy || env.NO_PROXY || '').filter((entry) => !exceptsGateway(entry));
  const excepted = [...new Set([...before, ...LOCAL])].join(',');
  return { ...Object.fromEntries(PROXY.map((name) => [name, url])), NO_PROXY: excepted, no_proxy: excepted };
}
