import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createSimulator } from '../../simulator/index.js';
import { run } from '../support/command.js';
import { runInProcess } from '../support/command-in-process.js';

const GOOD = `id: pays
why: A payment with a valid card must be accepted.
section: §3
weight: O
safe: true
tags: [checkout]
steps:
  - send: pay
    expect:
      reply: { CODEREPONSE: 00000 }
`;
const BAD = GOOD.replace('id: pays', 'id: refuses').replace('CODEREPONSE: 00000', 'CODEREPONSE: 00004').replace('[checkout]', '[refusal]');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paybox-run-'));
  writeFileSync(join(folder, 'good.yaml'), GOOD);
});

afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('paybox-sim run', () => {
  test('runs files and folders and exits with status 0 if all pass', async () => {
    const { status, out } = await runInProcess('run', folder);
    expect(out).toMatch(/^1 passed, 0 failed, 0 skipped in/);
    expect(status).toBe(0);
  });

  test('prints a failure as a masked timeline with its position, and exits with status 1', async () => {
    const bad = write('bad.yaml', BAD);
    const { status, out } = await run('run', folder);
    expect(status).toBe(1);
    expect(out).toContain('PORTEUR=111122******4444');
    expect(out).not.toContain('1111222233334444');
    expect(out).toContain('expected CODEREPONSE is "00004"');
    expect(out).toContain(`at ${bad}:10:16`);
    expect(out).toContain('1 passed, 1 failed, 0 skipped');
  });

  test('runs only scenarios with all the tags', async () => {
    write('bad.yaml', BAD);
    expect((await runInProcess('run', folder, '--tag', 'checkout')).out).toContain('1 passed, 0 failed');
    const none = await runInProcess('run', folder, '--tag', 'checkout', '--tag', 'refusal');
    expect(none).toMatchObject({ status: 2, err: expect.stringContaining('There is no scenario to run') });
  });

  test('reports mistakes in a file with file, line and column, and exits with status 2', async () => {
    const wrong = write('wrong.yaml', GOOD.replace('send: pay', 'sent: pay'));
    const { status, err } = await runInProcess('run', folder);
    expect(status).toBe(2);
    expect(err).toContain(`${wrong}:8:5: `);
    expect((await runInProcess('run', join(folder, 'none.yaml'))).err).toContain('There is no file or folder');
  });

  test('refuses a program in place of a scenario file', async () => {
    const program = write('pay.php', '<?php echo 1;');
    expect(await runInProcess('run', program)).toEqual({ status: 2, out: '', err: `${program} is not a scenario file (YAML).\n` });
  });

  test('names the existing tags if one does not exist', async () => {
    write('bad.yaml', BAD);
    expect(await runInProcess('run', folder, '--tag', 'checkout', '--tag', 'nope')).toEqual({
      status: 2,
      out: '',
      err: `There is no scenario with the tag nope in ${folder}. Tags: checkout, refusal.\n`,
    });
  });

  test('runs a scenario without section and weight, and shows none in its reports', async () => {
    const mine = write('mine.yaml', BAD.replace(/why: .*/, 'why: Mine.').replace('section: §3\nweight: O\n', ''));
    const { status, out } = await runInProcess('run', mine);
    expect(status).toBe(1);
    expect(out).toContain('✗ refuses\n  Mine.\n');
    expect((await runInProcess('run', mine, '--report', 'html')).out).toContain(`<p>Mine. (${mine})</p>`);
    const junit = (await runInProcess('run', mine, '--report', 'junit')).out;
    expect(junit).toContain('<failure');
    for (const format of ['junit', 'json', 'tap', 'github']) {
      const report = (await runInProcess('run', mine, '--report', format)).out;
      expect(report).toContain('refuses');
      expect(report).not.toMatch(/undefined|protocol\.md/);
    }
    const recording = join(folder, 'mine.json');
    await runInProcess('run', mine, '--record', recording);
    const other = write('other.json', readFileSync(recording, 'utf8').replaceAll('Demande traitée avec succès', 'OK'));
    expect((await runInProcess('compare', recording, other)).out).toMatch(/COMMENTAIRE +Demande traitée avec succès +OK\n/);
  });

  test.each([
    ['junit', '<testcase'],
    ['json', '"passed": 1'],
    ['tap', 'ok 1 - pays'],
    ['html', '<!DOCTYPE html>'],
    ['github', '1 passed, 0 failed, 0 skipped'],
  ])('reports as %s, also to a file', async (format, expected) => {
    expect((await runInProcess('run', folder, '--report', format)).out).toContain(expected);
    const file = join(folder, 'reports', format);
    const { out } = await runInProcess('run', folder, '--report', format, '--out', file);
    expect(out).toContain('1 passed, 0 failed, 0 skipped');
    expect(readFileSync(file, 'utf8')).toContain(expected);
  });

  test('needs an integration for scenarios that run one, unless the reference client shall stand in', async () => {
    const text = `id: shop\nwhy: A shop must be paid.\nsteps: [{ run: "\${integration} pay \${reference} 1000 \${card}", expect: { money: { payments: 1 } } }]\n`;
    const shop = write('shop.yaml', text);
    expect(await runInProcess('run', shop)).toEqual({
      status: 2,
      out: '',
      err: expect.stringMatching(
        /^1 of the scenarios runs an integration, and none is given\..*--integration 'php bin\/pay.php'.*--reference\.\n$/,
      ),
    });
    expect(await runInProcess('run', shop, '--reference')).toMatchObject({ status: 0, out: expect.stringContaining('1 passed') });
    expect(await runInProcess('run', shop, '--integration', 'true')).toMatchObject({ status: 1 });
    expect(await runInProcess('run', folder, '--tag', 'checkout')).toMatchObject({ status: 0 });
  });

  test('annotates the failed line for GitHub', async () => {
    const bad = write('bad.yaml', BAD);
    expect((await runInProcess('run', bad, '--report', 'github')).out).toContain(
      `::error file=${bad},line=10,col=16,title=refuses::expected CODEREPONSE`,
    );
  });

  test('runs against another endpoint and reports what it cannot stage there', async () => {
    write('staged.yaml', GOOD.replace('id: pays', 'id: staged').replace('steps:', 'given: { clock: 2026-01-31 }\nsteps:'));
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const target = ['--target', `${await simulator.listen()}/PPPS.php`, '--site', '1999888', '--rang', '32'];
    const { status, out } = await runInProcess('run', folder, ...target, '--cle', '1999888I');
    expect(out).toContain('1 skipped: it sets up or checks state');
    expect(out).toContain('1 passed, 0 failed, 1 skipped');
    expect(status).toBe(0);
    expect(await runInProcess('run', folder, ...target)).toMatchObject({ status: 2, err: expect.stringContaining('--cle or --hmac-key') });
  });
});

