import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, rmSync, type Stats, statSync, writeSync } from 'node:fs';
import { StoreError } from '../store.js';

/** Each process writes to one of the slots, so that a slower process does not overwrite the number of a faster one. */
const SLOTS = 64;
/** Bytes of a slot: a number of double precision. */
const SLOT_SIZE = 8;

/**
 * Shortest time between two checks of the files, in milliseconds: a check takes about a twentieth of the time of a question. A question that
 * is answered this shortly after a deletion could as well have been answered just before it.
 */
const CHECK_INTERVAL = 2;

/** The path of the mark of a database file. */
export const markOf = (file: string): string => `${file}-mark`;
/** The path of the write-ahead log of a database file. */
export const logOf = (file: string): string => `${file}-wal`;

/**
 * Reads the number of the last acknowledged commit of a database file.
 *
 * @returns undefined if the file has no mark; 0 if the mark is empty
 */
export function readMark(file: string): number | undefined {
  if (!existsSync(markOf(file))) return undefined;
  const bytes = readFileSync(markOf(file));
  const numbers = Array.from({ length: Math.floor(bytes.length / SLOT_SIZE) }, (_, slot) => bytes.readDoubleLE(slot * SLOT_SIZE));
  return Math.max(0, ...numbers.filter(Number.isSafeInteger));
}

/** Deletes the mark of a database file, if there is one. */
export function deleteMark(file: string): void {
  rmSync(markOf(file), { force: true });
}

/**
 * The error that commits are missing.
 *
 * @param stored the number of the last commit that the file and its log have
 * @param acknowledged the number of the last commit that was acknowledged; undefined if it is not known
 */
export function lostCommits(file: string, stored: number, acknowledged: number | undefined): StoreError {
  const [mark, log] = [markOf(file), logOf(file)];
  return new StoreError(
    acknowledged === undefined
      ? `Database ${file} was in use when it was copied or moved, and ${mark} is missing: what was written last may be missing too. It was not changed. Copy ${file}, ${log} and ${mark} together, or stop the simulator before you copy. To go on with what is there, create an empty file ${mark}.`
      : `Database ${file} has lost the last ${acknowledged - stored} of ${acknowledged} commits: its log ${log} is missing, cut, damaged or an older copy, or ${file} is an older copy. It was not changed. Put the right ${file} and ${log} back, or restore a backup and delete ${log} and ${mark}. To go on with what is left, empty the file ${mark}.`,
  );
}

// Two that do not exist are the same: on some file systems SQLite cannot have a log.
const isSame = (a: Stats | undefined, b: Stats | undefined): boolean => a?.ino === b?.ino && a?.dev === b?.dev;
const statusOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/**
 * The mark of a database file in use: a small file next to it with the number of the last acknowledged commit. SQLite reads its log up to the
 * first wrong checksum and takes that for the end. So only something outside of the log can show that it was longer.
 */
export class CommitMark {
  readonly #file: string;
  readonly #slot = (process.pid % SLOTS) * SLOT_SIZE;
  readonly #bytes = Buffer.alloc(SLOT_SIZE);
  #descriptor: number;
  #database: Stats | undefined;
  #log: Stats | undefined;
  #nextCheck = 0;

  /** Opens the mark, or creates it if the file has no mark yet. Must be called before the file has a log. */
  constructor(file: string) {
    this.#file = file;
    this.#descriptor = this.#open();
  }

  /** Notes which files belong to the open database. Must be called when the file has a log: while it is open, no process deletes the log. */
  begin(): void {
    this.restore();
    this.#database = statusOf(this.#file);
    this.#log = statusOf(logOf(this.#file));
  }

  /** @throws StoreError when the database or its log was deleted or replaced since {@link CommitMark.begin} */
  checkFiles(): void {
    const now = performance.now();
    if (now < this.#nextCheck) return;
    const missing = this.#missing();
    if (missing !== undefined)
      throw new StoreError(
        `Database ${this.#file}: ${missing} was deleted or replaced while the simulator used it. Nothing is written until the same file is back. To use another file, restart the simulator.`,
      );
    this.#nextCheck = now + CHECK_INTERVAL;
  }

  /** Whether the files at the path are those of the open database: if not, they may belong to another process. */
  get hasFiles(): boolean {
    return this.#missing() === undefined;
  }

  /** Whether the log was replaced, and the database was not. */
  get hasOtherLog(): boolean {
    return this.#missing() === logOf(this.#file) && existsSync(logOf(this.#file));
  }

  /** Writes the number of a commit. A failure is ignored: the commit is in the log, and only its later loss would not be noticed. */
  acknowledge(commit: number): void {
    this.#bytes.writeDoubleLE(commit);
    try {
      writeSync(this.#descriptor, this.#bytes, 0, SLOT_SIZE, this.#slot);
    } catch {}
  }

  /** Creates the mark again if it was deleted. Must be called when the database is at its path: a mark there belongs to the file next to it. */
  restore(): void {
    if (isSame(fstatSync(this.#descriptor), statusOf(markOf(this.#file)))) return;
    closeSync(this.#descriptor);
    this.#descriptor = this.#open();
    this.acknowledge(this.#bytes.readDoubleLE());
  }

  /** Deletes the mark. Must be called when the file has no log and no other process can begin one. */
  delete(): void {
    if (isSame(this.#database, statusOf(this.#file))) deleteMark(this.#file);
  }

  /** Closes the mark. It stays where it is. */
  close(): void {
    closeSync(this.#descriptor);
  }

  /** Returns the path at which there is no file of the open database; undefined if both are there. */
  #missing(): string | undefined {
    if (!isSame(this.#database, statusOf(this.#file))) return this.#file;
    return isSame(this.#log, statusOf(logOf(this.#file))) ? undefined : logOf(this.#file);
  }

  #open(): number {
    return openSync(markOf(this.#file), constants.O_RDWR | constants.O_CREAT, statSync(this.#file).mode & 0o777);
  }
}
