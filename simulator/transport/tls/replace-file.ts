import { existsSync, readFileSync } from 'node:fs';
import { writeFileSync } from 'atomically';

const READABLE = 0o644;

/**
 * Writes a file atomically: a reader sees the old content or the new one. A file that has this content already is left alone. All users may
 * read it, if they may enter its folder.
 */
export function replaceFile(file: string, content: string | Buffer): void {
  const bytes = Buffer.from(content);
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  writeFileSync(file, bytes, { mode: READABLE });
}
