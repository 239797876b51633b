import pc from 'picocolors';
import { TEST_ACCOUNTS, TEST_CARDS } from '../contracts/index.js';
import { VERSION } from '../simulator/version.js';

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

/** What `serve` prints when it is up. */
export function startMessage(url: string, store: string): string {
  const row = (name: string, value: string, note = ''): string => `  ${name.padEnd(9)} ${value}${note === '' ? '' : pc.dim(`  ${note}`)}`;
  return [
    pc.bold(`paybox-direct-simulator ${VERSION}`),
    row('Gateway', pc.green(`${url}/PPPS.php`), 'the URL to configure'),
    row('Journal', `${url}/_sim/journal`, 'every request and reply'),
    row('Control', `${url}/_sim/openapi.json`, 'clock, rules, payments, reset'),
    row('State', store, store === 'memory' ? 'gone at the end; --db FILE keeps it' : ''),
    '',
    'Try it:',
    `  ${curlLine(url)}${process.platform === 'win32' ? '' : ' | iconv -f ISO-8859-1'}`,
    '',
  ].join('\n');
}
