import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

/** What an odd server does with a question that it has received completely. */
type Behave = (socket: Socket, question: URLSearchParams) => void;

/** A server that misbehaves, and what `pay` of a client without inquiries makes of it. */
export interface OddServer {
  readonly name: string;
  readonly behave: Behave;
  /** The kind of the outcome, or the name of the error that is thrown. */
  readonly outcome: 'approved' | 'refused' | 'unknown' | 'EchoMismatchError';
  /** The name of the error of an outcome `unknown`. */
  readonly error?: 'BrokenReplyError' | 'ConnectionLostError' | 'TimeoutError';
}

type Fields = readonly (readonly [name: string, value: string])[];

/** The variables of an approval, in the order of the gateway. */
const approval = (question: URLSearchParams): Fields => [
  ['NUMTRANS', '0000000001'],
  ['NUMAPPEL', '0000000002'],
  ['NUMQUESTION', question.get('NUMQUESTION') ?? ''],
  ['SITE', question.get('SITE') ?? ''],
  ['RANG', question.get('RANG') ?? ''],
  ['AUTORISATION', 'XXXXXX'],
  ['CODEREPONSE', '00000'],
  ['COMMENTAIRE', 'Demande traitée avec succès'],
  ['REFABONNE', ''],
  ['PORTEUR', ''],
];

const written = (fields: Fields): string => fields.map(([name, value]) => `${name}=${value}`).join('&');

const approvalText = (question: URLSearchParams): string => written(approval(question));

/** The approval with other values of some variables. */
const approvalWith = (question: URLSearchParams, values: Readonly<Record<string, string>>): string =>
  written(approval(question).map(([name, value]) => [name, values[name] ?? value]));

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function head(headers: Readonly<Record<string, string | number>> = {}, status = '200 OK'): Buffer {
  return latin1(
    `HTTP/1.1 ${status}\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n`,
  );
}

/** Sends bytes and leaves the connection open. */
const sends =
  (...parts: readonly (string | Uint8Array)[]): Behave =>
  (socket) => {
    for (const part of parts) socket.write(typeof part === 'string' ? latin1(part) : part);
  };

/** Sends bytes and closes the connection. */
const sendsAndCloses =
  (...parts: readonly (string | Uint8Array)[]): Behave =>
  (socket, question) => {
    sends(...parts)(socket, question);
    socket.end();
  };

/** Sends a well-formed HTTP response. */
const responds =
  (bodyOf: (question: URLSearchParams) => string | Uint8Array, headers: Readonly<Record<string, string>> = {}, status?: string): Behave =>
  (socket, question) => {
    const content = bodyOf(question);
    const body = typeof content === 'string' ? latin1(content) : content;
    sends(head({ 'Content-Type': 'text/html', ...headers, 'Content-Length': body.length }, status), body)(socket, question);
  };

/** Sends the same bytes again and again, as fast as the client takes them. */
const sendsEndlessly =
  (first: string | Uint8Array, bytes: Uint8Array): Behave =>
  (socket, question) => {
    sends(first)(socket, question);
    const more = (): void => {
      while (socket.writable && socket.write(bytes)) {}
    };
    socket.on('drain', more);
    more();
  };

const chunk = (bytes: Uint8Array): Buffer => Buffer.concat([latin1(`${bytes.length.toString(16)}\r\n`), bytes, latin1('\r\n')]);

const CHUNKED = head({ 'Transfer-Encoding': 'chunked' });
const LETTERS = Buffer.alloc(65_536, 'A');
const VARIABLES = Buffer.alloc(65_536, 'A=1&');

/** 150 MB in 146 kB: a gzip file may consist of several. */
const BOMB = Buffer.concat(Array<Buffer>(150).fill(gzipSync(Buffer.alloc(1_000_000, 'A=1&'))));

