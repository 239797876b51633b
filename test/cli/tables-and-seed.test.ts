import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { AUTHENTICATION_CARDS, OPERATIONS, RESPONSE_CODES, VARIANTS } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { run } from '../support/command.js';

const lines = (text: string): string[] => text.trim().split('\n');

test('paybox-sim codes prints every response code', async () => {
  const { status, out } = await run('codes');
  expect(status).toBe(0);
  expect(lines(out)).toHaveLength(RESPONSE_CODES.length + 1);
  expect(out).toContain('00039');
});

test('paybox-sim operations prints every operation, also as JSON', async () => {
  expect(lines((await run('operations')).out)).toHaveLength(OPERATIONS.length + 1);
  const objects = JSON.parse((await run('operations', '--json')).out) as { TYPE: string }[];
  expect(objects.map(({ TYPE }) => TYPE)).toEqual(OPERATIONS.map(({ TYPE }) => TYPE));
});

test('paybox-sim variants --json prints each variant with its values, the default first', async () => {
  const variants = JSON.parse((await run('variants', '--json')).out);
  expect(variants.map(({ name }: { name: string }) => name)).toEqual(VARIANTS.map(({ name }) => name));
  expect(variants[0]).toMatchObject({
    name: 'captureNumbers',
    values: [{ value: 'kept', evidence: 'O' }, { value: 'newTransaction' }, {}],
  });
});

test.each([
  ['codes', '00151', /^CODEREPONSE .*\n00151 .*\n$/],
  ['codes', '5', /^CODEREPONSE .*\n00005 .*\n$/],
  ['cards', '4012…', /^PORTEUR .*\n(4012\d+ .*\n){3}$/],
  ['cards', '1111223…', /^PORTEUR +CVV +behaviour +challenge +outcome +evidence\n(1111223\d+ .*\n){10}$/],
  ['operations', 'capture', /^TYPE .*\n00002 .*\n$/],
  ['operations', '17', /^TYPE .*\n00017 .*\n$/],
  ['variants', 'echo', /^variant .*\necho .*\n {10,}normalised .*\n$/],
  ['accounts', '1999887', /^SITE .*\n(1999887 .*\n){2}$/],
])('paybox-sim %s %s prints the rows about it', async (table, search, expected) => {
  expect((await run(table, search)).out).toMatch(expected);
});

test('paybox-sim codes with an unknown code names the nearest', async () => {
  expect(await run('operations', 'captur')).toEqual({
    status: 2,
    out: '',
    err: 'captur is not in the table of operations. Did you mean capture? paybox-sim operations prints all of it.\n',
  });
});

test('paybox-sim cards explains how to make a card return a code', async () => {
  expect((await run('cards')).out).toContain('111122 TT 00 CCCCC L');
});

test('paybox-sim cards has a second table with the cards of 3-D Secure, in JSON too', async () => {
  const card = AUTHENTICATION_CARDS[2]?.PORTEUR ?? '';
  const { out } = await run('cards');
  expect(out).toMatch(/\n\n3-D Secure: .*\n\nPORTEUR /);
  expect(out).toContain(`${card}  123  not authenticated `);
  const objects = JSON.parse((await run('cards', '--json')).out) as Readonly<Record<string, string>>[];
  expect(objects.find(({ PORTEUR }) => PORTEUR === card)).toMatchObject({ CVV: '123', challenge: '', outcome: 'declined' });
  expect(JSON.parse((await run('cards', card, '--json')).out)).toHaveLength(1);
});

test('paybox-sim accounts prints the accounts as Markdown', async () => {
  expect((await run('accounts', '--markdown')).out).toContain('| 1999888 | 32 | 107904482 |');
});

test('paybox-sim --help lists the commands', async () => {
  const { status, out } = await run('--help');
  expect(status).toBe(0);
  for (const command of ['serve', 'seed', 'codes', 'cards', 'accounts', 'operations']) expect(out).toContain(command);
});

test('paybox-sim seed fills a file and a running simulator', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paybox-seed-'));
  const simulator = createSimulator();
  onTestFinished(async () => {
    await simulator.close();
    rmSync(folder, { recursive: true });
  });
  const intoFile = await run('seed', '--payments', '20', '--db', join(folder, 'seeded.db'));
  expect(intoFile.out).toMatch(/^20 payments made by \d+ questions/);
  const intoServer = await run('seed', '--payments', '20', '--url', await simulator.listen());
  expect(intoServer.out).toMatch(/^20 payments made by \d+ questions/);
  expect(await simulator.gateway.payments({ limit: 100 })).not.toHaveLength(0);
});

test('paybox-sim seed reports that no simulator answers', async () => {
  const { status, err } = await run('seed', '--url', 'http://127.0.0.1:1');
  expect(status).toBe(2);
  expect(err).toContain('No simulator answers at http://127.0.0.1:1');
});
