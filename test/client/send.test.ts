import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { TEST_HMAC_KEY } from '../../contracts/index.js';
import { clientOf, startReplyServer, startServer, startSimulator } from './support.js';

const CARD = { PORTEUR: '1111222233334444', DATEVAL: '1299' };

test('any question is sent without validation', async () => {
  const client = clientOf((await startSimulator()).url);
  const reply = await client.send('00003', { MONTANT: '1000', DEVISE: '978', REFERENCE: 'S-1', ...CARD });
  expect(reply.get('CODEREPONSE')).toBe('00000');
  expect(reply.names().slice(0, 5)).toEqual(['NUMTRANS', 'NUMAPPEL', 'NUMQUESTION', 'SITE', 'RANG']);
  expect(reply.delivery).toMatchObject({ status: 200, contentType: 'text/html;charset=ISO-8859-1', numquestion: reply.get('NUMQUESTION') });
  const incomplete = await client.send('pay', { MONTANT: '1000' });
  expect(incomplete.get('COMMENTAIRE')).toBe('Mandatory+values+missing+keyword:8+Type:2');
  expect(incomplete.comment).toBe('Mandatory values missing keyword:8 Type:2');
  expect((await client.send('99999')).code).toBe('00009');
  expect((await client.send('inquire', { NUMTRANS: '12.5' })).code).not.toBe('00000');
});

test('the variables the client adds can be replaced and omitted', async () => {
  const echo = await startServer((_, __, response) => void response.end(''));
  const client = clientOf(echo.url, { identifiant: '2' });
  const variables = { VERSION: '103', SITE: undefined, RANG: '032', NUMQUESTION: '1', DATEQ: undefined, CLE: 'wrong', IDENTIFIANT: '' };
  await client.send('1', variables, { checkEcho: false, checkReply: false });
  expect(echo.received[0]).toEqual({ VERSION: '103', TYPE: '1', RANG: '032', NUMQUESTION: '1', CLE: 'wrong', IDENTIFIANT: '' });
});

test('a question with an HMAC is not signed; one with a HASH is signed with it', async () => {
  const client = clientOf((await startSimulator()).url, { rang: '63', cle: undefined, hmacKey: TEST_HMAC_KEY } as never);
  const inquiry = { NUMTRANS: '1' };
  expect((await client.send('inquire', { ...inquiry, HASH: 'SHA256' })).code).toBe('00018');
  expect((await client.send('inquire', { ...inquiry, HASH: 'MD5' })).code).toBe('00006');
  expect((await client.send('inquire', { ...inquiry, HMAC: undefined })).comment).toContain('HMAC requis');
  expect((await client.send('inquire', { ...inquiry, HASH: 'SHA512', HMAC: 'AB'.repeat(64) })).code).toBe('00006');
});

test('a HASH that is no algorithm is sent without a signature', async () => {
  const echo = await startServer((_, __, response) => void response.end(''));
  const client = clientOf(echo.url, { cle: undefined, hmacKey: TEST_HMAC_KEY } as never);
  await client.send('inquire', { HASH: 'MD5' }, { checkEcho: false, checkReply: false });
  expect(echo.received[0]).toMatchObject({ HASH: 'MD5' });
  expect(echo.received[0]).not.toHaveProperty('HMAC');
});

test('a reply is shown as its variables', async () => {
  const server = await startReplyServer(() => ({ CODEREPONSE: '00018' }));
  expect(inspect(await clientOf(server.url).send('inquire'))).toContain("CODEREPONSE: '00018'");
});

test('a connection that is lost within the body is a ConnectionLostError', async () => {
  const server = await startServer((_, __, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write('CODEREPONSE=00000', () => response.socket?.destroy());
  });
  await expect(clientOf(server.url).send('pay')).rejects.toMatchObject({ name: 'ConnectionLostError', mayHaveBeenProcessed: true });
});

test('the checks of the reply can be turned off', async () => {
  const wrong = await startReplyServer(() => ({ CODEREPONSE: '00000', RANG: '99' }));
  await expect(clientOf(wrong.url).send('pay')).rejects.toMatchObject({ name: 'EchoMismatchError', operation: 'pay' });
  expect((await clientOf(wrong.url).send('pay', {}, { checkEcho: false })).get('RANG')).toBe('99');
  const page = await startServer((_, __, response) => void response.writeHead(503).end('<html>down</html>'));
  await expect(clientOf(page.url).send('pay')).rejects.toMatchObject({ name: 'BrokenReplyError', status: 503, length: 17 });
  const reply = await clientOf(page.url).send('pay', {}, { checkEcho: false, checkReply: false });
  expect(reply.delivery.status).toBe(503);
  expect(new TextDecoder().decode(reply.bytes())).toBe('<html>down</html>');
});

test('a question goes to one host, once', async () => {
  const main = await startReplyServer(() => ({ CODEREPONSE: '00003' }));
  const backup = await startReplyServer(() => ({ CODEREPONSE: '00000' }));
  const client = clientOf(main.url, { backupUrl: backup.url });
  expect((await client.send('pay')).code).toBe('00003');
  expect(backup.received).toEqual([]);
  expect((await client.send('pay', {}, { host: 'backup' })).code).toBe('00000');
});

test('a reply that takes too long is a TimeoutError', async () => {
  const silent = await startServer(() => {});
  await expect(clientOf(silent.url).send('pay', {}, { timeout: 50 })).rejects.toMatchObject({
    name: 'TimeoutError',
    timeout: 50,
    mayHaveBeenProcessed: true,
  });
});

test('a redirect is not followed', async () => {
  const elsewhere = await startReplyServer(() => ({ CODEREPONSE: '00000' }));
  const main = await startServer((_, __, response) => void response.writeHead(307, { Location: elsewhere.url }).end());
  await expect(clientOf(main.url).send('pay', { PORTEUR: '1' })).rejects.toMatchObject({ name: 'BrokenReplyError', status: 307 });
  expect(elsewhere.received).toEqual([]);
});

test('a reply is read as ISO-8859-1 without percent-decoding, even if it is UTF-8', async () => {
  const echo = 'NUMQUESTION=0000000007&SITE=1999888&RANG=32';
  const latin1 = await startServer(
    (_, __, response) => void response.end(Buffer.from(`${echo}&CODEREPONSE=00004&COMMENTAIRE=Numéro+%41=1`, 'latin1')),
  );
  const utf8 = await startServer(
    (_, __, response) => void response.end(Buffer.from(`${echo}&CODEREPONSE=00004&COMMENTAIRE=Numéro`, 'utf8')),
  );
  const questionNumber = (): number => 7;
  expect((await clientOf(latin1.url, { questionNumber }).send('pay')).comment).toBe('Numéro+%41=1');
  expect((await clientOf(utf8.url, { questionNumber }).send('pay')).comment).toBe('NumÃ©ro');
});
