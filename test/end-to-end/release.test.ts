import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';

/** Prints the notes of a release of version 1.2.3. */
async function notesOf(tag: string, changelog: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const folder = await tempFolder();
  await copyFile('.ci/release-notes.mjs', join(folder, 'release-notes.mjs'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ version: '1.2.3' }));
  await writeFile(join(folder, 'CHANGELOG.md'), changelog);
  return promisify(execFile)(process.execPath, ['release-notes.mjs', tag], { cwd: folder });
}

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n- Later.\n\n## 1.2.3\n\n- Now.\n\n## 1.2.2\n\n- Before.\n';

test('the notes of a release are its section of the changelog', async () => {
  expect((await notesOf('v1.2.3', CHANGELOG)).stdout).toBe('- Now.\n');
});

test.each([
  ['v1.2.4', CHANGELOG, 'The tag is v1.2.4, but package.json has the version 1.2.3. Tag v1.2.3.\n'],
  ['v1.2.3', '# Changelog\n', 'CHANGELOG.md has no section "## 1.2.3".\n'],
])('a release with the tag %s and a changelog that does not fit fails', async (tag, changelog, stderr) => {
  await expect(notesOf(tag, changelog)).rejects.toMatchObject({ code: 1, stdout: '', stderr });
});
