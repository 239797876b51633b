import { beforeEach, describe, expect, test } from 'vitest';
import { decodeReply, encodeForm, REPLY_CONTENT_TYPE } from '../../contracts/index.js';
import { createSimulator, type Gateway, type JournalEntry, type Simulator } from '../../simulator/index.js';
import { CARD, HEAD, NOON } from '../support/question.js';
import { postHead, RawConnection, type RawReply } from '../support/raw-http.js';

const MEBIBYTE = 1024 * 1024;
const ORDER = { ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' };

let simulator: Simulator;
let url: string;
let exchanged: () => void;

beforeEach(async () => {
  exchanged = () => {};
  simulator = createSimulator({ clock: NOON, onExchange: () => exchanged() });
  url = await simulator.listen();
  return () => simulator.close();
});

const form = (variables: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> =>
  encodeForm(Object.entries({ ...ORDER, ...variables }));

/** Checks the properties that every reply of the gateway has. Returns its variables. */
function variablesOf({ status, headers, body }: RawReply): Record<string, string> {
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe(REPLY_CONTENT_TYPE);
  const reply = Object.fromEntries(decodeReply(body));
  expect(reply).toMatchObject({
    NUMTRANS: expect.stringMatching(/^\d{10}$/),
    NUMAPPEL: expect.stringMatching(/^\d{10}$/),
    CODEREPONSE: expect.stringMatching(/^\d{5}$/),
  });
  return reply;
}

async function post(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const connection = await RawConnection.open(url);
  connection.send(postHead({ 'Content-Length': Buffer.byteLength(body as string, 'latin1'), ...headers }), body);
  return variablesOf(await connection.reply());
}

async function lastEntry(): Promise<JournalEntry> {
  const [entry] = await simulator.journal({ limit: 1 });
  if (!entry) throw new Error('The journal is empty.');
  return entry;
}

/** Checks that the gateway has no payment, and that the next payment is accepted with the first number. */
async function expectNoPaymentYet(): Promise<void> {
  expect(await simulator.gateway.payments({ limit: 1 })).toEqual([]);
  expect(await post(form())).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
}

test.each([
  ['content-type', 'content-length'],
  ['CONTENT-TYPE', 'content-length'],
  ['Content-Type', 'CONTENT-LENGTH'],
])('reads the headers %s and %s', async (type, length) => {
  const connection = await RawConnection.open(url);
  connection.send(postHead({ [type]: 'application/x-www-form-urlencoded', [length]: form().length }), form());
  expect(variablesOf(await connection.reply())).toMatchObject({ CODEREPONSE: '00000' });
  expect((await lastEntry()).findings).toEqual([]);
});

describe('a body that is not a question is answered 00014 and makes no payment', () => {
  test.each<readonly [what: string, body: string, contentType: string, finding: string]>([
    ['an empty body', '', 'application/x-www-form-urlencoded', 'The body is empty.'],
    ['JSON', JSON.stringify(ORDER), 'application/json', 'The body is JSON.'],
    ['a JSON array', JSON.stringify([ORDER]), 'application/x-www-form-urlencoded', 'The body is JSON.'],
    [
      'multipart',
      '--b\r\nContent-Disposition: form-data; name="TYPE"\r\n\r\n00003\r\n--b--\r\n',
      'multipart/form-data; boundary=b',
      'The body is multipart/form-data.',
    ],
    ['only separators', '&&&=&=&&', 'application/x-www-form-urlencoded', 'The body has no VERSION and no TYPE.'],
    ['NUL bytes', '\0'.repeat(1000), 'application/x-www-form-urlencoded', 'The body has no VERSION and no TYPE.'],
    ['a question without TYPE', 'VERSION=00104&SITE=1999888', 'application/x-www-form-urlencoded', 'The body has no TYPE.'],
    ['lower-case names', 'version=00104&type=00003', 'application/x-www-form-urlencoded', 'The body has no VERSION and no TYPE.'],
  ])('%s', async (_, body, contentType, finding) => {
    expect(await post(body, { 'Content-Type': contentType })).toMatchObject({ CODEREPONSE: '00014', NUMTRANS: '0000000000' });
    expect((await lastEntry()).findings).toContainEqual(
      expect.objectContaining({ rule: expect.stringMatching(/^(not-a-form|variable-missing)$/), message: finding }),
    );
    await expectNoPaymentYet();
  });

  test('1 MiB with a Content-Length', async () => {
    expect(await post(Buffer.alloc(MEBIBYTE, 'A'))).toMatchObject({ CODEREPONSE: '00014' });
    expect((await lastEntry()).findings.map(({ rule }) => rule)).toEqual(['body-too-large']);
    await expectNoPaymentYet();
  });

  test('1 MiB in chunks', async () => {
    const connection = await RawConnection.open(url);
    connection.send(postHead({ 'Transfer-Encoding': 'chunked' }));
    for (let sent = 0; sent < MEBIBYTE; sent += 0x10000) connection.send('10000\r\n', Buffer.alloc(0x10000, 'A'), '\r\n');
    connection.send('0\r\n\r\n');

    expect(variablesOf(await connection.reply())).toMatchObject({ CODEREPONSE: '00014' });
    expect((await lastEntry()).findings.map(({ rule }) => rule)).toEqual(['body-too-large']);
    await expectNoPaymentYet();
  });

  test('a question longer than 64 KiB', async () => {
    const question = Buffer.concat([form(), Buffer.from(`&ARCHIVAGE=${'A'.repeat(0x10000)}`)]);
    expect(await post(question)).toMatchObject({ CODEREPONSE: '00014' });
    await expectNoPaymentYet();
  });
});

describe('a question is processed although', () => {
  test.each([
    ['its content type is missing', undefined, 'content-type'],
    ['its content type is JSON', 'application/json', 'content-type'],
    ['its content type is not valid', 'form?', 'content-type'],
  ])('%s', async (_, contentType, rule) => {
    const headers = contentType === undefined ? {} : { 'Content-Type': contentType };
    expect(await post(form(), headers)).toMatchObject({ CODEREPONSE: '00000' });
    expect((await lastEntry()).findings.map((finding) => finding.rule)).toEqual([rule]);
  });

  test.each<readonly [what: string, more: string, finding: string]>([
    ['a percent sign has no digits', '&ARCHIVAGE=100%', 'bad-escape'],
    ['a percent sequence is truncated', '&ARCHIVAGE=%C3%', 'bad-escape'],
    ['a percent sequence is not hexadecimal', '&ARCHIVAGE=%zz', 'bad-escape'],
    ['a value is not valid UTF-8', '&ARCHIVAGE=%FF%FE%00%C3', 'content-type'],
    ['it has unknown variables', '&\0=\0&=&x', 'unknown-variable'],
    ['it has a variable twice', '&MONTANT=9999', 'repeated-variable'],
  ])('%s', async (_, more, rule) => {
    const body = Buffer.concat([form(), Buffer.from(more, 'latin1')]);
    expect(await post(body)).toMatchObject({ CODEREPONSE: '00000' });
    expect((await lastEntry()).findings.map((finding) => finding.rule)).toContain(rule);
    expect((await simulator.gateway.payment('0001000001'))?.transactions[0].MONTANT).toBe(1000);
  });

  test('its body is sent in chunks of one byte', async () => {
    const connection = await RawConnection.open(url);
    connection.send(postHead({ 'Transfer-Encoding': 'chunked' }));
    for (const byte of form()) connection.send('1\r\n', Uint8Array.of(byte), '\r\n');
    connection.send('0\r\n\r\n');
    expect(variablesOf(await connection.reply())).toMatchObject({ CODEREPONSE: '00000' });
  });

  test('it has ten thousand unknown variables, of which the journal shows the first', async () => {
    const more = Array.from({ length: 10_000 }, (_, n) => `&V${n}`).join('');
    expect(await post(Buffer.concat([form(), Buffer.from(more)]))).toMatchObject({ CODEREPONSE: '00000' });
    const { request } = await lastEntry();
    expect(request).toContainEqual(['REFERENCE', 'order-1']);
    expect(request.length).toBeLessThan(300);
    expect(request.at(-1)?.[1]).toMatch(/^\d+ more variables$/);
  });
});

test.each(['-1000', '+1000', '10.00', '1e3', '0x10', '99999999999', '9'.repeat(5000), '٣', ' 1000', '1000\0', 'NaN', 'é'])(
  'a MONTANT of %j is answered 00011 and makes no payment',
  async (MONTANT) => {
    expect(await post(form({ MONTANT }))).toMatchObject({ CODEREPONSE: '00011', NUMTRANS: '0000000000' });
    expect((await lastEntry()).request.find(([name]) => name === 'MONTANT')?.[1].slice(0, 4)).toBe(MONTANT.slice(0, 4));
    await expectNoPaymentYet();
  },
);

async function expectNotAllowed(method: string, path: string): Promise<void> {
  const response = await fetch(url + path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe(path.endsWith('PPPS.php') ? 'GET, POST' : 'POST');
  if (method !== 'HEAD') expect(await response.text()).toMatch(/form POST/);
}

const messagesOf = async (gateway: Pick<Gateway, 'journal'>): Promise<string[]> =>
  (await gateway.journal()).flatMap(({ findings }) => findings.map(({ rule, message }) => `${rule}: ${message}`));

test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is answered 405 with the allowed method, and recorded', async (method) => {
  const session = simulator.session('a');
  for (const path of ['/PPPS.php', '/', '/s/a/PPPS.php', '/s/a']) await expectNotAllowed(method, path);
  const recorded = (path: string) =>
    `not-the-gateway: ${method} ${path} was answered with HTTP status 405: the gateway does not accept this method.`;
  expect(await messagesOf(simulator.gateway)).toEqual([recorded('/'), recorded('/PPPS.php')]);
  expect(await messagesOf(session)).toEqual([recorded('/s/a'), recorded('/s/a/PPPS.php')]);
});

test('HEAD is answered 405 and not recorded', async () => {
  for (const path of ['/PPPS.php', '/', '/s/a/PPPS.php', '/s/a']) await expectNotAllowed('HEAD', path);
  expect(await simulator.gateway.journal()).toEqual([]);
});

test('GET of a path without PPPS.php is answered 405 and not recorded', async () => {
  for (const path of ['/', '/s/a']) await expectNotAllowed('GET', path);
  expect(await simulator.gateway.journal()).toEqual([]);
});

test.each([
  ['/', '/_sim/'],
  ['/s/a', '/s/a/_sim/'],
  ['/s/a/', '/s/a/_sim/'],
])('a browser that opens %s gets the inspector, and is not recorded', async (path, inspector) => {
  const browser = { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, redirect: 'manual' } as const;
  const response = await fetch(url + path, browser);
  expect([response.status, response.headers.get('location')]).toEqual([302, inspector]);
  expect(await simulator.gateway.journal()).toEqual([]);
  for (const method of ['PUT', 'HEAD']) expect((await fetch(url + path, { ...browser, method })).status).toBe(405);
});

test.each(['/PPPS.php', '//PPPS.php', '/s/a/PPPS.php', '/s//a//PPPS.php'])('GET %s is answered like a question', async (path) => {
  const response = await fetch(url + path);
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('CODEREPONSE=00014')]);
});

