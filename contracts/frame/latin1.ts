const CHUNK = 8192;

// Node's Buffer is fifty times faster. Browsers do not have it.
const Buffer = globalThis.Buffer as typeof globalThis.Buffer | undefined;

/** Decodes ISO-8859-1: one character per byte. `TextDecoder('latin1')` would decode windows-1252 instead. */
export function latin1Text(bytes: Uint8Array): string {
  if (Buffer) return (bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)).toString('latin1');
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return text;
}

/** Encodes a text in ISO-8859-1. A character that the charset does not have becomes `?`. */
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
 * Decodes bytes as UTF-8 if they are valid UTF-8, else as ISO-8859-1.
 *
 * @param raw the bytes, one character per byte
 */
export function utf8OrLatin1Text(raw: string): string {
  if (!/[\x80-\xff]/.test(raw)) return raw;
  try {
    return UTF8.decode(latin1Bytes(raw));
  } catch {
    return raw;
  }
}
