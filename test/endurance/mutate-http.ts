import { mutatedBody } from './mutate.js';
import type { Random } from './random.js';

/** The bytes that a client sends over one connection, and how it ends the connection. */
export interface Sending {
  /** Each is written in a separate turn of the event loop. */
  readonly segments: readonly Buffer[];
  readonly end: 'half-close' | 'hang-up';
}

const PATHS = [
  ...['/PPPS.php', '/PPPS.php', '/PPPS.php', '/PPPS.php', '/', '/backup/PPPS.php', '/s/a/PPPS.php', '/s/a/backup/PPPS.php', '/s/b'],
  ...[
    'http://127.0.0.1/PPPS.php',
    'http://preprod-ppps.paybox.com/PPPS.php',
    'https://ppps1.paybox.com:443/PPPS.php',
    'HTTP://[::1]/PPPS.php',
  ],
  ...[
    '//PPPS.php',
    '/PPPS.php?a=b#c',
    '/PPPS.php/..',
    '/s/%2e%2e/PPPS.php',
    '/s/../PPPS.php',
    '/s//PPPS.php',
    '/s/%/PPPS.php',
    '/%',
    '*',
    'PPPS.php',
  ],
  ...[
    '/_sim/journal?limit=1',
    '/_sim/journal?limit=x',
    '/_sim/nothing',
    '/_sim/payments/1',
    '/load.html',
    `/${'a'.repeat(3000)}`,
    '/é',
    '/\x7f',
    '',
  ],
];
const METHODS = ['POST', 'POST', 'POST', 'POST', 'POST', 'POST', 'GET', 'PUT', 'DELETE', 'OPTIONS', 'post', 'CONNECT', 'TRACE', 'X', 'PRI'];
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  '',
  'HTTP/1.1 ',
];
const LENGTHS = [
  '-1',
  '+5',
  '0x10',
  '1e3',
  '',
  ' ',
  'five',
  '5,5',
  '5 5',
  '99999999999999999999',
  '65536',
  '65537',
  '0',
  '00000000000000000005',
];
const HEADERS = [
  ...[
    'Host: a',
    'Host:',
    'Content-Type: application/json',
    'Content-Type:',
    'Content-Type: é\xff',
    'Connection: close',
    'Connection: keep-alive',
  ],
  ...[
    'Expect: 100-continue',
    'Expect: 200-maybe',
    'No colon',
    ' Folded: x',
    'Spaced : x',
    ': x',
    'Nul: \0',
    'X: \x01',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: chunked, gzip',
  ],
  ...[
    'Transfer-Encoding: identity',
    'Content-Encoding: gzip',
    'Origin: https://attacker.example',
    'Cookie: a',
    'Range: bytes=0-1',
    `Long: ${'x'.repeat(9000)}`,
    `Longer: ${'x'.repeat(20_000)}`,
  ],
];

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

function chunked(body: Uint8Array, random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const size = random.between(1, 200);
    const piece = body.subarray(at, at + size);
    const announced = random.onceIn(25) ? random.pick([size + 1, 0, -1, 2 ** 31, 1e21]) : piece.length;
    parts.push(bytes(`${announced.toString(16)}${random.pick(['', '', '', ';a=b', ' '])}\r\n`), Buffer.from(piece), bytes('\r\n'));
    at += size;
  }
  parts.push(bytes(random.pick(['0\r\n\r\n', '0\r\n\r\n', '0\r\n\r\n', '0\r\nTrailer: x\r\n\r\n', '0\r\n', '', 'g\r\n\r\n'])));
  return Buffer.concat(parts);
}

function bodyOf(random: Random): Uint8Array {
  if (random.onceIn(40)) return new Uint8Array(random.pick([65_535, 65_536, 65_537, 200_000])).fill(0x41);
  return mutatedBody(random);
}

function request(random: Random): Buffer {
  const body = bodyOf(random);
  const isChunked = random.onceIn(5);
  const headers = random.onceIn(30) ? [] : ['Host: localhost'];
  if (isChunked) headers.push('Transfer-Encoding: chunked');
  if (!isChunked || random.onceIn(10))
    headers.push(
      `Content-Length: ${random.onceIn(15) ? random.pick(LENGTHS) : body.length + (random.onceIn(20) ? random.between(-5, 5) : 0)}`,
    );
  if (random.onceIn(30)) headers.push(`Content-Length: ${random.below(100)}`);
  while (random.onceIn(4)) headers.splice(random.below(headers.length + 1), 0, random.pick(HEADERS));
  const lineEnd = random.onceIn(30) ? '\n' : '\r\n';
  const [method, path, version] = random.onceIn(3)
    ? [random.pick(METHODS), random.pick(PATHS), random.pick(VERSIONS)]
    : ['POST', '/PPPS.php', 'HTTP/1.1'];
  const head = bytes([`${method} ${path} ${version}`, ...headers, '', ''].join(lineEnd));
  return Buffer.concat([head, isChunked ? chunked(body, random) : body]);
}

function corruptBytes(whole: Buffer, random: Random): Buffer {
  const kind = random.below(3);
  if (kind === 0) return whole.subarray(0, random.below(whole.length + 1));
  if (kind === 1) return Buffer.from(random.bytes(random.between(1, 200)));
  const changed = Buffer.from(whole);
  for (let changes = random.between(1, 5); changes > 0; changes--) changed[random.below(changed.length)] = random.below(256);
  return changed;
}

function splitBytes(whole: Buffer, random: Random): Buffer[] {
  if (random.onceIn(2)) return [whole];
  const cuts = Array.from({ length: random.between(1, 12) }, () => random.below(whole.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((start, n) => whole.subarray(start, cuts[n] ?? whole.length));
}

/** Returns one to four requests, complete, truncated, badly framed or replaced by random bytes, in one or more segments. */
export function mutatedSending(random: Random): Sending {
  const requests = Array.from({ length: random.onceIn(4) ? random.between(2, 4) : 1 }, () => request(random));
  const whole = Buffer.concat(requests);
  return {
    segments: splitBytes(random.onceIn(4) ? corruptBytes(whole, random) : whole, random),
    end: random.onceIn(8) ? 'hang-up' : 'half-close',
  };
}