test('the query of a GET is the question, with a finding', async () => {
  const response = await fetch(`${url}/PPPS.php?${new TextDecoder('latin1').decode(form())}`);
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('CODEREPONSE=00000')]);
  expect(await messagesOf(simulator.gateway)).toEqual(['sent-by-get: The question was the query of a GET.']);
});

test.each(['/', '//', '/s/a/', '/s/a'])('POST %s is answered like a question, with a finding', async (path) => {
  const response = await fetch(url + path, { method: 'POST', body: form() });
  expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('CODEREPONSE=00000')]);
  const { entries } = (await (await fetch(`${url}${path.startsWith('/s') ? '/s/a' : ''}/_sim/journal`)).json()) as {
    entries: { findings: object[] }[];
  };
  expect(entries[0]?.findings).toContainEqual(
    expect.objectContaining({
      rule: 'not-the-gateway',
      message: 'POST / was answered with HTTP status 200: it is not a path of the gateway.',
      remedy: expect.stringContaining('Send questions by POST to /PPPS.php'),
    }),
  );
});

test.each(['/ppps.php', '/PPPS.php/', '/cgi/remotempi.cgi', '/cgi', '/PPPS', '/s', '/s/a/b'])(
  '%s is answered 404 with the path of the gateway',
  async (path) => {
    const response = await fetch(url + path, { method: 'POST', body: form() });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('POST /PPPS.php');
    expect(await simulator.gateway.payments({ limit: 1 })).toEqual([]);
    const message = `not-the-gateway: POST ${path} was answered with HTTP status 404: it is not a path of the gateway.`;
    expect(await messagesOf(simulator.gateway)).toEqual([message]);
    expect(await (await fetch(`${url}/_sim/sessions`)).json()).toEqual({ sessions: [] });
  },
);

