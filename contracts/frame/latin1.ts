const CHUNK = 8192;

// Node's own is fifty times faster; there is none in a browser.
const Buffer = globalThis.Buffer as typeof globalThis.Buffer | undefined;

/** Bytes as text, one character a byte (ISO-8859-1). `TextDecoder('latin1')` would read windows-1252 instead. */
export function latin1Text(bytes: Uint8Array): string {
  if (Buffer) return (bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).toString('latin1');
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return text;
}

/** Text as ISO-8859-1 bytes; a character outside the set becomes `?`. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  if (Buffer && !/[^\x00-\xff]/.test(text)) return new Uint8Array(Buffer.from(text, 'latin1'));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[i] = unit > 0xff ? 0x3f : unit;
  }
  return bytes;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads bytes that may be UTF-8 or ISO-8859-1: as UTF-8 where they are valid UTF-8, else as ISO-8859-1.
 *
 * @param raw one character a byte
 */
export function textOfEither(raw: string): string {
  if (!/[\x80-\xff]/.test(raw)) return raw;
  try {
    return UTF8.decode(latin1Bytes(raw));
  } catch {
    return raw;
  }
}
