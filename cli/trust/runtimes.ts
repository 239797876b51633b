import type { AuthorityFiles } from './variables.js';

/** How to make a runtime trust the authority and use the simulator as its proxy. */
export interface Runtime {
  readonly name: string;
  /** Commands or settings, as human-readable lines. */
  readonly trust: readonly string[];
  /** How to set the proxy; empty if there is nothing to set. */
  readonly proxy: string;
}

const byVariable = 'HTTPS_PROXY=http://127.0.0.1:8888';

/** Returns the instructions for all runtimes, with the files of the authority. */
export function runtimes(authority: AuthorityFiles): readonly Runtime[] {
  const { file, bundle, javaStore } = authority;
  return [
    { name: 'curl', trust: [`curl --cacert "${file}" …`, `or CURL_CA_BUNDLE="${bundle}"`], proxy: byVariable },
    {
      name: 'PHP',
      trust: [
        `curl.cainfo="${bundle}" and openssl.cafile="${bundle}" in php.ini`,
        `or CURLOPT_CAINFO; for streams ['ssl' => ['cafile' => '${file}']]; for Guzzle 'verify' => '${file}'`,
      ],
      proxy: `${byVariable} with ext-curl; streams: ['http' => ['proxy' => 'tcp://127.0.0.1:8888']]`,
    },
    { name: 'Node.js', trust: [`NODE_EXTRA_CA_CERTS="${file}"`], proxy: `${byVariable} from Node 24 on, with NODE_USE_ENV_PROXY=1` },
    { name: 'Python', trust: [`SSL_CERT_FILE="${bundle}"`, `requests: REQUESTS_CA_BUNDLE="${bundle}"`], proxy: byVariable },
    { name: 'Ruby', trust: [`SSL_CERT_FILE="${bundle}"`], proxy: 'http_proxy=http://127.0.0.1:8888 (Net::HTTP), for https too' },
    {
      name: 'Perl',
      trust: [`LWP: PERL_LWP_SSL_CA_FILE="${bundle}"; HTTP::Tiny: SSL_CERT_FILE="${bundle}"`],
      proxy: `${byVariable}; LWP: with PERL_LWP_ENV_PROXY=1`,
    },
    { name: 'Go', trust: [`SSL_CERT_FILE="${bundle}"; on Windows and macOS use the system's store, see below`], proxy: byVariable },
    {
      name: 'Java',
      trust: [`java -Djavax.net.ssl.trustStore="${javaStore}" -Djavax.net.ssl.trustStorePassword=changeit …`],
      proxy: '-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8888',
    },
    {
      name: '.NET',
      trust: [`SSL_CERT_FILE="${bundle}" on Linux; on Windows and macOS use the system's store, see below`],
      proxy: byVariable,
    },
    {
      name: "the system's store",
      trust: [
        `Debian, Ubuntu: sudo cp "${file}" /usr/local/share/ca-certificates/paybox-sim.crt && sudo update-ca-certificates`,
        `Fedora: sudo trust anchor "${file}"`,
        `macOS: security add-trusted-cert -k ~/Library/Keychains/login.keychain-db "${file}"`,
        `Windows: certutil -user -addstore Root "${file}"`,
      ],
      proxy: '',
    },
  ];
}
