import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { userProject } from '../support/user-project.js';

/** better-sqlite3 fails in these ways: when it is loaded, or, without its binary, when it opens the first database. */
const DRIVERS = {
  'is not installed': undefined,
  'has no binary':
    "module.exports = class { constructor() { throw new Error('Could not locate the bindings file. Tried:\\n → a\\n → b'); } };",
} as const;

test.each(Object.entries(DRIVERS))('--db FILE says what to do where better-sqlite3 %s', async (_, driver) => {
  const files = driver === undefined ? {} : { 'node_modules/better-sqlite3/index.js': driver };
  const folder = await userProject(files, [], { copy: true });
  const main = join(folder, 'node_modules/paybox-direct-simulator/dist/cli/main.js');
  const ended = promisify(execFile)(process.execPath, [main, '--port', '0', '--db', 'x.db'], { cwd: folder });
  await expect(ended).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr:
      'better-sqlite3 cannot be loaded, so no database file can be opened. Run npm rebuild better-sqlite3 (npm 11: after npm approve-scripts better-sqlite3), or omit --db to keep the state in memory.\n',
  });
});
