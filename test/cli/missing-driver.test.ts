import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { userProject } from '../support/user-project.js';

const INSTALL = 'Run npm install better-sqlite3, or omit --db to keep the state in memory.';
const REBUILD =
  'Run npm rebuild better-sqlite3 (npm 11: after npm approve-scripts better-sqlite3), or omit --db to keep the state in memory.';

/** Installs the real driver without its native code. Returns its folder. */
async function installUnbuilt(modules: string): Promise<string> {
  const isSource = (file: string): boolean => !/[\\/](build|deps|src)([\\/]|$)/.test(file.slice(file.lastIndexOf('node_modules')));
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path'])
    await cp(join('node_modules', name), join(modules, name), { recursive: true, filter: isSource });
  return join(modules, 'better-sqlite3');
}

/** Installs the real driver with native code that Node.js refuses to load, as it does that of another version. */
async function installForeign(modules: string): Promise<void> {
  const release = join(await installUnbuilt(modules), 'build/Release');
  await mkdir(release, { recursive: true });
  await writeFile(join(release, 'better_sqlite3.node'), 'for another Node.js');
}

test.each([
  ['is not installed', async () => {}, INSTALL],
  ['is not built or is damaged', installUnbuilt, REBUILD],
  ['was built for another Node.js or another machine', installForeign, REBUILD],
])('--db FILE says what to do where better-sqlite3 %s', async (why, install, advice) => {
  const folder = await userProject({}, [], { copy: true });
  await install(join(folder, 'node_modules'));
  const main = join(folder, 'node_modules/paybox-direct-simulator/dist/cli/main.js');
  const ended = promisify(execFile)(process.execPath, [main, '--port', '0', '--db', 'x.db'], { cwd: folder });
  await expect(ended).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: `better-sqlite3 ${why}, so no database file can be opened. ${advice}\n`,
  });
});