const unknown = (name: string, error: NonNullable<OddServer['error']>, behave: Behave): OddServer => ({
  name,
  behave,
  outcome: 'unknown',
  error,
});
const broken = (name: string, behave: Behave): OddServer => unknown(name, 'BrokenReplyError', behave);
const lost = (name: string, behave: Behave): OddServer => unknown(name, 'ConnectionLostError', behave);
const tooSlow = (name: string, behave: Behave): OddServer => unknown(name, 'TimeoutError', behave);
const approved = (name: string, behave: Behave): OddServer => ({ name, behave, outcome: 'approved' });
const refused = (name: string, behave: Behave): OddServer => ({ name, behave, outcome: 'refused' });
const mismatch = (name: string, behave: Behave): OddServer => ({ name, behave, outcome: 'EchoMismatchError' });

/** States a variable twice: once in the approval, and once more before or after it. */
const statesTwice = (name: string, value: string): OddServer[] => [
  broken(
    `${name} comes again after the reply, with another value`,
    responds((question) => `${approvalText(question)}&${name}=${value}`),
  ),
  broken(
    `${name} comes before the reply, with another value`,
    responds((question) => `${name}=${value}&${approvalText(question)}`),
  ),
];

/** All control characters of ISO-8859-1. */
const EVERY_CONTROL = [...Array.from({ length: 0x20 }, (_, code) => code), ...Array.from({ length: 0x21 }, (_, more) => 0x7f + more)]
  .map((code) => String.fromCharCode(code))
  .join('');

const LONG = 'x'.repeat(60_000);

const LENGTHS: readonly OddServer[] = [
  broken(
    'a gzip body of 150 MB',
    responds(() => BOMB, { 'Content-Encoding': 'gzip' }),
  ),
  broken(
    'a deflate body of 20 MB',
    responds(() => deflateSync(Buffer.alloc(20_000_000)), { 'Content-Encoding': 'deflate' }),
  ),
  broken(
    'a brotli body of 20 MB',
    responds(() => brotliCompressSync(Buffer.alloc(20_000_000)), { 'Content-Encoding': 'br' }),
  ),
  broken(
    'a gzip body inside a gzip body',
    responds(() => gzipSync(gzipSync(Buffer.alloc(20_000_000))), { 'Content-Encoding': 'gzip, gzip' }),
  ),
  broken('an endless body without a length', sendsEndlessly(head(), LETTERS)),
  broken('an endless body of variables', sendsEndlessly(head(), VARIABLES)),
  broken('an endless body in chunks', sendsEndlessly(CHUNKED, chunk(LETTERS))),
  broken(
    'an endless body in chunks of one byte',
    sendsEndlessly(CHUNKED, Buffer.concat(Array.from({ length: 1000 }, () => chunk(latin1('A'))))),
  ),
  broken('an endless body that begins with an approval', (socket, question) =>
    sendsEndlessly(Buffer.concat([head(), latin1(`${approvalText(question)}&X=`)]), LETTERS)(socket, question),
  ),
  broken(
    '48 MB of variables',
    responds(() => Buffer.alloc(48_000_000, 'A=1&')),
  ),
  broken(
    'a byte more than 64 KiB',
    responds((question) => approvalText(question).padEnd(65_537, '&')),
  ),
  approved(
    '64 KiB',
    responds((question) => approvalText(question).padEnd(65_536, '&')),
  ),
  approved(
    '64 KiB in gzip',
    responds((question) => gzipSync(latin1(approvalText(question).padEnd(65_536, '&'))), { 'Content-Encoding': 'gzip' }),
  ),
  approved(
    '7000 more variables',
    responds((question) => `${approvalText(question)}${Array.from({ length: 7000 }, (_, n) => `&V${n}=1`).join('')}`),
  ),
  approved(
    '64 KiB of digits that may be card numbers',
    responds((question) => `${approvalText(question)}&X=${'4 '.repeat(30_000)}`),
  ),
  approved(
    '64 KiB of the names of secrets',
    responds((question) => `${approvalText(question)}&X=${'CVV '.repeat(15_000)}`),
  ),
  approved(
    '64 KiB of spaces after the name of a secret',
    responds((question) => `${approvalText(question)}&X=CVV${' '.repeat(60_000)}`),
  ),
  mismatch(
    'a SITE of 60 kB',
    responds((question) => approvalWith(question, { SITE: LONG })),
  ),
  mismatch(
    'a NUMQUESTION of 60 000 zeros',
    responds((question) => approvalWith(question, { NUMQUESTION: '0'.repeat(60_000) })),
  ),
  broken(
    'a NUMTRANS of 60 kB',
    responds((question) => approvalWith(question, { NUMTRANS: '1'.repeat(60_000) })),
  ),
  broken(
    'a CODEREPONSE of 60 kB',
    responds((question) => approvalWith(question, { CODEREPONSE: '0'.repeat(60_000) })),
  ),
];