describe('paybox-sim run --variants', () => {
  const REPEATED = `id: repeats
why: A repeated question number must be refused.
steps:
  - { send: pay, with: { NUMQUESTION: 7 } }
  - { send: pay, with: { NUMQUESTION: 7 }, expect: { reply: { CODEREPONSE: 00005 } } }
`;
  const PASSES = 'Every case that passes with the default values also passes with each tried value.\n';

  test('says that every case works if all pass with every value', async () => {
    const { status, out, err } = await runInProcess('run', folder, '--variants', 'each');
    expect(out).toMatch(/\nvariant=value +cases +what broke\necho=normalised +1 +nothing\n/);
    expect(out).toMatch(/\n\nEvery case works whatever the gateway does\.\n$/);
    expect({ status, err }).toEqual({ status: 0, err: expect.not.stringContaining('variant') });
  });

  test('says only that the cases pass if not every value was tried', async () => {
    const { out } = await runInProcess('run', folder, '--variants', 'repeatedQuestion=00039');
    expect(out).toMatch(/\nrepeatedQuestion=00039 +1 +nothing\n\n/);
    expect(out.endsWith(`\n\n${PASSES}`)).toBe(true);
  });

  test('says only that the cases pass if a value was not tried because the scenario depends on another one', async () => {
    write('repeats.yaml', REPEATED.replace('steps:', 'given: { variants: { repeatedQuestion: "00005" } }\nsteps:'));
    const { out } = await runInProcess('run', join(folder, 'repeats.yaml'), '--variants', 'each');
    expect(out).not.toContain('repeatedQuestion=00039');
    expect(out.endsWith(`\n\n${PASSES}`)).toBe(true);
  });

  test('names the values that break a case', async () => {
    write('repeats.yaml', REPEATED);
    const { status, out } = await runInProcess('run', folder, '--variants', 'each');
    expect(out).toMatch(/\nrepeatedQuestion=00039 +2 +repeats\n/);
    expect(out).toMatch(/\n\nThe result depends on what the gateway does: it breaks with repeatedQuestion=00039\.\n$/);
    expect(status).toBe(1);
  });

  test('does not compare cases that fail with the default values, and says so', async () => {
    write('bad.yaml', BAD);
    const one = await runInProcess('run', folder, '--variants', 'each');
    expect(one.out).toMatch(/\nrepeatedQuestion=00039 +1 +nothing\n/);
    expect(one.out.endsWith(`\n\n1 case fails with the default values and was not tried.\n${PASSES}`)).toBe(true);
    expect(one.status).toBe(1);
    expect(one.out.match(/✗/g)?.length).toBe(2);
    write('worse.yaml', BAD.replace('id: refuses', 'id: worse'));
    const { out } = await runInProcess('run', folder, '--variants', 'each');
    expect(out).toContain('\n\n2 cases fail with the default values and were not tried.\n');
  });

  test('tries only the values that touch what the program of the scenario sends', async () => {
    const paying = `id: shop\nwhy: A shop must be paid.\nsteps: [{ run: "\${integration} pay \${reference} 1000 \${card}" }]\n`;
    const shop = write('shop.yaml', paying);
    const { out, status } = await runInProcess('run', shop, '--variants', 'each', '--reference');
    expect(out).toMatch(/\necho=normalised +1 +nothing\n/);
    expect(out).not.toMatch(/captureNumbers|typeIndex/);
    expect(out).toMatch(/\n\nThe integration works whatever the gateway does\.\n$/);
    expect(status).toBe(0);
  });

  test('fails if no value was tried: the case fails with the defaults, sends nothing that it touches, or sets the variant itself', async () => {
    const bad = write('bad.yaml', BAD);
    expect(await runInProcess('run', bad, '--variants', 'echo=normalised')).toMatchObject({
      status: 2,
      err: expect.stringContaining('No variant was tried, because no case passes with the default values.\n'),
    });
    const set = write('set.yaml', GOOD.replace('steps:', 'given: { variants: { echo: verbatim } }\nsteps:'));
    for (const [file, choice] of [
      [set, 'echo=normalised'],
      [join(folder, 'good.yaml'), 'captureNumbers=new'],
    ] as const) {
      const { status, err } = await runInProcess('run', file, '--variants', choice);
      expect(err).toContain('No variant was tried: none touches what the cases send, or the scenarios set its value themselves.');
      expect(status).toBe(2);
    }
  });

  test('keeps the table out of a report on stdout', async () => {
    const { out, err } = await runInProcess('run', folder, '--variants', 'each', '--report', 'json');
    expect(JSON.parse(out)).toMatchObject({ failed: 0 });
    expect(err).toMatch(/\nrepeatedQuestion=00039 +1 +nothing\n/);
    const file = join(folder, 'report.json');
    const toFile = await runInProcess('run', folder, '--variants', 'each', '--report', 'json', '--out', file);
    expect(toFile.out).toMatch(/\nrepeatedQuestion=00039 +1 +nothing\n/);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ failed: 0 });
  });

  test('is refused on a target, where variants cannot be set', async () => {
    const target = ['--target', 'http://127.0.0.1:1/PPPS.php', '--site', '1999888', '--rang', '32', '--cle', '1999888I'];
    expect(await runInProcess('run', folder, '--variants', 'each', ...target)).toEqual({
      status: 2,
      out: '',
      err: '--variants needs a simulator: values of variants cannot be set on a --target.\n',
    });
  });
});

