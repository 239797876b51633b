import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import type { Random } from './random.js';

/** A condition in which a process cannot write to its file. */
export interface WriteFault {
  readonly name: string;
  /** How many refusals a test waits for. With a locked file each one takes seconds. */
  readonly refusals: number;
  /** Starts the fault. Returns a function that ends it. */
  begin(process: number, db: string, random: Random): () => void;
}

/** Bytes. Enough for the database of a long run. */
const DISK_SIZE = 96 * 1024 * 1024;

function succeeds(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'paybox-sim-mount-'));
  const isMounted = succeeds('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
  if (isMounted) execFileSync('umount', [folder]);
  rmdirSync(folder);
  return isMounted;
}

const canMountDisks = canMount();

/** Returns a folder for the running test; if this user may mount file systems, on a separate small disk. */
export async function smallDisk(): Promise<string> {
  const folder = await tempFolder();
  if (!canMountDisks) return folder;
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_SIZE}`, 'tmpfs', folder]);
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
      // The process under test has used some space in the meantime, so the disk is full.
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

/** The faults that are possible on this machine. */
export const WRITE_FAULTS: readonly WriteFault[] = [
  ...(canMountDisks ? [diskFull] : []),
  ...(existsSync('/proc/self/limits') && succeeds('prlimit', '--version') ? [fileLimit] : []),
  locked,
];