const HEADS: readonly OddServer[] = [
  lost('endless headers', sendsEndlessly('HTTP/1.1 200 OK\r\n', latin1('X-Header: value\r\n'.repeat(1000)))),
  lost('one header without an end', sendsEndlessly('HTTP/1.1 200 OK\r\nX-Header: ', LETTERS)),
  lost('a reply without a head', sendsAndCloses('CODEREPONSE=00000')),
  lost('another protocol', sendsAndCloses('SSH-2.0-OpenSSH_9.6\r\n')),
  lost('bytes of TLS', sendsAndCloses(Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28]))),
  lost('the first bytes of HTTP/2', sendsAndCloses(Buffer.from([0, 0, 0x12, 4, 0, 0, 0, 0, 0]))),
  lost('a status of letters', sendsAndCloses('HTTP/1.1 abc OK\r\n\r\n')),
  lost('HTTP/9.9', sendsAndCloses('HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n')),
  lost('a head that breaks off', sendsAndCloses('HTTP/1.1 200 OK\r\nContent-Le')),
  lost('two different Content-Length', sendsAndCloses('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nA')),
  lost('a negative Content-Length', sendsAndCloses('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n')),
  lost('a Content-Length of words', sendsAndCloses('HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n')),
  lost('zero bytes in the head', sendsAndCloses('HTTP/1.1 200 OK\r\nX: \0\r\n\r\n')),
  broken(
    'a Content-Type of 10 kB with control characters',
    responds(() => 'down', { 'Content-Type': `text/html\x85\x9b2J${'x'.repeat(10_000)}` }, '503 Down'),
  ),
  broken(
    'a redirect to itself',
    responds(() => '', { Location: '/PPPS.php' }, '307 Temporary Redirect'),
  ),
  broken(
    'a redirect without a target',
    responds(() => '', {}, '302 Found'),
  ),
  broken('an approval with status 500', responds(approvalText, {}, '500 Internal Server Error')),
  broken('an approval with status 201', responds(approvalText, {}, '201 Created')),
  broken('status 204', sends(head({}, '204 No Content'))),
  broken('status 304', sends(head({}, '304 Not Modified'))),
  broken(
    'a request to log in',
    responds(() => 'log in', { 'WWW-Authenticate': 'Basic' }, '401 Unauthorized'),
  ),
];

const BREAKS: readonly OddServer[] = [
  lost('the connection is closed', (socket) => socket.end()),
  lost('the connection is reset', (socket) => socket.resetAndDestroy()),
  lost('the connection is reset after the head', (socket) => socket.write(head({ 'Content-Length': 100 }), () => socket.resetAndDestroy())),
  lost('the body breaks off', (socket, question) =>
    socket.end(Buffer.concat([head({ 'Content-Length': 10_000 }), latin1(approvalText(question))])),
  ),
  lost('the chunks break off', (socket, question) => socket.end(Buffer.concat([CHUNKED, chunk(latin1(approvalText(question)))]))),
  lost('a chunk with a size of letters', sendsAndCloses(CHUNKED, 'xyz\r\nA\r\n')),
  lost('a chunk with a size beyond all numbers', sendsAndCloses(CHUNKED, `${'f'.repeat(40)}\r\nA\r\n`)),
  lost(
    'gzip that is none',
    responds(() => 'no gzip', { 'Content-Encoding': 'gzip' }),
  ),
  broken(
    'gzip that breaks off',
    responds((question) => gzipSync(latin1(approvalText(question))).subarray(0, 30), { 'Content-Encoding': 'gzip' }),
  ),
];

