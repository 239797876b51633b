import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { run, type Serving, serve } from '../support/command.js';
import { runInProcess, serveInProcess } from '../support/command-in-process.js';
import { CARD, HEAD, type Variables } from '../support/question.js';

let served: Serving | undefined;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paybox-sim-'));
});

afterEach(async () => {
  await served?.stop();
  served = undefined;
  rmSync(folder, { recursive: true });
});

async function ask(url: string, variables: Variables): Promise<string> {
  const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: '1', ...variables }));
  const response = await fetch(`${url}/PPPS.php`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  return Buffer.from(await response.arrayBuffer()).toString('latin1');
}

const ORDER: Variables = { ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'ORDER-1' };

describe('paybox-sim', () => {
  test('prints a curl command that pays when it is run in a shell', async () => {
    served = await serveInProcess();
    const line = await served.printed('curl -s -d');
    const reply = await promisify(execFile)('sh', ['-c', line.replace(/\| iconv.*/, '')], { encoding: 'latin1' });
    expect(reply.stdout).toContain('CODEREPONSE=00000&COMMENTAIRE=Demande traitée avec succès');
  });

  test('prints a line for each request, with the card masked and without the CVV', async () => {
    served = await serveInProcess();
    await ask(served.url, ORDER);
    const line = await served.printed('ORDER-1  10.00 EUR');
    expect(line).toContain('00003 pay  ORDER-1  10.00 EUR  111122******4444  → 00000 Demande traitée avec succès');
  });

  test('prints the findings on a request, with their remedy', async () => {
    served = await serveInProcess();
    const order = { ...ORDER, DATEQ: '01012020' };
    await ask(served.url, order);
    expect(await served.printed('DATEQ is 2020-01-01')).toContain('Send the time of the request in DATEQ');
  });

  test('prints what the client received of a reply, and once that a rule is used up', async () => {
    const config = join(folder, 'sim.json');
    const rules = [
      { id: 'cut', fault: { reply: 'drop' }, times: 1 },
      { id: 'bad', from: 2, times: 1, fault: { http: 502 } },
    ];
    writeFileSync(config, JSON.stringify({ rules }));
    served = await serveInProcess('--config', config);
    await expect(ask(served.url, { ...ORDER, REFERENCE: 'A' })).rejects.toThrow('fetch failed');
    await ask(served.url, { ...ORDER, REFERENCE: 'B', NUMQUESTION: '2' });
    await ask(served.url, { ...ORDER, REFERENCE: 'C', NUMQUESTION: '3' });
    await served.printed('  C  ');
    const lines = served.lines();
    expect(lines.filter((line) => line.includes('→')).map((line) => line.replace(/.*→/, '→'))).toEqual([
      '→ 00000 Demande traitée avec succès (reply dropped)',
      '→ 00000 Demande traitée avec succès (HTTP error sent instead)',
      '→ 00000 Demande traitée avec succès',
    ]);
    expect(lines.filter((line) => line.includes('is used up:'))).toEqual([
      '         Rule cut is used up: it has no effect on further questions.',
      '         Rule bad is used up: it has no effect on further questions.',
    ]);
  });

  test('prints JSON that says what the client received and which rules are used up', async () => {
    const config = join(folder, 'sim.json');
    writeFileSync(config, JSON.stringify({ rules: [{ id: 'odd', fault: { reply: 'utf-8' }, times: 1 }] }));
    served = await serveInProcess('--json', '--config', config);
    await ask(served.url, ORDER);
    expect(JSON.parse(await served.printed('"exchange"'))).toMatchObject({ clientReceived: 'utf-8', usedUp: ['odd'] });
    await ask(served.url, { ...ORDER, REFERENCE: 'NEXT', NUMQUESTION: '2' });
    const next = JSON.parse(await served.printed('"NEXT"'));
    expect([next.clientReceived, next.usedUp]).toEqual([undefined, undefined]);
  });

  test('replaces control characters of a reference', async () => {
    served = await serveInProcess();
    await ask(served.url, { ...ORDER, REFERENCE: 'A\x1b[2JB' });
    expect(await served.printed('A·[2JB')).not.toContain('\x1b');
  });

  test('prints JSON lines with --json, and no line for requests with --quiet', async () => {
    served = await serveInProcess('--json');
    await ask(served.url, ORDER);
    expect(JSON.parse(await served.printed('"exchange"'))).toMatchObject({ event: 'exchange', TYPE: '00003', CODEREPONSE: '00000' });
    await served.stop();
    served = await serveInProcess('--json', '--quiet');
    await ask(served.url, ORDER);
    await served.stop();
    expect(served.lines()).toHaveLength(1);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('exits with status 0 on %s', async (signal) => {
    const ending = await serve();
    expect(await ending.stop(signal)).toBe(0);
  });

  test('stores payments in the file of --db', async () => {
    const db = join(folder, 'state.db');
    served = await serveInProcess('--db', db);
    const reply = await ask(served.url, ORDER);
    await served.stop();
    served = await serveInProcess('--db', db);
    const numtrans = /NUMTRANS=(\d+)/.exec(reply)?.[1] ?? '';
    expect(await ask(served.url, { TYPE: '17', NUMQUESTION: '2', NUMTRANS: numtrans })).toContain('STATUS=Capturé');
  });

  test('names the rules of the file of --db whose patterns are not supported any more', async () => {
    const db = join(folder, 'state.db');
    const rule = { id: 'r', match: { REFERENCE: { pattern: 'PATTERN' } }, answer: '00105' };
    served = await serveInProcess('--db', db);
    await fetch(`${served.url}/_sim/rules`, { method: 'POST', body: JSON.stringify(rule) });
    const snapshot = await (await fetch(`${served.url}/_sim/snapshot`)).text();
    // As an earlier version stored it.
    await fetch(`${served.url}/_sim/snapshot`, { method: 'PUT', body: snapshot.replace('PATTERN', '(?<=a)b') });
    await served.stop();
    served = await serveInProcess('--db', db);
    expect(served.errorOutput()).toMatch(/^Rule r of the stored state is disabled: REFERENCE: \(\?<= is supported only .* Delete it,/);
    expect(await ask(served.url, { ...ORDER, REFERENCE: 'ab' })).toContain('CODEREPONSE=00000');
  });

  test('starts at the time of --clock', async () => {
    served = await serveInProcess('--clock', '2026-03-28T23:59');
    const clock = (await (await fetch(`${served.url}/_sim/clock`)).json()) as { now: string };
    expect(clock.now).toMatch(/^2026-03-2[89]T/);
  });

  test('keeps serving after the reader of its output ends', async () => {
    const serving = await serve();
    served = serving;
    const output = serving.child.stdout;
    output?.destroy();
    await once(output as Readable, 'close');
    for (const NUMQUESTION of ['1', '2', '3', '4']) {
      expect(await ask(serving.url, { ...ORDER, NUMQUESTION })).toContain('CODEREPONSE=00000');
    }
    expect(await serving.stop()).toBe(0);
  });

  test('reports that the port is in use, with the remedy', async () => {
    served = await serveInProcess();
    const second = await run('--port', new URL(served.url).port);
    expect(second).toMatchObject({ status: 2, out: '' });
    expect(second.err).toMatch(/^Port \d+ is in use.*--port 0 picks a free one/);
  });

  test('reports a clock, a port or a database file that is not valid', async () => {
    expect((await runInProcess('--clock', 'tomorrow')).err).toContain('The clock cannot be set to tomorrow');
    expect((await runInProcess('--port', '70000')).err).toContain('A port must be a whole number from 0 to 65535');
    expect(await runInProcess('--db', join(folder, 'no', 'where.db'))).toMatchObject({
      status: 2,
      err: expect.stringContaining('directory does not exist'),
    });
  });
});

describe('paybox-sim with a word that is not a command', () => {
  const HELP = 'paybox-sim --help lists the commands, paybox-sim COMMAND --help their options.\n';

  test.each([
    [['servr'], 'error: unknown command servr; did you mean serve?\n'],
    [['findngs', '--fail-on', 'warning'], 'error: unknown command findngs; did you mean findings?\n'],
    [['9000'], 'error: unknown command 9000\n'],
  ])('names it and the nearest command: %j', async (args, message) => {
    expect(await runInProcess(...args)).toEqual({ status: 2, out: '', err: message + HELP });
  });

  test('says how to pass options to npm start, which removes them from its own arguments', async () => {
    vi.stubEnv('npm_lifecycle_event', 'start');
    onTestFinished(() => void vi.unstubAllEnvs());
    const hint = 'npm passes options on only after --: npm start -- --port N.\n';
    expect(await runInProcess('1')).toEqual({ status: 2, out: '', err: `error: unknown command 1\n${hint}${HELP}` });
  });

  test('says to write -- before the program of exec if the program has options', async () => {
    const err = "error: unknown option '-v'\nWrite -- before the program: paybox-sim exec -- php -v.\n";
    expect(await runInProcess('exec', 'php', '-v')).toEqual({ status: 2, out: '', err });
  });
});

describe('paybox-sim --config', () => {
  const write = (text: string, name = 'config.yaml'): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  test('accepts accounts, rules and payments, with numbers quoted or not', async () => {
    const config = write(`
accounts:
  - { SITE: 1234567, RANG: 01, CLE: abcdefgh, cvvRequired: true }
rules:
  - { match: { TYPE: capture }, answer: 00105 }
payments:
  - { SITE: 1999888, RANG: 032, NUMTRANS: 77, NUMAPPEL: 88, MONTANT: 1000, DEVISE: 978, REFERENCE: HOSTED-1, status: authorized }
`);
    served = await serveInProcess('--config', config);
    const { CVV, ...withoutCvv } = ORDER;
    expect(await ask(served.url, { ...withoutCvv, SITE: '1234567', RANG: '001', CLE: 'abcdefgh' })).toContain('CODEREPONSE=00020');
    const capture = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', NUMTRANS: '77', NUMAPPEL: '88' };
    expect(await ask(served.url, capture)).toContain('CODEREPONSE=00105');
  });

  test('accepts JSON', async () => {
    served = await serveInProcess('--config', write('{"clock": "2026-01-31"}', 'config.json'));
    expect(await (await fetch(`${served.url}/_sim/clock`)).text()).toContain('2026-01-31T00:00');
  });

  test('reports every mistake with file, line and column', async () => {
    const config = write('port: 9000\naccounts:\n  - SITE: "1234567"\n    RANG: "01"\n    cvvRequire: true\nrules:\n  - answer: 0099\n');
    const { status, err } = await runInProcess('--config', config);
    expect(status).toBe(2);
    expect(err).toContain(`${config}:5:5: accounts.0.cvvRequire: unknown name "cvvRequire"; known here: SITE, RANG`);
    expect(err).toContain(`${config}:7:5: rules.0.answer: The CODEREPONSE of the reply: five digits or letters`);
  });

  test('reports every rule that cannot be applied with file, line and column', async () => {
    const config = write(`
rules:
  - { match: { TYPE: refnd }, answer: 00105 }
  - match:
      TYPE: refund
      MONTANTS: "1000"
    answer: 00105
  - { id: a, payment: { REFERENCE: { pattern: "[" } }, answer: 00105 }
  - { id: b, answer: 00105 }
  - { id: b, answer: 00105 }
  - { match: { TYPE: pay } }
  - fault: { reply: drop, delay: { min: 9, max: 1 } }
`);
    const { status, out, err } = await runInProcess('--port', '0', '--config', config);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err.trimEnd().split('\n')).toEqual([
      `${config}:3:16: rules.0.match.TYPE: refnd is not an operation; \`paybox-sim operations\` lists them by number and name.`,
      `${config}:6:7: rules.1.match.MONTANTS: MONTANTS is not a variable of the gateway; did you mean MONTANT?`,
      expect.stringContaining(`${config}:8:25: rules.2.payment.REFERENCE: Invalid regular expression`),
      `${config}:10:7: rules.4.id: there is a rule b already; delete it first.`,
      `${config}:11:5: rules.5: A rule has an answer (a CODEREPONSE), a fault or an authentication.`,
      `${config}:12:27: rules.6.fault.delay: min is 9, above max, 1.`,
    ]);
  });

  test('reports a payment that cannot be imported', async () => {
    const payment = '{ SITE: 9999999, RANG: 01, NUMTRANS: 77, NUMAPPEL: 88, MONTANT: 1000, DEVISE: 978, REFERENCE: A, status: captured }';
    const { status, err } = await runInProcess('--port', '0', '--config', write(`payments: [${payment}]\n`));
    expect(err).toBe('SITE, RANG: there is no account 9999999/01; `paybox-sim accounts` lists the test accounts.\n');
    expect(status).toBe(2);
  });

  test('reports the position of a syntax error, and a file that does not exist', async () => {
    expect((await runInProcess('--config', write('port: [1'))).err).toMatch(/config\.yaml:1:\d+: /);
    const { status, err } = await runInProcess('--config', write('port: 0\nhost: *address\n'));
    expect(status).toBe(2);
    expect(err).toMatch(/config\.yaml:2:7: the alias \*address has no anchor &address before it\n$/);
    expect((await runInProcess('--config', join(folder, 'none.yaml'))).err).toContain('Cannot read the configuration');
  });

  test('is overridden by options of the command line', async () => {
    served = await serveInProcess('--config', write('clock: 2026-01-31\n'), '--clock', '2027-05-01');
    expect(await (await fetch(`${served.url}/_sim/clock`)).text()).toContain('2027-05-01');
  });
});
