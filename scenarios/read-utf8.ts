import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Position } from './yaml-source.js';

/** A file is not UTF-8. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
  /** Where the first byte is that is not UTF-8. */
  readonly position: Position;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

/** Index of the first byte that is not part of a UTF-8 character. */
function firstInvalid(bytes: Uint8Array): number {
  // Each invalid byte is read as U+FFFD, so that it differs from its encoding.
  const encoded = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  return bytes.findIndex((byte, index) => byte !== encoded[index]);
}

/**
 * Reads a text file.
 *
 * @throws EncodingError when it is not UTF-8; an error of the file system when it cannot be read
 */
export function readUtf8(file: string): string {
  const bytes = readFileSync(file);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const index = firstInvalid(bytes);
  const before = bytes.subarray(0, index).toString('latin1').split('\n');
  const position = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
  const byte = `0x${(bytes[index] ?? 0).toString(16).padStart(2, '0').toUpperCase()}`;
  throw new EncodingError(`the file is not UTF-8 (byte ${byte}). Save it as UTF-8.`, position);
}
