import { beforeEach, describe, expect, test } from 'vitest';
import { decodeReply } from '../../contracts/index.js';
import { createSimulator, type Simulator } from '../../simulator/index.js';
import { CARD, HEAD, NOON } from '../support/question.js';
import { postHead, RawConnection } from '../support/raw-http.js';

const FIELDS = { ...HEAD, ...CARD, TYPE: '00003', NUMQUESTION: '1', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-é' };
/** The body of a payment with two bytes for one of its characters. */
const BODY = Buffer.from(
  Object.entries(FIELDS)
    .map(([name, value]) => `${name}=${value}`)
    .join('&'),
);
const CHARACTERS = BODY.toString().length;

let simulator: Simulator;
let connection: RawConnection;

beforeEach(async () => {
  simulator = createSimulator({ clock: NOON });
  connection = await RawConnection.open(await simulator.listen());
  return () => simulator.close();
});

/** The messages of the findings about bytes that follow a body, newest first. */
async function trailingFindings(): Promise<string[]> {
  const entries = await simulator.journal();
  return entries.flatMap(({ findings }) => findings.filter(({ rule }) => rule === 'content-length-differs').map(({ message }) => message));
}

/** Expects a reply with this code, then a 400, then the end of the connection. */
async function expectReplyThen400(code: string): Promise<void> {
  expect(decodeReply((await connection.reply()).body).get('CODEREPONSE')).toBe(code);
  expect((await connection.reply()).status).toBe(400);
  await connection.closed();
}

describe('bytes that follow the body', () => {
  test('a Content-Length that counts characters', async () => {
    connection.send(postHead({ 'Content-Length': CHARACTERS }), BODY);
    await expectReplyThen400('00000');
    expect(await trailingFindings()).toEqual([
      `Content-Length was ${CHARACTERS}, but ${CHARACTERS + 1} bytes were sent: it counted the characters.`,
    ]);
    expect(await simulator.gateway.payments()).toHaveLength(1);
  });

  test('a Content-Length that is too short by more', async () => {
    connection.send(postHead({ 'Content-Length': BODY.length - 5 }), BODY);
    await expectReplyThen400('00000');
    expect(await trailingFindings()).toEqual([
      `Content-Length was ${BODY.length - 5}, but ${BODY.length} bytes (${CHARACTERS} characters) were sent.`,
    ]);
  });

  test.each([
    ['at once', false],
    ['after the reply', true],
  ])('are answered 400 after the reply: %s', async (_, isLater) => {
    connection.send(postHead({ 'Content-Length': BODY.length }), BODY);
    const reply = isLater ? await connection.reply() : undefined;
    connection.send('%%%%');
    expect(decodeReply((reply ?? (await connection.reply())).body).get('CODEREPONSE')).toBe('00000');
    expect((await connection.reply()).status).toBe(400);
    await connection.closed();
    expect(await trailingFindings()).toEqual([expect.stringMatching(`^Content-Length was ${BODY.length}, but ${BODY.length + 4} bytes`)]);
  });

  test('of the second of two questions', async () => {
    const second = Buffer.from(BODY.toString().replace('NUMQUESTION=1', 'NUMQUESTION=2'));
    connection.send(postHead({ 'Content-Length': BODY.length }), BODY, postHead({ 'Content-Length': second.length }), second, '%%');
    expect(decodeReply((await connection.reply()).body).get('NUMQUESTION')).toBe('1');
    await expectReplyThen400('00000');
    expect(await trailingFindings()).toHaveLength(1);
  });

  test('a line end is none', async () => {
    for (const NUMQUESTION of ['1', '2']) {
      const body = BODY.toString().replace('NUMQUESTION=1', `NUMQUESTION=${NUMQUESTION}`);
      connection.send(postHead({ 'Content-Length': BODY.length }), Buffer.from(body), '\r\n');
      expect((await connection.reply()).status).toBe(200);
    }
    expect(await trailingFindings()).toEqual([]);
  });

  test('a bad request behind a question is answered 400 after its reply', async () => {
    connection.send(postHead({ 'Content-Length': BODY.length }), BODY, postHead({ 'Transfer-Encoding': 'chunked' }), 'xyz\r\n');
    await expectReplyThen400('00000');
    expect(await trailingFindings()).toEqual([]);
  });
});
