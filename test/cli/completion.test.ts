import { expect, test } from 'vitest';
import { run } from '../support/command.js';

const wordsOf = async (...typed: readonly string[]): Promise<readonly string[]> =>
  (await run('complete', '--', ...typed)).out.split('\n').map((line) => line.split('\t')[0] ?? '');

test('completion offers the commands that begin with what was typed', async () => {
  expect(await wordsOf('se')).toEqual(expect.arrayContaining(['serve', 'seed']));
  expect(await wordsOf('se')).not.toContain('findings');
});

test('completion offers the options of a command and the values of an option', async () => {
  expect(await wordsOf('findings', '--')).toEqual(expect.arrayContaining(['--url', '--fail-on', '--allow-none', '--json']));
  expect(await wordsOf('run', '--report', '')).toEqual(expect.arrayContaining(['junit', 'json', 'tap', 'html', 'github']));
});

test.each(['bash', 'zsh', 'fish', 'powershell'])('completion has a script for %s', async (shell) => {
  const { out, status } = await run('complete', shell);
  expect(out).toMatch(/paybox-sim.* complete/);
  expect(out).toContain('paybox-sim');
  expect(status).toBe(0);
});