test.each(['/s/PPPS.php', '/s//ppps.php', '/s/PPPS.php?a=b', '/s/load.html'])(
  '%s is no session, and is answered 404 with the nearest path',
  async (path) => {
    const response = await fetch(url + path, { method: 'POST', body: form() });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('the name of the session is missing, as in POST /s/NAME/PPPS.php.');
    const [shown] = path.split('?');
    expect(await messagesOf(simulator.gateway)).toEqual([
      `not-the-gateway: POST ${shown} was answered with HTTP status 404: the name of the session is missing, the nearest path is /s/NAME/PPPS.php.`,
    ]);
    expect(await (await fetch(`${url}/_sim/sessions`)).json()).toEqual({ sessions: [] });
  },
);

test('the path of an unknown route is recorded with its card number masked', async () => {
  await fetch(`${url}/pps.php/1111222233334444?PORTEUR=1111222233334444`, { method: 'POST', body: form() });
  expect(JSON.stringify(await simulator.gateway.journal())).not.toContain('1111222233334444');
  expect(await messagesOf(simulator.gateway)).toEqual([expect.stringContaining('POST /pps.php/111122******4444 was answered')]);
});

test.each(['/favicon.ico', '/'])('GET %s of a browser is not recorded', async (path) => {
  await fetch(url + path);
  expect(await simulator.gateway.journal()).toEqual([]);
});

