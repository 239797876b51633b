import { copyFileSync, existsSync, readFileSync } from 'node:fs';

/** A database file and what belongs to it while it is in use, by the end of the name. */
type FilePart = '' | '-wal' | '-mark';

const PARTS: readonly FilePart[] = ['', '-wal', '-mark'];

/**
 * Copies a database while a simulator has it open: what is there after the simulator was killed.
 *
 * @param parts which files. Default: all of them
 */
export function copyInUse(from: string, to: string, parts = PARTS): void {
  for (const part of parts) if (existsSync(from + part)) copyFileSync(from + part, to + part);
}

/** Returns the content of a database file, its log and its mark. */
export const contentOf = (db: string): (string | undefined)[] =>
  PARTS.map((part) => (existsSync(db + part) && readFileSync(db + part).length > 0 ? readFileSync(db + part, 'latin1') : undefined));
