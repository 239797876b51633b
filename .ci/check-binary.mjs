// Checks the single executable of this machine without any environment: a payment with a database file, the inspector,
// the contract, and a program that it starts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pay } from './payment.mjs';

const program = resolve(`binary/paybox-sim-${process.platform}-${process.arch}`);
const folder = mkdtempSync(join(tmpdir(), 'paybox-sim-binary-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const bare = { cwd: folder, env: { PATH: '' } };

async function visitInspector(url) {
  for (const [path, text] of [
    ['/_sim/', 'ORDER-1'],
    ['/_sim/ui/payments', 'ORDER-1'],
    ['/_sim/ui/protocol', 'NUMQUESTION'],
  ]) {
    const response = await fetch(`${url}${path}`);
    if (!response.ok || !(await response.text()).includes(text)) throw new Error(`${path}: ${response.status}, or without ${text}`);
  }
}

// Twice: the second one reads the file of the first one.
for (const n of [1, 2]) await pay([program], join(folder, 'state.db'), n, bare, visitInspector);
console.log(
  execFileSync(program, ['verify'], { ...bare, encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .at(-1),
);
// A program whose host is hard-coded: Node.js 20 reaches the simulator only through the preloaded file of the executable.
const script = `
  const day = new Date().toISOString().slice(0, 10).split('-').reverse().join('');
  const question = 'VERSION=00104&TYPE=00003&SITE=1999888&RANG=32&CLE=1999888I&NUMQUESTION=1&MONTANT=1000&DEVISE=978&DATEQ=' + day +
    '&REFERENCE=ORDER-1&PORTEUR=1111222233334444&DATEVAL=1249&CVV=123';
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  fetch('https://preprod-ppps.paybox.com/PPPS.php', { method: 'POST', headers, body: question })
    .then((reply) => reply.text()).then((text) => console.log(text));`;
const output = execFileSync(program, ['exec', '--', process.execPath, '-e', script], {
  ...bare,
  env: { ...bare.env, HOME: folder },
  encoding: 'utf8',
});
if (!output.includes('CODEREPONSE=00000')) throw new Error(`exec: ${output}`);
