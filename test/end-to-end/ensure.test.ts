import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

/** Runs the preparation of a checkout whose build runs this JavaScript. */
async function prepare(build: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const folder = await tempFolder();
  await copyFile('.ci/ensure.mjs', join(folder, 'ensure.mjs'));
  await writeFile(join(folder, 'build.cjs'), build);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { build: 'node build.cjs' } }));
  return promisify(execFile)(process.execPath, ['ensure.mjs'], { cwd: folder });
}

test('preparing a checkout does not print the output of a build that succeeds', async () => {
  expect(await prepare("console.log('a list of files')")).toEqual({ stdout: '', stderr: '> npm run build  # builds\n' });
});

test('preparing a checkout prints the output of a build that fails, and fails with its status', async () => {
  await expect(prepare("console.log('on stdout'); console.error('on stderr'); process.exit(3)")).rejects.toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringMatching(/^> npm run build {2}# builds\n[\s\S]*on stdout\n[\s\S]*on stderr\n/),
  });
});