describe('a question that is cut off is not processed', () => {
  test.each<readonly [how: string, head: string, body: (whole: Uint8Array) => (string | Uint8Array)[]]>([
    ['before its Content-Length', postHead({ 'Content-Length': form().length + 1 }), (whole) => [whole]],
    ['in the middle', postHead({ 'Content-Length': form().length }), (whole) => [whole.subarray(0, whole.length / 2)]],
    ['before its last chunk', postHead({ 'Transfer-Encoding': 'chunked' }), (whole) => [`${whole.length.toString(16)}\r\n`, whole, '\r\n']],
  ])('%s', async (_, head, body) => {
    const exchange = new Promise<void>((resolve) => {
      exchanged = resolve;
    });
    const connection = await RawConnection.open(url);
    connection.send(head, ...body(form()));
    await connection.sent();
    connection.destroy();
    await exchange;

    expect(await lastEntry()).toMatchObject({ CODEREPONSE: '00014', payment: '', request: [] });
    await expectNoPaymentYet();
  });
});

describe('one connection', () => {
  test('accepts questions one after the other', async () => {
    const connection = await RawConnection.open(url);
    const numbers: (string | undefined)[] = [];
    for (const NUMQUESTION of ['1', '2', '3']) {
      const body = form({ NUMQUESTION });
      connection.send(postHead({ 'Content-Length': body.length }), body);
      numbers.push(variablesOf(await connection.reply()).NUMTRANS);
    }
    expect(numbers).toEqual(['0001000001', '0001000002', '0001000003']);
  });

  test('answers pipelined questions in their order', async () => {
    const connection = await RawConnection.open(url);
    const bodies = ['11', '12', '13', '14'].map((NUMQUESTION) => form({ NUMQUESTION }));
    connection.send(Buffer.concat(bodies.flatMap((body) => [Buffer.from(postHead({ 'Content-Length': body.length })), body])));
    const answered: (string | undefined)[] = [];
    for (const _ of bodies) answered.push(variablesOf(await connection.reply()).NUMQUESTION);
    expect(answered).toEqual(['11', '12', '13', '14']);
  });

  test('accepts a question after one that was too long', async () => {
    const connection = await RawConnection.open(url);
    connection.send(postHead({ 'Content-Length': MEBIBYTE }), Buffer.alloc(MEBIBYTE, 'A'));
    expect(variablesOf(await connection.reply()).CODEREPONSE).toBe('00014');
    const body = form();
    connection.send(postHead({ 'Content-Length': body.length }), body);
    expect(variablesOf(await connection.reply()).CODEREPONSE).toBe('00000');
  });
});

