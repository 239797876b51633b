import { existsSync, readFileSync } from 'node:fs';
import { writeFileSync } from 'atomically';

const READABLE = 0o644;

/** Writes a file atomically: a reader sees the old text or the new one. A file that has this text already is left alone. */
export function replaceFile(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  writeFileSync(file, text, { mode: READABLE });
}
