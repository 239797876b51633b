import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import type { Random } from './random.js';

/** A way to keep a process from writing to its file. */
export interface WriteFault {
  readonly name: string;
  /** How many refusals are waited for: a locked file takes seconds for each. */
  readonly refusals: number;
  /** Begins it; answers what ends it. */
  begin(process: number, db: string, random: Random): () => void;
}

/** Room for what a long run keeps, and to fill. */
const DISK = 96 * 1024 * 1024;

function runs(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'paybox-sim-mount-'));
  const isMounted = runs('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
  if (isMounted) execFileSync('umount', [folder]);
  rmdirSync(folder);
  return isMounted;
}

const hasDisks = canMount();

/** A folder of the running test's own; where this user may mount, a small disk of its own. */
export async function smallDisk(): Promise<string> {
  const folder = await tempFolder();
  if (!hasDisks) return folder;
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

const diskFull: WriteFault = {
  name: 'disk full',
  refusals: 50,
  begin: (_, db, random) => {
    const filler = join(db, '..', 'filler');
    const { bavail, bsize } = statfsSync(join(db, '..'));
    try {
      writeFileSync(filler, new Uint8Array(Math.max(0, bavail * bsize - random.below(200_000))));
    } catch {
      // The process under test has taken room meanwhile: the disk is all the fuller.
    }
    return () => rmSync(filler);
  },
};

const fileLimit: WriteFault = {
  name: 'file size limit',
  refusals: 50,
  begin: (process, _, random) => {
    const limit = (bytes: number | 'unlimited') => execFileSync('prlimit', ['--pid', String(process), `--fsize=${bytes}:`]);
    limit(random.between(1, 300_000));
    return () => void limit('unlimited');
  },
};

const locked: WriteFault = {
  name: 'locked file',
  refusals: 1,
  begin: (_, db) => {
    const other = new Database(db);
    other.exec('BEGIN EXCLUSIVE');
    return () => void other.close();
  },
};

/** What can be done to a file on this machine. */
export const WRITE_FAULTS: readonly WriteFault[] = [
  ...(hasDisks ? [diskFull] : []),
  ...(existsSync('/proc/self/limits') && runs('prlimit', '--version') ? [fileLimit] : []),
  locked,
];
