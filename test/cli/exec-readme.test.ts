import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/command.js';
import { ownHome } from '../support/https.js';
import { tempFolder } from '../support/temp-folder.js';

ownHome();

/** Replaces what differs between runs. */
const masked = (text: string): string => text.replace(/NUMQUESTION=\d+/, 'NUMQUESTION=…').replace(/^\d\d:\d\d:\d\d/m, 'time');

test('exec runs the program of the README unchanged and prints the output shown there', async () => {
  const readme = readFileSync('README.md', 'utf8');
  const [, program = ''] = /```php\n(<\?php \/\/ pay\.php\n[\s\S]*?)```/.exec(readme) ?? [];
  const [, command = '', printed = ''] = /```text\n\$ npx paybox-sim (exec .*)\n([\s\S]*?)```/.exec(readme) ?? [];
  const file = join(await tempFolder(), 'pay.php');
  writeFileSync(file, program);
  expect(command).toMatch(/ php pay\.php$/);
  const { status, out, err } = await run(...command.replace('pay.php', file).split(' '));
  expect(masked(out + err)).toBe(masked(printed));
  expect(status).toBe(0);
});
