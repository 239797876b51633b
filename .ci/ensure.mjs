// Prepares a checkout: installs the packages of the lock file if it has changed, and builds if a source has changed.
// Plain JavaScript that imports no packages, because it runs before they are installed.
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

/** When a file was changed; 0 if it does not exist. */
const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** The latest change of a file, or of a folder and all that it contains. */
function latestChange(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => latestChange(join(path, name))));
}

/** Runs a command. `isQuiet`: its output is printed only if it fails. */
function run(command, { isQuiet = false } = {}) {
  process.stderr.write(`> ${command}\n`);
  // Standard output belongs to the command that the user started, so these commands print to standard error.
  const output = isQuiet ? 'pipe' : 2;
  const { status, stdout, stderr } = spawnSync(command, { shell: true, stdio: ['ignore', output, output] });
  if (status === 0) return;
  if (isQuiet) process.stderr.write(Buffer.concat([stdout, stderr]));
  process.exit(status ?? 1);
}

const INSTALLED = 'node_modules/.package-lock.json';

if (changedAt(INSTALLED) < changedAt('package-lock.json')) {
  // Fails if package.json and package-lock.json disagree.
  run('npm ci');
  utimesSync(INSTALLED, new Date(), new Date());
}
if (changedAt('dist/cli/main.js') < Math.max(...SOURCES.map(latestChange))) run('npm run build', { isQuiet: true });
