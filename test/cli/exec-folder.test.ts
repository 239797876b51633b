import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { useTemporaryHome } from '../support/https.js';
import { tempFolder } from '../support/temp-folder.js';

useTemporaryHome();

let temporary: string;

beforeEach(async () => {
  temporary = join(await tempFolder(), 'tmp');
  mkdirSync(temporary);
});

/** The folders that `exec` made and did not delete. */
const foldersLeft = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('paybox-sim-exec'));

/** Starts the built `exec` in its own process with a Node.js program. Resolves when the program has printed its process id. */
async function start(code: string) {
  const program = join(temporary, 'program.mjs');
  writeFileSync(program, `console.log(process.pid); ${code}`);
  const child = spawn(process.execPath, ['dist/cli/main.js', 'exec', '--', process.execPath, program], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [pid] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pid: Number(pid), ended: once(child, 'exit') };
}

/** Ends with its parent, also after a SIGKILL: then its standard input is closed. */
const WAITS = "process.stdin.resume().on('end', () => process.exit());";

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('exec that receives %s leaves no folder', async (signal) => {
  const { child, ended } = await start(WAITS);
  expect(foldersLeft()).toHaveLength(1);
  child.kill(signal);
  await ended;
  expect(foldersLeft()).toEqual([]);
});

test('exec deletes the folders of processes that were killed, and no others', async () => {
  const killed = await start(WAITS);
  const running = await start(WAITS);
  const [first = '', second = ''] = foldersLeft().sort((a) => (a.includes(`-${killed.child.pid}-`) ? -1 : 1));
  killed.child.kill('SIGKILL');
  await killed.ended;
  const elsewhere = `paybox-sim-exec-not-${hostname()}-${killed.child.pid}-abcdef`;
  mkdirSync(join(temporary, elsewhere));
  expect(foldersLeft()).toContain(first);

  await (await start('')).ended;
  expect(foldersLeft().sort()).toEqual([second, elsewhere].sort());
  running.child.kill('SIGTERM');
  await running.ended;
  expect(foldersLeft()).toEqual([elsewhere]);
});
