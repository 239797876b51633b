import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const OWNER_ONLY = 0o600;
const READABLE = 0o644;

/** Writes a file beside its place and hands it over to be put there whole. */
function writeBeside(file: string, text: string, mode: number, put: (written: string) => void): void {
  const written = `${file}.${randomUUID()}.tmp`;
  try {
    writeFileSync(written, text, { mode, flag: 'wx' });
    put(written);
  } finally {
    rmSync(written, { force: true });
  }
}

function linkOrRename(written: string, file: string): void {
  try {
    linkSync(written, file);
  } catch (error) {
    // Somebody else was first, and theirs stays; some file systems (exFAT) know no links.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' && !existsSync(file)) renameSync(written, file);
  }
}

/** Makes a file that only its owner may read, unless there is one: of several that try at once, one succeeds. It is whole from the start. */
export function createSecretFile(file: string, text: string): void {
  writeBeside(file, text, OWNER_ONLY, (written) => linkOrRename(written, file));
}

/** Makes a file hold this text. Whoever reads it meanwhile sees the old text or the new one; one that holds it already is left alone. */
export function keepFile(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeBeside(file, text, READABLE, (written) => renameSync(written, file));
}
