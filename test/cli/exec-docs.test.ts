import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/command.js';
import { useTemporaryHome } from '../support/https.js';
import { docsBlock } from '../support/markdown.js';
import { tempFolder } from '../support/temp-folder.js';

useTemporaryHome();

/** An output without what differs from run to run. */
const masked = (text: string): string => text.replace(/NUMQUESTION=\d+/, 'NUMQUESTION=…').replace(/^\d\d:\d\d:\d\d/m, 'time');

test('exec runs the program of the docs that calls the gateway’s own host unchanged, and prints what the docs show', async () => {
  const page = readFileSync('docs/exec-and-https.md', 'utf8');
  const [, command = '', printed = ''] = /```text\n\$ npx paybox-sim (exec .*)\n([\s\S]*?)```/.exec(page) ?? [];
  const file = join(await tempFolder(), 'pay.php');
  writeFileSync(file, docsBlock('pay.php'));
  expect(command).toMatch(/ php pay\.php$/);
  const { status, out, err } = await run(...command.replace('pay.php', file).split(' '));
  expect(masked(out + err)).toBe(masked(printed));
  expect(status).toBe(0);
});