const WAITS: readonly OddServer[] = [
  tooSlow('nothing is sent', () => {}),
  tooSlow('only a status line is sent', sends('HTTP/1.1 200 OK\r\n')),
  tooSlow('a status line without an end', sendsEndlessly('HTTP/1.1 200 ', LETTERS)),
  tooSlow('only a head is sent', sends(head({ 'Content-Length': 100 }))),
  tooSlow('the body stays incomplete', (socket, question) =>
    sends(head({ 'Content-Length': 10_000 }), approvalText(question))(socket, question),
  ),
  tooSlow('the last chunk never comes', (socket, question) => sends(CHUNKED, chunk(latin1(approvalText(question))))(socket, question)),
  tooSlow('an approval without a length on an open connection', (socket, question) =>
    sends(head(), approvalText(question))(socket, question),
  ),
  tooSlow('a byte of the body every 20 ms', (socket) => {
    socket.write(head({ 'Content-Length': 60_000 }));
    const timer = setInterval(() => socket.write('A'), 20);
    socket.on('close', () => clearInterval(timer));
  }),
  tooSlow('a byte of the head every 20 ms', (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-Header: ');
    const timer = setInterval(() => socket.write('A'), 20);
    socket.on('close', () => clearInterval(timer));
  }),
  tooSlow('gzip that never begins its data', sends(head({ 'Content-Encoding': 'gzip' }), gzipSync('').subarray(0, 10))),
  tooSlow('103 again and again', (socket) => {
    const timer = setInterval(() => socket.write(head({}, '103 Early Hints')), 20);
    socket.on('close', () => clearInterval(timer));
  }),
];

const FRAMES: readonly OddServer[] = [
  broken(
    'an empty body',
    responds(() => ''),
  ),
  broken(
    'a page',
    responds(() => '<html>CODEREPONSE=00000</html>'),
  ),
  broken(
    'a page that is a pair',
    responds(() => '<a href="?x=1&CODEREPONSE=0">'),
  ),
  broken(
    'JSON',
    responds(() => '{"CODEREPONSE":"00000"}'),
  ),
  broken(
    'UTF-16',
    responds((question) => Buffer.from(approvalText(question), 'utf16le')),
  ),
  broken(
    'zero bytes',
    responds(() => Buffer.alloc(1000)),
  ),
  broken(
    'variables in lower case',
    responds((question) => approvalText(question).toLowerCase()),
  ),
  broken(
    'variables separated by line ends',
    responds((question) => approvalText(question).replaceAll('&', '\n')),
  ),
  broken(
    'a CODEREPONSE of four digits',
    responds((question) => approvalWith(question, { CODEREPONSE: '0000' })),
  ),
  broken(
    'a CODEREPONSE with a space',
    responds((question) => approvalWith(question, { CODEREPONSE: '001 5' })),
  ),
  broken(
    'a CODEREPONSE with a line end',
    responds((question) => approvalWith(question, { CODEREPONSE: '00000\n' })),
  ),
  broken(
    'an approval without a NUMTRANS',
    responds((question) => approvalWith(question, { NUMTRANS: '' })),
  ),
  broken(
    'an approval with a NUMTRANS of zeros',
    responds((question) => approvalWith(question, { NUMTRANS: '0000000000' })),
  ),
  broken(
    'an approval with a NUMAPPEL of letters',
    responds((question) => approvalWith(question, { NUMAPPEL: 'none' })),
  ),
  mismatch(
    'the reply to another question',
    responds((question) => approvalWith(question, { NUMQUESTION: '0000000000' })),
  ),
  mismatch(
    'the reply to another account, with control characters',
    responds((question) => approvalWith(question, { SITE: '\x1b[2J\r\n' })),
  ),
  refused(
    'a code that no table has',
    responds((question) => approvalWith(question, { CODEREPONSE: '98765' })),
  ),
  refused(
    'a code with letters',
    responds((question) => approvalWith(question, { CODEREPONSE: '001A1' })),
  ),
  refused(
    'a refusal with control characters',
    responds((question) => approvalWith(question, { CODEREPONSE: '00004', COMMENTAIRE: EVERY_CONTROL })),
  ),
  approved(
    'an approval with control characters',
    responds((question) => approvalWith(question, { COMMENTAIRE: EVERY_CONTROL, AUTORISATION: EVERY_CONTROL })),
  ),
  approved(
    'an approval in gzip',
    responds((question) => gzipSync(latin1(approvalText(question))), { 'Content-Encoding': 'gzip' }),
  ),
  approved('an approval in chunks of one byte', (socket, question) => {
    const bytes = [...latin1(approvalText(question))].map((byte) => chunk(Buffer.of(byte)));
    socket.write(Buffer.concat([CHUNKED, ...bytes, chunk(Buffer.of())]));
  }),
  approved(
    'an approval until the connection is closed',
    (socket, question) => void socket.end(Buffer.concat([head(), latin1(approvalText(question))])),
  ),
  approved('an approval followed by another response', (socket, question) => {
    const body = latin1(approvalText(question));
    socket.write(Buffer.concat([head({ 'Content-Length': body.length }), body, head({ 'Content-Length': 0 }, '500 Error')]));
  }),
  approved('an approval after 103', (socket, question) => {
    socket.write(head({}, '103 Early Hints'));
    responds(approvalText)(socket, question);
  }),
];

