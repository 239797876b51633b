// Prepares a checkout: installs the packages of the lock file if it has changed, and builds if a source has changed.
// With --sqlite it also compiles SQLite where that is missing.
// Plain JavaScript that imports no packages, because it runs before they are installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

const PROGRESS_SECONDS = 5;

/** When a file was changed; 0 if it does not exist. */
const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/** The latest change of a file, or of a folder and all that it contains. */
function latestChange(path) {
  if (!existsSync(path)) return 0;
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => latestChange(join(path, name))));
}

/**
 * Runs a command. Prints its purpose, a line every few seconds, and its output only if it fails; then ends the process with its status.
 * Everything goes to standard error: standard output belongs to the command that the user started.
 */
async function run(command, purpose) {
  const print = (text) => process.stderr.write(text);
  print(`> ${command}  # ${purpose}\n`);
  const output = [];
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += PROGRESS_SECONDS;
    print(`  ${seconds} s\n`);
  }, PROGRESS_SECONDS * 1000);
  const status = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(timer);
  if (status === 0) return;
  print(Buffer.concat(output));
  process.exit(status ?? 1);
}

/** Whether SQLite can be loaded. In a process of its own, because a module that failed to load cannot be loaded again. */
const hasSqlite = () =>
  spawnSync(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:')"], { stdio: 'ignore' }).status === 0;

const INSTALLED = 'node_modules/.package-lock.json';

/** Installs, compiles and builds what is missing. Call it in the folder of the checkout. */
export async function ensure({ sqlite = false } = {}) {
  if (changedAt(INSTALLED) < changedAt('package-lock.json')) {
    // Fails if package.json and package-lock.json disagree. Scripts are left out because the only one that matters compiles SQLite.
    await run('npm ci --ignore-scripts --no-audit --no-fund', 'installs the packages');
    utimesSync(INSTALLED, new Date(), new Date());
  }
  if (sqlite && existsSync('node_modules/better-sqlite3') && !hasSqlite())
    await run('npm rebuild better-sqlite3', 'gets or compiles SQLite, which can take minutes');
  if (changedAt('dist/cli/main.js') < Math.max(...SOURCES.map(latestChange))) await run('npm run build', 'builds');
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await ensure({ sqlite: process.argv.includes('--sqlite') });
