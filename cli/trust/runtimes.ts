import { messages } from '../messages/index.js';
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
  const { ca } = messages();
  return [
    { name: 'curl', trust: [`curl --cacert "${file}" …`, `${ca.or} CURL_CA_BUNDLE="${bundle}"`], proxy: byVariable },
    {
      name: 'PHP',
      trust: [
        `php.ini: curl.cainfo="${bundle}", openssl.cafile="${bundle}"`,
        `${ca.or} CURLOPT_CAINFO; ${ca.phpStreams} ['ssl' => ['cafile' => '${file}']]; ${ca.forGuzzle} 'verify' => '${file}'`,
      ],
      proxy: `${byVariable} ${ca.with} ext-curl; ${ca.streams} ['http' => ['proxy' => 'tcp://127.0.0.1:8888']]`,
    },
    { name: 'Node.js', trust: [`NODE_EXTRA_CA_CERTS="${file}"`], proxy: `${byVariable} ${ca.fromNode24} NODE_USE_ENV_PROXY=1` },
    { name: 'Python', trust: [`SSL_CERT_FILE="${bundle}"`, `requests: REQUESTS_CA_BUNDLE="${bundle}"`], proxy: byVariable },
    { name: 'Ruby', trust: [`SSL_CERT_FILE="${bundle}"`], proxy: `http_proxy=http://127.0.0.1:8888 ${ca.forHttpsToo}` },
    {
      name: 'Perl',
      trust: [`LWP: PERL_LWP_SSL_CA_FILE="${bundle}"; HTTP::Tiny: SSL_CERT_FILE="${bundle}"`],
      proxy: `${byVariable}; LWP: PERL_LWP_ENV_PROXY=1`,
    },
    { name: 'Go', trust: [`SSL_CERT_FILE="${bundle}"; ${ca.systemBelow}`], proxy: byVariable },
    {
      name: 'Java',
      trust: [`java -Djavax.net.ssl.trustStore="${javaStore}" -Djavax.net.ssl.trustStorePassword=changeit …`],
      proxy: '-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8888',
    },
    {
      name: '.NET',
      trust: [`SSL_CERT_FILE="${bundle}" ${ca.onLinux}; ${ca.systemBelow}`],
      proxy: byVariable,
    },
    {
      name: ca.system,
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
