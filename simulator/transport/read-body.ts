import type { Received } from '../gateway/gateway.js';

/** Longest body the gateway reads. */
export const BODY_LIMIT = 64 * 1024;

const TOO_LARGE = { body: new Uint8Array(), tooLarge: true } as const;

async function readStream(stream: ReadableStream<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    length += read.value.length;
    if (length > BODY_LIMIT) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(read.value);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}

/**
 * Reads a request's body as bytes, up to the limit: longer ones are not kept in memory.
 * A body that breaks off counts as empty: half a question must not be carried out.
 */
export async function readBody(request: Request): Promise<Received> {
  const contentType = request.headers.get('content-type') ?? '';
  const announced = request.headers.get('content-length');
  if (announced !== null && Number(announced) <= BODY_LIMIT) {
    const body = await request.arrayBuffer().catch(() => new ArrayBuffer(0));
    return { body: new Uint8Array(body), contentType };
  }
  if (announced !== null) return { ...TOO_LARGE, contentType };
  // Where requests have no stream (in some browsers), their body is whole already.
  const body = request.body
    ? await readStream(request.body).catch(() => new Uint8Array())
    : new Uint8Array(await request.arrayBuffer().catch(() => new ArrayBuffer(0)));
  return body === undefined ? { ...TOO_LARGE, contentType } : { body, contentType };
}