describe('paybox-sim run if no case can run', () => {
  const otherEndpoint = async (): Promise<string[]> => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    return ['--target', `${await simulator.listen()}/PPPS.php`, '--site', '1999888', '--rang', '32', '--cle', '1999888I'];
  };

  test('prints the reasons and exits with status 2', async () => {
    const staged = write('staged.yaml', GOOD.replace('id: pays', 'id: staged').replace('steps:', 'given: { clock: 2026-01-31 }\nsteps:'));
    const { status, out, err } = await runInProcess('run', staged, ...(await otherEndpoint()));
    expect(out).toContain('0 passed, 0 failed, 1 skipped');
    expect(err).toContain('No case ran on http://127.0.0.1:');
    expect(status).toBe(2);
  });

  test('does the same for the contract tests, with a report', async () => {
    const { status, out, err } = await run('verify', '--tag', 'remittance', '--report', 'json', ...(await otherEndpoint()));
    expect(JSON.parse(out)).toMatchObject({ passed: 0, failed: 0 });
    expect(err).toContain('No case ran');
    expect(status).toBe(2);
  });
});

describe('the account for --target', () => {
  const TARGET = ['--target', 'http://127.0.0.1:9/PPPS.php'];
  const runOn = (...account: readonly string[]) => runInProcess('run', folder, ...TARGET, ...account);

  test.each([
    ['--site', 'abc', '--site is one to seven digits.'],
    ['--rang', '1234', '--rang is one to three digits.'],
    ['--identifiant', 'me', '--identifiant is one to nine digits.'],
    ['--identifiant', '1234567890', '--identifiant is one to nine digits.'],
    ['--cle', '', '--cle is the key of the account and must not be empty.'],
    ['--hmac-key', 'secret-key', '--hmac-key is an even number of hex digits, usually 128.'],
  ])('is refused with a message if %s is %j', async (option, value, message) => {
    const good = { '--site': '1999888', '--rang': '32', '--cle': '1999888I' };
    const { status, out, err } = await runOn(...Object.entries({ ...good, [option]: value }).flat());
    expect({ status, out, err }).toEqual({ status: 2, out: '', err: `${message}\n` });
  });

  test('is refused with all mistakes at once', async () => {
    expect((await runOn('--site', 'a', '--rang', 'b', '--cle', 'c')).err.split('\n')).toHaveLength(3);
  });

  test('is checked for compare too', async () => {
    const compared = await runInProcess(
      'compare',
      'http://127.0.0.1:9/PPPS.php',
      'simulator',
      '--site',
      'abc',
      '--rang',
      '32',
      '--cle',
      'x',
    );
    expect(compared).toMatchObject({ status: 2, err: '--site is one to seven digits.\n' });
  });

  test('is not checked if the URL is not valid', async () => {
    expect(await runInProcess('run', folder, '--target', 'http://')).toMatchObject({
      status: 2,
      err: expect.stringContaining('is not a valid URL'),
    });
  });
});