describe('a request with Expect: 100-continue', () => {
  const headWithExpect = (length: number): string => postHead({ 'Content-Length': length, Expect: '100-continue' });

  test('is answered 100, then with the reply', async () => {
    const connection = await RawConnection.open(url);
    const body = form();
    connection.send(headWithExpect(body.length));
    expect((await connection.reply()).status).toBe(100);
    connection.send(body);
    expect(variablesOf(await connection.reply()).CODEREPONSE).toBe('00000');
  });

  test.each([
    ['before', 0x10001, [200, 200]],
    ['after', form({ NUMQUESTION: '2' }).length, [200, 100, 200]],
  ])('is answered after the previous request, if its reply is ready %s that of the previous request', async (_, length, statuses) => {
    simulator.gateway.rules.add({ times: 1, fault: { delay: 50 } });
    const connection = await RawConnection.open(url);
    const first = form();
    connection.send(postHead({ 'Content-Length': first.length }), first, headWithExpect(length));
    const replies = [await connection.reply()];
    if (length < 0x10000) {
      replies.push(await connection.reply());
      connection.send(form({ NUMQUESTION: '2' }));
    }
    replies.push(await connection.reply());
    expect(replies.map(({ status }) => status)).toEqual(statuses);
    for (const reply of [replies[0], replies.at(-1)]) if (reply) variablesOf(reply);
  });
});

describe('a client that closes its sending side after its requests', () => {
  test('receives the replies to all its questions', async () => {
    const connection = await RawConnection.open(url);
    const bodies = ['1', '2'].map((NUMQUESTION) => form({ NUMQUESTION }));
    connection.send(...bodies.flatMap((body) => [postHead({ 'Content-Length': body.length }), body]));
    connection.end();
    const replies = [variablesOf(await connection.reply()), variablesOf(await connection.reply())];
    expect(replies.map(({ CODEREPONSE, NUMQUESTION }) => [CODEREPONSE, NUMQUESTION])).toEqual([
      ['00000', '1'],
      ['00000', '2'],
    ]);
    await connection.closed();
  });

  test('receives the response of the control API', async () => {
    const connection = await RawConnection.open(url);
    connection.send('GET /_sim/journal HTTP/1.1\r\nHost: localhost\r\n\r\n');
    connection.end();
    expect((await connection.reply()).status).toBe(200);
    await connection.closed();
  });
});

test('bytes that are not HTTP are answered 400', async () => {
  const connection = await RawConnection.open(url);
  connection.send(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]), 'hello\r\n\r\n');
  expect((await connection.reply()).status).toBe(400);
  await expectNoPaymentYet();
});
