import pc from 'picocolors';
import { TEST_ACCOUNTS, TEST_CARDS } from '../contracts/index.js';
import { printable } from '../scenarios/terminal.js';
import type { CertificateAuthority } from '../simulator/index.js';
import { VERSION } from '../simulator/version.js';
import { messages } from './messages/index.js';
import type { StagedScenario } from './stage-scenario.js';
import type { StartedSimulator } from './start-simulator.js';

/** Returns a curl command that pays with a test card on a test account. */
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
    // The shell computes the number, so that the same line can be run again.
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

/** What the start message says about a simulator. */
export interface StartInfo extends Pick<StartedSimulator, 'url' | 'store' | 'proxy'> {
  /** Undefined without --https. */
  readonly httpsUrl: string | undefined;
  readonly certificateAuthority: CertificateAuthority | undefined;
}

type InfoRow = readonly [name: string, value: string, note: string];

function httpsRows({ httpsUrl, certificateAuthority, url, proxy }: StartInfo): InfoRow[] {
  if (httpsUrl === undefined || !certificateAuthority) return [];
  const { start } = messages();
  const trust = `${start.trust}${process.platform === 'win32' ? '' : start.orEnv}`;
  return [
    ['HTTPS', `${httpsUrl}/PPPS.php`, start.httpsNote],
    ['CA', certificateAuthority.file, trust],
    ...(proxy ? [['Proxy', url, start.proxyNote] as const] : []),
  ];
}

/** Returns the text that `serve` prints when it listens. */
export function startMessage(info: StartInfo): string {
  const { url, store } = info;
  const { start } = messages();
  const rows: InfoRow[] = [
    [start.gateway, pc.green(`${url}/PPPS.php`), start.gatewayNote],
    ...httpsRows(info),
    [start.inspector, `${url}/_sim/`, start.inspectorNote],
    [start.journal, `${url}/_sim/journal`, start.journalNote],
    [start.control, `${url}/_sim/openapi.json`, start.controlNote],
    [start.state, store === 'memory' ? start.memory : store, store === 'memory' ? start.memoryNote : ''],
  ];
  return [
    pc.bold(`paybox-direct-simulator ${VERSION}`),
    ...rows.map(([name, value, note]) => `  ${name.padEnd(10)} ${value}${note === '' ? '' : pc.dim(`  ${note}`)}`),
    '',
    start.tryIt,
    `  ${curlLine(url)}${process.platform === 'win32' ? '' : ' | iconv -f ISO-8859-1'}`,
    '',
  ].join('\n');
}

/** Returns the line that `serve --json` prints when it listens. */
export function startJson({ httpsUrl, certificateAuthority: ca, url, store, proxy }: StartInfo): string {
  const https = ca && { httpsUrl, ca: ca.file, caBundle: ca.bundle, ...(proxy && { proxy: url }) };
  return JSON.stringify({ event: 'listening', url, gateway: `${url}/PPPS.php`, store, ...https });
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Returns the text that `--scenario` prints about the state it set up. */
export function stagedMessage({ scenario, reference, items }: StagedScenario): string {
  const { start } = messages();
  const lines = items.map(({ what, item }) => {
    const pairs = Object.entries(item).map(([name, value]) => `${pc.dim(printable(name))} ${printable(valueText(value))}`);
    return `  ${start.stagedItems[what].padEnd(11)}${pairs.join('  ')}`;
  });
  const head = `${pc.bold(start.staged(scenario))}${pc.dim(`  ${start.reference(reference)}`)}`;
  return [head, ...(lines.length > 0 ? lines : [`  ${start.nothingStaged}`]), ''].join('\n');
}
