import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { userProject } from '../support/user-project.js';

const INSTALL = 'Run npm install better-sqlite3, use Node.js 22.13 or newer, or omit --db to keep the state in memory.';
const REBUILD =
  'Run npm rebuild better-sqlite3 (npm 11: after npm approve-scripts better-sqlite3), use Node.js 22.13 or newer, or omit --db to keep the state in memory.';

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

const PROBLEMS = [
  ['is not installed', async () => {}, INSTALL],
  ['is not built or is damaged', installUnbuilt, REBUILD],
  ['was built for another Node.js or another machine', installForeign, REBUILD],
] as const;

/** Installs the simulator and what there is of better-sqlite3. Returns the arguments that start it with a file, and its folder. */
async function installed(install: (modules: string) => Promise<unknown>): Promise<{ args: string[]; cwd: string }> {
  const cwd = await userProject({}, [], { copy: true });
  await install(join(cwd, 'node_modules'));
  const main = join(cwd, 'node_modules/paybox-direct-simulator/dist/cli/main.js');
  return { args: [main, '--port', '0', '--db', 'x.db'], cwd };
}

// The flag hides the SQLite of Node.js; a Node.js that does not know it has none.
const HIDDEN = '--no-experimental-sqlite';
const withoutNodeSqlite = { ...process.env, NODE_OPTIONS: process.allowedNodeEnvironmentFlags.has(HIDDEN) ? HIDDEN : '' };

test.each(PROBLEMS)('where Node.js has no SQLite, --db FILE says what to do if better-sqlite3 %s', async (why, install, advice) => {
  const { args, cwd } = await installed(install);
  await expect(promisify(execFile)(process.execPath, args, { cwd, env: withoutNodeSqlite })).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: `better-sqlite3 ${why}, so no database file can be opened. ${advice}\n`,
  });
});

describe.runIf(isBuiltin('node:sqlite'))('where Node.js has SQLite', () => {
  test.each(PROBLEMS)('--db FILE uses it, without a warning, if better-sqlite3 %s', async (_, install) => {
    const { args, cwd } = await installed(install);
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: '' } });
    const output = text(child.stdout);
    const errors = text(child.stderr);
    const ended = once(child, 'close');
    onTestFinished(() => void child.kill());
    child.stdout.on('data', (bytes) => String(bytes).includes('Gateway') && child.kill('SIGTERM'));
    await ended;
    expect([await output, await errors]).toEqual([expect.stringMatching(/State +x\.db/), '']);
    expect((await readFile(join(cwd, 'x.db'))).toString('latin1')).toContain('SQLite format 3');
  });
});
