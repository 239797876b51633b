import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SERVE = `
import { createSimulator } from './out/simulator/index.js';
const [db, uid] = process.argv.slice(2);
if (uid !== undefined) process.setuid(Number(uid));
try {
  const simulator = createSimulator({ db });
  console.log(await simulator.listen());
} catch (error) {
  console.log(error.name + ': ' + error.message);
}
`;

/** Compiles the simulator into a new folder, for tests that need it in another process. Returns the folder. */
export async function buildSimulator(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paybox-sim-build-'));
  await chmod(folder, 0o755);
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'serve.mjs'), SERVE);
  const compilerOptions = {
    outDir: join(folder, 'out'),
    rootDir: ROOT,
    declaration: false,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  const include = ['contracts', 'simulator'].map((source) => join(ROOT, source));
  const config = join(folder, 'tsconfig.json');
  await writeFile(config, JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, include }));
  execFileSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', config], { stdio: 'pipe' });
  return folder;
}

/** A simulator in another process. */
export interface ServingProcess {
  /** The first line of its output: its URL, or the error why it does not serve. */
  readonly firstLine: string;
  readonly pid: number;
  /** Kills it with SIGKILL, so that no handler runs, like a power cut. */
  kill(): Promise<void>;
}

/**
 * Starts a process with a simulator on a SQLite file. It is killed at the end of the test.
 *
 * @param build the folder that {@link buildSimulator} returned
 * @param uid the user that opens the file. Default: the user of the test
 */
export async function serveProcess(build: string, db: string, uid?: number): Promise<ServingProcess> {
  const child = spawn(process.execPath, [join(build, 'serve.mjs'), db, ...(uid === undefined ? [] : [String(uid)])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = (): Promise<void> => {
    child.kill('SIGKILL');
    return ended;
  };
  onTestFinished(kill);
  return { firstLine: await readFirstLine(child), pid: child.pid ?? 0, kill };
}

function readFirstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The process exited with ${code} and printed nothing.`)));
  });
}
