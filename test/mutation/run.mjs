// Runs mutation tests: `npm run mutation -- engine gateway`; without names, all folders. Unchanged mutants are not tested again.
// `SEED=7 MUTANTS=60 npm run mutation -- engine` tests a random sample. `JOBS=1` tests one mutant at a time.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { FOLDERS } from './folders.mjs';

const HOME = 'test/mutation';
const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in FOLDERS));
if (unknown !== undefined) {
  process.stderr.write(`${unknown} is not a folder of the mutation tests: ${Object.keys(FOLDERS).join(', ')}.\n`);
  process.exit(2);
}

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(`${HOME}/node_modules`)) run('npm', ['ci', '--prefix', HOME, '--no-audit', '--no-fund']);
for (const folder of names.length > 0 ? names : Object.keys(FOLDERS))
  run(process.execPath, [`${HOME}/node_modules/@stryker-mutator/core/bin/stryker.js`, 'run', `${HOME}/stryker.config.mjs`], {
    MUTATION: folder,
  });
