import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { run, type Serving, serve } from '../support/command.js';
import { runInProcess, serveInProcess } from '../support/command-in-process.js';
import { CARD, HEAD, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';

const SCENARIO = `id: hosted-refund
why: A shop refunds a payment of the hosted page, and one of its subscribers pays again.
section: §3
weight: I
given:
  clock: 2026-03-28T12:00
  account: { ceiling: 5000, CLE: 1999888I }
  payments:
    - { as: hosted, NUMTRANS: 77, NUMAPPEL: 88, MONTANT: "\${amount}", DEVISE: 978, REFERENCE: HOSTED-1, PORTEUR: 1111222233334444, status: captured }
  rules:
    - { match: { TYPE: refund, PORTEUR: 4012001037141112 }, answer: 00105 }
  subscribers:
    - { as: alice }
examples: [{ amount: 1200 }, { amount: 9 }]
steps: [{ send: pay }]
`;

let served: Serving | undefined;

afterEach(async () => {
  await served?.stop();
  served = undefined;
});

async function write(text: string): Promise<string> {
  const file = join(await tempFolder(), 'order.yaml');
  await writeFile(file, text);
  return file;
}

async function serveScenario(text = SCENARIO, ...args: readonly string[]): Promise<Serving> {
  served = await serveInProcess('--scenario', await write(text), ...args);
  return served;
}

test.each([
  ['.', '. is a folder, not a scenario file.\n'],
  ['README.md', 'README.md is not a scenario file (YAML).\n'],
])('--scenario %s is refused with a message', async (file, err) => {
  expect(await runInProcess('--port', '0', '--scenario', file)).toEqual({ status: 2, out: '', err });
});

async function ask(url: string, variables: Variables): Promise<string> {
  const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: '1', DEVISE: '978', ...variables }));
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  return (await fetch(`${url}/PPPS.php`, { method: 'POST', body, headers })).text();
}

const control = async (url: string, path: string): Promise<unknown> => (await fetch(`${url}/_sim${path}`)).json();

describe('paybox-sim serve --scenario', () => {
  test('sets up the main gateway with the given of the scenario and the first row of its examples', async () => {
    const { url } = await serveScenario();
    expect(await control(url, '/clock')).toMatchObject({ now: expect.stringContaining('2026-03-28T12:00'), frozen: true });
    expect(await control(url, '/payments/77')).toMatchObject({ REFERENCE: 'HOSTED-1', captured: 1200, standing: 'captured' });
    expect(await control(url, '/rules')).toMatchObject({ rules: [{ answer: '00105' }] });
    const tooMuch = { ...CARD, TYPE: '00003', MONTANT: '5001', REFERENCE: 'A', DATEQ: '28032026' };
    expect(await ask(url, tooMuch)).not.toContain('CODEREPONSE=00000');
  });

  test('registers subscribers and prints their tokens', async () => {
    const { url, printed } = await serveScenario();
    const line = await printed('  subscriber ');
    const [, REFABONNE = '', PORTEUR = '', DATEVAL = ''] = /REFABONNE (\S+) {2}PORTEUR (\S+) {2}DATEVAL (\S+)/.exec(line) ?? [];
    const pay = { VERSION: '00104', TYPE: '00053', MONTANT: '1000', REFERENCE: 'A', REFABONNE, PORTEUR, DATEVAL, CVV: '123' };
    expect(await ask(url, pay)).toContain('CODEREPONSE=00000');
  });

  test('prints what was set up, without card numbers and keys', async () => {
    served = await serve('--scenario', await write(SCENARIO));
    const { printed, lines, stop } = served;
    expect(await printed('Staged the state of scenario hosted-refund')).toContain('${reference} is SIM-hosted-refund');
    expect(await printed('  clock ')).toContain('2026-03-28T12:00');
    expect(await printed('  account ')).toContain('SITE 1999888  RANG 32  ceiling 5000  CLE ***');
    expect(await printed('  payment ')).toContain('NUMTRANS 77  NUMAPPEL 88  MONTANT 1200');
    expect(await printed('  rule ')).toContain('"TYPE":"refund"');
    await printed('  subscriber ');
    await stop();
    expect(lines()[0]).toContain('paybox-direct-simulator');
    expect(
      lines()
        .join('\n')
        .replace(/curl.*/, ''),
    ).not.toMatch(/1111222233334444|4012001037141112|1999888I/);
  });

  test('prints it as a JSON line with --json', async () => {
    const { printed } = await serveScenario(SCENARIO, '--json');
    expect(JSON.parse(await printed('"staged"'))).toMatchObject({
      event: 'staged',
      scenario: 'hosted-refund',
      reference: 'SIM-hosted-refund',
      items: expect.arrayContaining([{ what: 'payment', item: expect.objectContaining({ as: 'hosted', MONTANT: '1200' }) }]),
    });
  });

  test('does not set the clock without `clock` in the scenario, or with --clock', async () => {
    const { url, printed } = await serveScenario(SCENARIO.replace(/given:[\s\S]*examples:/, 'examples:'));
    expect(await printed('nothing')).toContain('the scenario has no given');
    expect(await control(url, '/clock')).toMatchObject({ frozen: false });
    await served?.stop();
    const other = await serveScenario(SCENARIO, '--clock', '2027-05-01T08:00');
    expect(await control(other.url, '/clock')).toMatchObject({ now: expect.stringContaining('2027-05-01T08'), frozen: false });
  });

  test('reports the position of mistakes in the file', async () => {
    const wrong = await write(SCENARIO.replace('  clock:', '  clocks:'));
    expect(await run('--port', '0', '--scenario', wrong)).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining(`${wrong}:6:3: `),
    });
    expect(await runInProcess('--port', '0', '--scenario', `${wrong}x`)).toMatchObject({
      status: 2,
      err: expect.stringContaining('There is no file'),
    });
  });

  test.each([
    ['an unknown setting', 'ceiling: 5000', 'ceilings: 5000', '5:1', 'unknown name "ceilings"'],
    ['an unknown name', '"${amount}"', '"${price}"', '5:1', '${price}: unknown name'],
    ['a refused subscriber', '{ as: alice }', '{ as: alice, with: { PORTEUR: 1111222233334445 } }', '13:5', 'received "00004"'],
  ])('reports what cannot be set up and exits with status 2: %s', async (_, from, to, position, message) => {
    const file = await write(SCENARIO.replace(from, to));
    const { status, err } = await runInProcess('--port', '0', '--scenario', file);
    expect(err).toContain(`${file}:${position}: expected `);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });
});
