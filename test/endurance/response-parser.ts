import { latin1Text } from '../../contracts/index.js';

/** An HTTP response. */
export interface ParsedResponse {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

const STATUS_LINE = /^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e\x80-\xff]*$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff]*?)[ \t]*$/;

const problem = (what: string, text: string): Error => new Error(`${what}: ${JSON.stringify(text.slice(0, 400))}.`);

function readHead(head: string): { status: number; headers: Map<string, string> } {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw problem('No status line', head);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = HEADER.exec(line) ?? [];
    if (name === '' || headers.has(name.toLowerCase())) throw problem('A bad or repeated header', line);
    headers.set(name.toLowerCase(), value);
  }
  return { status, headers };
}

function readChunks(text: string): { body: string; length: number } {
  let body = '';
  for (let at = 0; ; ) {
    const [line = '', size = ''] = /^([0-9a-fA-F]+)\r\n/.exec(text.slice(at)) ?? [];
    const start = at + line.length;
    const length = Number.parseInt(size, 16);
    if (line === '' || text.slice(start + length, start + length + 2) !== '\r\n') throw problem('A bad chunk', text.slice(at));
    at = start + length + 2;
    if (length === 0) return { body, length: at };
    body += text.slice(start, start + length);
  }
}

function bodyOf(
  { status, headers }: { status: number; headers: ReadonlyMap<string, string> },
  text: string,
): { body: string; length: number } {
  const announced = headers.get('content-length');
  const coding = headers.get('transfer-encoding');
  if (status < 200 || status === 204 || status === 304) return { body: '', length: 0 };
  if (coding !== undefined) {
    if (coding !== 'chunked' || announced !== undefined) throw problem('Two lengths, or an unknown coding', coding);
    return readChunks(text);
  }
  if (announced === undefined) {
    if (headers.get('connection') !== 'close') throw problem('No length on a connection that stays open', text);
    return { body: text, length: text.length };
  }
  const length = /^\d+$/.test(announced) ? Number(announced) : Number.NaN;
  if (!(text.length >= length)) throw problem(`Fewer bytes than Content-Length ${announced}`, text);
  return { body: text.slice(0, length), length };
}

/**
 * Parses the bytes that a server sent over one connection as consecutive HTTP/1.1 responses (RFC 9112).
 *
 * @throws Error when they are anything else
 */
export function parseResponses(received: Uint8Array): ParsedResponse[] {
  const text = latin1Text(received);
  const responses: ParsedResponse[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end < 0) throw problem('A head without an end', text.slice(at));
    const head = readHead(text.slice(at, end));
    const { body, length } = bodyOf(head, text.slice(end + 4));
    responses.push({ ...head, body: Buffer.from(body, 'latin1') });
    at = end + 4 + length;
  }
  return responses;
}
