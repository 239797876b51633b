// Makes a checkout ready to run: installs what the lock file asks for and builds what has changed.
// Plain JavaScript without imports of packages, since it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = [
  'contracts',
  'simulator',
  'client',
  'scenarios',
  'cli',
  'bench',
  'tsconfig.json',
  'tsconfig.build.json',
  'rolldown.config.ts',
  'package.json',
];

const changed = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newest(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function run(command) {
  process.stderr.write(`> ${command}\n`);
  // What these print is not what the caller asked for: it goes to standard error.
  const { status } = spawnSync(command, { shell: true, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

const INSTALLED = 'node_modules/.package-lock.json';

if (changed(INSTALLED) < changed('package-lock.json')) {
  // Fails where package.json and package-lock.json disagree.
  run('npm ci');
  utimesSync(INSTALLED, new Date(), new Date());
}
if (changed('dist/cli/main.js') < Math.max(...SOURCES.map(newest))) run('npm run build');
