import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runInProcess } from '../support/command-in-process.js';
import { tempFolder } from '../support/temp-folder.js';

const SHOP = fileURLToPath(new URL('../scenarios/explore/careless-shop.mjs', import.meta.url));

const PAY = `"${process.execPath}" "${SHOP}" pay \${reference} \${amount} \${card}`;

/** Explores with few kinds, because each run starts a program. */
const explorePay = (folder: string, kinds: readonly string[], ...more: readonly string[]) =>
  runInProcess('explore', '--pay', PAY, '--depth', '1', '--out', folder, ...kinds.flatMap((kind) => ['--kind', kind]), ...more);

describe('paybox-sim explore', () => {
  test('finds a payment that is sent twice, and writes a scenario that shows it', async () => {
    const folder = await tempFolder();
    const { status, out } = await explorePay(folder, ['drop', '00105']);
    expect(status).toBe(1);
    expect(out).toContain('✗ charged-once, at pay');
    expect(out).toContain('The order of 19.99 is captured by 2 payments, 39.98 in all.');
    expect(out).toContain('when the gateway processes the question, and its reply is lost (question 1, pay)');
    expect(out).toContain('→ Look up the order');
    expect(out).toMatch(/^1 pay +1\/1 broken +1 ok/m);
    expect(out).toContain('one fault: 2 runs, 1 broke a law, none left');
    const file = join(folder, 'shop-charged-once-pay.yaml');
    expect(readdirSync(folder)).toEqual(['shop-charged-once-pay.yaml']);

    const again = await runInProcess('run', file);
    expect(again.status).toBe(1);
    expect(again.out).toContain('expected charged-once: One order is never captured for more than its amount');
    expect(again.out).toContain('received The order of 19.99 is captured by 2 payments');

    writeFileSync(file, readFileSync(file, 'utf8').replace('reply: drop', 'delay: 0'));
    expect((await runInProcess('run', file)).status).toBe(0);
  });

  test('kills the program, and so does the scenario', async () => {
    const folder = await tempFolder();
    const { status, out } = await explorePay(folder, ['kill']);
    expect(status).toBe(1);
    expect(out).toContain('pay says: nothing (it was killed)');
    const [file = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, file), 'utf8')).toContain('kill: 1');
    const again = await runInProcess('run', join(folder, file));
    expect(again.status).toBe(1);
    expect(again.out).toContain('received The order of 19.99 is captured by 2 payments');
  });

  test('lets two workers take turns, and so does the scenario', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'lookup.yaml');
    // Looks the order up in the shop's own way before it pays, which is not safe without a lock.
    const look = `${PAY.replace(' pay ', ' pay-once ')}`;
    writeFileSync(file, `id: lookup\nwhy: An order.\nexamples: [{ amount: "4200" }]\nsteps:\n  - run: ${JSON.stringify(look)}\n`);
    const { status, out } = await runInProcess('explore', file, '--workers', '2', '--depth', '1', '--out', folder);
    expect(out).toContain('when the other worker goes on before the reply arrives (question 1, exists)');
    expect(status).toBe(1);
    const again = await runInProcess('run', join(folder, 'lookup-charged-once-exists.yaml'));
    expect(again.out).toContain('received The order of 42.00 is captured by 2 payments');
    expect(again.status).toBe(1);
  });

  test('succeeds if no law is broken', async () => {
    const folder = await tempFolder();
    const { status, out } = await explorePay(join(folder, 'explored'), ['00105']);
    expect(out).toContain('shop: no law is broken in 2 runs');
    expect(status).toBe(0);
    expect(existsSync(join(folder, 'explored'))).toBe(false);
  });

  test('writes a report to a file, and the text to the terminal', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'report.json');
    const { status, out } = await explorePay(folder, ['drop'], '--report', 'json', '--report-file', file);
    expect(status).toBe(1);
    expect(out).toContain('✗ charged-once, at pay');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ failures: [{ file: join(folder, 'shop-charged-once-pay.yaml') }] });
  });

  test('goes on where it stopped', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'state.jsonl');
    await explorePay(folder, ['00105'], '--resume', file);
    const lines = () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '');
    expect(lines()).toHaveLength(2);
    // As an interrupted exploration leaves it.
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"plan":[{"ki`);
    const { out } = await explorePay(folder, ['00105', '00151'], '--resume', file);
    expect(out).toContain('no law is broken in 3 runs');
    expect(lines().filter((line) => line.includes('00105@1') || line.includes('"00105"'))).toHaveLength(1);
    expect(lines()).toHaveLength(4);

    const other = await runInProcess('explore', '--pay', `${PAY} x`, '--depth', '1', '--kind', '00105', '--resume', file);
    expect(other.status).toBe(2);
    expect(other.err).toContain('has the results of another flow');
    const words = await runInProcess('explore', '--pay', PAY, '--says-paid', 'Merci', '--depth', '1', '--resume', file);
    expect(words.status).toBe(2);
  });

  test('ends programs that write without end, and reports them', async () => {
    const folder = await tempFolder();
    const { status, err } = await runInProcess('explore', '--pay', 'yes paid', '--depth', '1', '--kind', '00105', '--out', folder);
    expect(status).toBe(2);
    expect(err).toContain('Without any fault');
  });

  test.each([
    ['null', 'is not a file of an exploration'],
    ['{"version":2,"flow":"other"}', 'has the results of another flow'],
  ])('refuses to resume from a file with %s', async (text, message) => {
    const file = join(await tempFolder(), 'state.jsonl');
    writeFileSync(file, `${text}\n`);
    const { status, err } = await runInProcess('explore', '--pay', PAY, '--depth', '1', '--kind', '00105', '--resume', file);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });

  test('keeps no card in the file to resume from, and leaves lines out that are no results', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'state.jsonl');
    const command = PAY.replace('${card}', '1111222233334444');
    const resumed = () => runInProcess('explore', '--pay', command, '--depth', '1', '--kind', '00105', '--out', folder, '--resume', file);
    await resumed();
    writeFileSync(file, `${readFileSync(file, 'utf8')}null\n{}\n{"plan":[]}\n`);
    expect((await resumed()).out).toContain('no law is broken in 2 runs');
    expect(readFileSync(file, 'utf8')).not.toContain('1111222233334444');
  });

  test('explores a scenario, and learns from its run what it buys', async () => {
    const folder = await tempFolder();
    const file = join(folder, 'order.yaml');
    writeFileSync(file, `id: order\nwhy: An order.\nsteps:\n  - run: ${JSON.stringify(PAY.replace('${amount}', '4200'))}\n`);
    const { status, out } = await runInProcess('explore', file, '--depth', '1', '--kind', 'drop', '--out', folder);
    expect(status).toBe(1);
    expect(out).toContain('The order of 42.00 is captured by 2 payments');
  });

  test.each([
    ['nothing to explore', ['explore'], 'Say what to explore'],
    ['a report file without a report', ['explore', '--pay', PAY, '--report-file', 'x'], '--report-file needs --report'],
    ['a shop that is no address', ['explore', '--shop', 'foo'], 'foo is not a valid URL'],
    ['a kind that cannot happen', ['explore', '--pay', PAY, '--kind', 'call-lost'], 'Nothing of these kinds can happen'],
    [
      'a folder that cannot be made',
      ['explore', '--pay', PAY, '--kind', 'drop', '--depth', '1', '--out', '/dev/null/x'],
      '/dev/null/x cannot be written',
    ],
    [
      'a name that is not known',
      ['explore', '--pay', PAY.replace('reference', 'refrence')],
      'a step could not run: ${refrence}: unknown name',
    ],
    ['a refund that cannot run', ['explore', '--pay', PAY, '--refund', 'echo ${order.word9}'], 'a step could not run:'],
    ['other words', ['explore', '--pay', 'echo Merci'], 'says: Merci; that is neither paid nor refused (--says-paid'],
    ['a shop without its address', ['explore', '--flow', 'hosted-page'], 'needs the address of a web shop'],
    ['a command beside a scenario', ['explore', 'order.yaml', '--pay', PAY], '--pay has no effect with a scenario file'],
    ['a refund of a ready flow', ['explore', '--reference', '--refund-amount', '5'], '--refund-amount has no effect with a ready flow'],
    ['a ready flow beside a command', ['explore', '--pay', PAY, '--flow', 'pay'], '--flow has no effect with --pay or --authorize'],
    ['a refund without an amount', ['explore', 'order.yaml', '--refund-amount', '5'], '--refund-amount needs --amount'],
    ['an unknown kind', ['explore', '--pay', PAY, '--kind', 'lightning'], 'lightning is not a kind of fault'],
    ['a time that cannot be read', ['explore', '--pay', PAY, '--budget', 'long'], 'A time is a number of seconds or minutes'],
    ['a program that does not pay', ['explore', '--pay', 'echo refused'], 'Without any fault, the last step says: refused'],
    ['a program that says nothing', ['explore', '--pay', 'true'], 'Without any fault, the last step says: nothing'],
  ])('refuses %s', async (_, args, message) => {
    const { status, err } = await runInProcess(...args);
    expect(err).toContain(message);
    expect(status).toBe(2);
  });
});
