import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

const scenario = (code: string): string => `id: pays
why: A payment with a valid card must be accepted.
section: §3
weight: O
steps:
  - send: pay
    expect: { reply: { CODEREPONSE: ${code} } }
`;

/** How editors save: into the file, or into another one that replaces it. */
const SAVES: Readonly<Record<string, (file: string, text: string) => void>> = {
  changes: writeFileSync,
  'is replaced': (file, text) => {
    writeFileSync(`${file}~`, text);
    renameSync(`${file}~`, file);
  },
};

test.each(['changes', 'is replaced'])('paybox-sim run --watch runs again each time a file %s', async (how) => {
  const folder = mkdtempSync(join(tmpdir(), 'paybox-watch-'));
  const file = join(folder, 'pays.yaml');
  writeFileSync(file, scenario('00004'));
  const child = spawn(process.execPath, ['dist/cli/main.js', 'run', file, '--watch'], { env: { ...process.env, NO_COLOR: '1' } });
  onTestFinished(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const printed = async (text: string): Promise<string> => {
    for (let { value } = await lines.next(); value !== undefined; { value } = await lines.next()) if (value.includes(text)) return value;
    throw new Error(`The output ended without ${text}.`);
  };
  expect(await printed(' passed, ')).toContain('0 passed, 1 failed');
  await printed('Watching for changes');
  for (const [code, result] of [
    ['00000', '1 passed, 0 failed'],
    ['00003', '0 passed, 1 failed'],
    ['00000', '1 passed, 0 failed'],
  ] as const) {
    SAVES[how]?.(file, scenario(code));
    expect(await printed(' passed, ')).toContain(result);
    await printed('Watching for changes');
  }
});