describe('paybox-sim verify --target', () => {
  const account = ['--site', '1999888', '--rang', '32'];

  test('reports once that the endpoint does not answer', async () => {
    const { status, out, err } = await runInProcess('verify', '--target', 'http://127.0.0.1:9/PPPS.php', ...account, '--cle', '1999888I');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^No gateway answers at http:\/\/127\.0\.0\.1:9\/PPPS\.php: /);
  });

  test.each([
    [404, 'Not found', 'HTTP status 404 and no CODEREPONSE'],
    [200, '<html>Welcome</html>', 'HTTP status 200 and no CODEREPONSE'],
    [500, 'CODEREPONSE=00000', 'HTTP status 500 and a CODEREPONSE'],
  ])('reports once that the endpoint is not a gateway: %i %s', async (status, body, reason) => {
    const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway`;
    const result = await runInProcess('verify', '--target', url, ...account, '--cle', '1999888I');
    expect(result).toEqual({
      status: 2,
      out: '',
      err: `No gateway answers at ${url}: the first reply has ${reason}. Is the path right? The real gateway and the simulator answer at /PPPS.php.\n`,
    });
  });

  test('reports once that the account is refused', async () => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const { status, err } = await runInProcess(
      'verify',
      '--target',
      `${await simulator.listen()}/PPPS.php`,
      ...account,
      '--cle',
      'nonsense',
    );
    expect(status).toBe(2);
    expect(err).toContain('refuses the account (00006 PAYBOX : Accès refusé');
  });
});

describe('paybox-sim compare', () => {
  test('prints the differences between two recordings', async () => {
    const mine = join(folder, 'mine.json');
    await runInProcess('verify', '--tag', 'echo', '--record', mine);
    expect(await run('compare', mine, mine)).toMatchObject({ status: 0, out: expect.stringContaining('0 differences') });
    const theirs = write('theirs.json', readFileSync(mine, 'utf8').replaceAll('Demande traitée avec succès', 'OK'));
    const { status, out } = await runInProcess('compare', mine, theirs);
    expect(status).toBe(1);
    expect(out).toMatch(/COMMENTAIRE +Demande traitée avec succès +OK/);
  });

  test('records the exchanges as they were on the wire, without cards and keys that are not published', async () => {
    const card = '5105105105105100';
    const scenario = write('card.yaml', GOOD.replace('steps:', `steps:\n  - send: '00003'\n    with: { PORTEUR: '${card}', CVV: '987' }`));
    const simulator = createSimulator({ accounts: [{ SITE: '1234567', RANG: '32', CLE: 'OWNKEY01', IDENTIFIANT: '3' }] });
    onTestFinished(() => simulator.close());
    const url = `${await simulator.listen()}/PPPS.php`;
    const file = join(folder, 'recording.json');
    const account = ['--site', '1234567', '--rang', '32', '--cle', 'OWNKEY01', '--record', file];
    await runInProcess('run', scenario, '--target', url, ...account);
    const exchanges = JSON.parse(readFileSync(file, 'utf8'));
    expect(exchanges).toMatchObject([
      { case: 'pays', step: 1, status: 200, request: expect.stringContaining('PORTEUR=510510******5100&') },
      { case: 'pays', step: 2, status: 200, request: expect.stringContaining('PORTEUR=1111222233334444&') },
    ]);
    expect(JSON.stringify(exchanges)).not.toMatch(/5105105105105100|CVV=987|OWNKEY01/);
    for (const { recorded, headers, reply } of exchanges) {
      expect(new Date(recorded).toUTCString()).toBe(recorded);
      expect(headers).toMatchObject({ 'Content-Length': String(reply.length), 'Content-Type': 'text/html;charset=ISO-8859-1' });
      expect(reply).toMatch(/^NUMTRANS=\d{10}&NUMAPPEL=\d{10}&.*&COMMENTAIRE=Demande traitée avec succès&/);
    }
  });

  test('reports that there was nothing to compare, and exits with status 2', async () => {
    const recording = (name: string): string => JSON.stringify([{ case: name, request: 'TYPE=00003', reply: 'CODEREPONSE=00000' }]);
    const [mine, theirs] = [write('a.json', recording('pays')), write('b.json', recording('refunds'))];
    const { status, out, err } = await runInProcess('compare', mine, theirs);
    expect(out).toContain(`0 cases compared, 0 differences, 1 cases only in ${mine}, 1 cases only in ${theirs}`);
    expect(err).toBe(`Nothing was compared: ${mine} and ${theirs} have no case in common.\n`);
    expect(status).toBe(2);
  });

  test('reports an argument that is neither a recording nor an endpoint', async () => {
    expect(await runInProcess('compare', 'simulator', 'simulator', '--learn')).toEqual({
      status: 2,
      out: '',
      err: '--learn takes one endpoint or recording.\n',
    });
    expect((await runInProcess('compare', 'simulator', 'nothing')).err).toContain('nothing is not a recording');
    expect((await runInProcess('compare', write('x.json', '{}'), 'simulator')).err).toContain('This is not a recording');
  });
});

describe('paybox-sim findings', () => {
  test('prints the findings of every gateway and fails on the severity of --fail-on', async () => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const url = await simulator.listen();
    expect(await runInProcess('findings', '--url', url)).toMatchObject({ status: 0, out: '0 info, 0 warning, 0 error\n' });
    await fetch(`${url}/s/one/PPPS.php`, { method: 'POST', body: new FormData() });
    const warned = await runInProcess('findings', '--url', url, '--fail-on', 'warning');
    expect(warned.status).toBe(1);
    expect(warned.out).toContain('error not-a-form');
    expect(warned.out).toContain('/s/one request 1');
    expect(warned.out).toContain('http_build_query');
    expect((await run('findings', '--url', `${url}/PPPS.php`)).status).toBe(0);
    expect((await runInProcess('findings', '--url', `${url}/s/two/PPPS.php`, '--fail-on', 'info', '--allow-none')).status).toBe(0);
    expect((await runInProcess('findings', '--url', `${url}/s/one`, '--fail-on', 'info')).status).toBe(1);
  });

  test('exits with status 2 if --fail-on had no request to check, unless --allow-none is given', async () => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const url = await simulator.listen();
    expect(await runInProcess('findings', '--url', url, '--fail-on', 'error')).toMatchObject({
      status: 2,
      err: expect.stringContaining(`No request reached ${url}, so --fail-on checked nothing.`),
    });
    expect((await runInProcess('findings', '--url', url, '--fail-on', 'error', '--allow-none')).status).toBe(0);
  });

  test('prints a finding that several requests have once, with their number', async () => {
    const simulator = createSimulator();
    onTestFinished(() => simulator.close());
    const url = await simulator.listen();
    for (const body of ['', '', 'a=b', '']) await fetch(`${url}/PPPS.php`, { method: 'POST', body });
    const { out } = await runInProcess('findings', '--url', url);
    expect(out.match(/The body is empty\./g)).toHaveLength(1);
    expect(out).toMatch(/request 1, .*, and 2 more requests\n/);
    expect(out).toMatch(/0 info, 0 warning, 4 error\n$/);
  });

  test('reports that no simulator answers', async () => {
    const server = createServer().listen(0);
    const { port } = server.address() as AddressInfo;
    server.close();
    expect(await runInProcess('findings', '--url', `http://127.0.0.1:${port}`)).toMatchObject({
      status: 2,
      err: expect.stringContaining('No simulator answers'),
    });
  });
});
