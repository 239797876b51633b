import pc from 'picocolors';
import { TEST_ACCOUNTS, TEST_CARDS } from '../contracts/index.js';
import type { CertificateAuthority } from '../simulator/index.js';
import { VERSION } from '../simulator/version.js';
import type { Started } from './start-simulator.js';

/** A curl line that pays on a test account with a test card, ready to be pasted. */
function curlLine(url: string, isWindows = process.platform === 'win32', now = new Date()): string {
  const [account] = TEST_ACCOUNTS;
  const [card] = TEST_CARDS;
  const day = `${String(now.getDate()).padStart(2, '0')}${String(now.getMonth() + 1).padStart(2, '0')}${now.getFullYear()}`;
  const seconds = Math.floor(now.getTime() / 1000);
  const variables = [
    'VERSION=00104',
    'TYPE=00003',
    `SITE=${account?.SITE}`,
    `RANG=${account?.RANG}`,
    `CLE=${account?.CLE}`,
    // Pasted again, the line must not repeat its question number.
    `NUMQUESTION=${isWindows ? seconds : '$(date +%s)'}`,
    `DATEQ=${isWindows ? day : '$(date +%d%m%Y)'}`,
    'MONTANT=1000',
    'DEVISE=978',
    'REFERENCE=ORDER-1',
    `PORTEUR=${card?.PORTEUR}`,
    'DATEVAL=1249',
    `CVV=${card?.CVV}`,
  ];
  return `curl -s -d "${variables.join('&')}" ${url}/PPPS.php`;
}

/** What is said of a simulator that is up. */
export interface Shown extends Pick<Started, 'url' | 'store' | 'proxy'> {
  readonly httpsUrl: string | undefined;
  readonly certificateAuthority: CertificateAuthority | undefined;
}

type Row = readonly [name: string, value: string, note: string];

/** How it is reached over HTTPS, where it is. */
function httpsRows({ httpsUrl, certificateAuthority, url, proxy }: Shown): Row[] {
  if (httpsUrl === undefined || !certificateAuthority) return [];
  const trust =
    process.platform === 'win32'
      ? 'to be trusted: paybox-sim ca trust'
      : 'to be trusted: paybox-sim ca trust, or eval "$(paybox-sim ca env)"';
  return [
    ['HTTPS', `${httpsUrl}/PPPS.php`, 'the same port'],
    ['CA', certificateAuthority.file, trust],
    ...(proxy ? [['Proxy', url, "HTTPS_PROXY of programs that call the gateway's own hosts"] as const] : []),
  ];
}

/** What `serve` prints when it is up. */
export function startMessage(shown: Shown): string {
  const { url, store } = shown;
  const rows: Row[] = [
    ['Gateway', pc.green(`${url}/PPPS.php`), 'the URL to configure'],
    ...httpsRows(shown),
    ['Inspector', `${url}/_sim/`, 'look at what happened'],
    ['Journal', `${url}/_sim/journal`, 'every request and reply'],
    ['Control', `${url}/_sim/openapi.json`, 'clock, rules, payments, reset'],
    ['State', store, store === 'memory' ? 'gone at the end; --db FILE keeps it' : ''],
  ];
  return [
    pc.bold(`paybox-direct-simulator ${VERSION}`),
    ...rows.map(([name, value, note]) => `  ${name.padEnd(10)} ${value}${note === '' ? '' : pc.dim(`  ${note}`)}`),
    '',
    'Try it:',
    `  ${curlLine(url)}${process.platform === 'win32' ? '' : ' | iconv -f ISO-8859-1'}`,
    '',
  ].join('\n');
}

/** What `serve --json` prints when it is up, as one line. */
export function startJson({ httpsUrl, certificateAuthority: ca, url, store, proxy }: Shown): string {
  const https = ca && { httpsUrl, ca: ca.file, caBundle: ca.bundle, ...(proxy && { proxy: url }) };
  return JSON.stringify({ event: 'listening', url, gateway: `${url}/PPPS.php`, store, ...https });
}
