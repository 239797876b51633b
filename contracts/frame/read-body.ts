/** Longest body of a reply that is read, in bytes after decompression. The gateway's replies have a few hundred. */
export const MAX_REPLY_BYTES = 65_536;

/** A body is longer than its reader accepts. */
export class BodyTooLongError extends Error {
  override readonly name = 'BodyTooLongError';

  /** @param limit in bytes */
  constructor(limit: number) {
    super(`the body is longer than ${limit} bytes`);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function readStream(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > limit) throw new BodyTooLongError(limit);
    chunks.push(part.value);
  }
  return joined(chunks, length);
}

/**
 * Reads the body of an HTTP response up to a limit, so that no server can fill the memory of its client. The rest is not read, and the
 * connection is closed.
 *
 * @param limit in bytes after decompression
 * @param signal ends the reading
 * @throws BodyTooLongError if the body is longer; the error of the connection if it breaks; the reason of the signal
 */
export async function readBody(
  response: Response,
  limit: number = MAX_REPLY_BYTES,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.body) return new Uint8Array();
  const reader = response.body.getReader();
  // Cancelling a stream that has failed rejects with its error, which `read` has thrown already.
  const cancel = (): void => void reader.cancel().catch(() => {});
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    const bytes = await readStream(reader, limit);
    signal?.throwIfAborted();
    return bytes;
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}
