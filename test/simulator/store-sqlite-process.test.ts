import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSimulator, serveProcess } from '../support/built-simulator.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

const NOBODY = 65534;

let build: string;

beforeAll(async () => {
  build = await buildSimulator();
});

afterAll(() => rm(build, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32')('a read-only file is rejected with advice', async () => {
  const folder = await tempFolder();
  const db = join(folder, 'state.db');
  const { ask, simulator } = openTestSimulator({ db });
  await ask(PAY);
  await simulator.close();
  await chmod(db, 0o444);
  await chmod(folder, 0o555);

  const { firstLine } = await serveProcess(build, db, process.getuid?.() === 0 ? NOBODY : undefined);
  await chmod(folder, 0o755);
  expect(firstLine).toMatch(
    /^StoreError: Database .*state\.db: .*The file is read-only\. Check the permissions of the file and its folder\.$/,
  );
});

test.skipIf(process.platform === 'win32')(
  'a file of which only the database was deleted in use is rejected with what to stop',
  async () => {
    const db = join(await tempFolder(), 'state.db');
    await serveProcess(build, db);
    await rm(db);
    const { firstLine } = await serveProcess(build, db);
    expect(firstLine).toMatch(/^StoreError: Database .*state\.db: .*\. Another process still uses the log .* Stop that process/);
  },
);