const REPEATS: readonly OddServer[] = [
  ...Object.entries({
    CODEREPONSE: '00105',
    NUMTRANS: '0000000009',
    NUMAPPEL: '0000000009',
    NUMQUESTION: '0000000000',
    SITE: '1',
    RANG: '1',
    AUTORISATION: '123456',
    REFABONNE: 'another',
    PORTEUR: 'another',
  }).flatMap(([name, value]) => statesTwice(name, value)),
  ...['STATUS', 'REMISE', 'PAYS', 'TYPECARTE', 'SHA-1'].map((name) =>
    broken(
      `${name} comes twice, with different values`,
      responds((question) => `${approvalText(question)}&${name}=1&${name}=2`),
    ),
  ),
  broken(
    'an empty CODEREPONSE follows',
    responds((question) => `${approvalText(question)}&CODEREPONSE=`),
  ),
  broken(
    'a refusal becomes an approval',
    responds((question) => `${approvalWith(question, { CODEREPONSE: '00105' })}&CODEREPONSE=00000`),
  ),
  broken(
    'an approval inside REFABONNE',
    responds((question) => approvalWith(question, { CODEREPONSE: '00016', REFABONNE: 'a&CODEREPONSE=00000' })),
  ),
  approved(
    'everything comes twice, with the same values',
    responds((question) => `${approvalText(question)}&${approvalText(question)}`),
  ),
  approved(
    'COMMENTAIRE comes twice, with different values',
    responds((question) => `${approvalText(question)}&COMMENTAIRE=other`),
  ),
  approved(
    'an unknown variable comes twice, with different values',
    responds((question) => `${approvalText(question)}&X=1&X=2`),
  ),
];

export const ODD_SERVERS: readonly OddServer[] = [...LENGTHS, ...HEADS, ...BREAKS, ...WAITS, ...FRAMES, ...REPEATS];

/** Returns the body of a request if it is complete. */
function questionIn(received: string): URLSearchParams | undefined {
  const [head = '', body = ''] = received.split('\r\n\r\n', 2);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  return length !== undefined && body.length >= Number(length) ? new URLSearchParams(body) : undefined;
}

/** Starts an odd server. It is closed at the end of the test. */
export function startOddServer(behave: Behave): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      const question = questionIn(received);
      if (!question) return;
      received = '';
      behave(socket, question);
    });
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    }),
  );
}
