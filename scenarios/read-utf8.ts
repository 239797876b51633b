import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { YamlError } from './yaml-source.js';

/** Index of the first byte that is not part of a UTF-8 character. */
function firstInvalid(bytes: Uint8Array): number {
  // Each invalid byte is read as U+FFFD, so that it differs from its encoding.
  const encoded = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  return bytes.findIndex((byte, index) => byte !== encoded[index]);
}

/**
 * Reads the text of a YAML file.
 *
 * @throws YamlError when it is not UTF-8, with the position of the first byte that is not; an error of the file system when it cannot be read
 */
export function readUtf8(file: string): string {
  const bytes = readFileSync(file);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const index = firstInvalid(bytes);
  const before = bytes.subarray(0, index).toString('latin1').split('\n');
  const position = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  const byte = `0x${(bytes[index] ?? 0).toString(16).padStart(2, '0').toUpperCase()}`;
  throw new YamlError(`the file is not UTF-8 (byte ${byte}). Save it as UTF-8.`, position);
}
