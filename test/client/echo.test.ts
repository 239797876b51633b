import { expect, test } from 'vitest';
import type { ReplyFields } from '../../contracts/index.js';
import { CARD, clientOf, expectKind, order, startReplyServer, startSimulator } from './support.js';

const APPROVED = { NUMTRANS: '0000000001', NUMAPPEL: '0000000002', CODEREPONSE: '00000' };
const ZEROS = '0000000000';

const account = { rang: '032', questionNumber: () => 95_720 };

const answeredWith = async (fields: ReplyFields) => clientOf((await startReplyServer(() => fields)).url, account).credit(order('E-1'));

test.each<ReplyFields>([{ RANG: '032' }, { RANG: '32' }, { NUMQUESTION: '95720' }, { NUMQUESTION: '0000095720', SITE: '01999888' }])(
  'a reply with the echo %j answers the question',
  async (echo) => {
    expectKind(await answeredWith({ ...APPROVED, ...echo }), 'approved');
  },
);

test.each<ReplyFields>([
  { RANG: '33' },
  { RANG: '320' },
  { RANG: '' },
  { RANG: '32 ' },
  { RANG: '  ' },
  { RANG: '-32' },
  { NUMQUESTION: '957200' },
  { NUMQUESTION: ZEROS },
  { NUMQUESTION: '' },
  { SITE: '1999889' },
  { SITE: '       ' },
])('a success with the echo %j answers another question', async (echo) => {
  await expect(answeredWith({ ...APPROVED, ...echo })).rejects.toMatchObject({ name: 'EchoMismatchError', mayHaveBeenProcessed: true });
});

test.each<ReplyFields>([
  { NUMQUESTION: ZEROS },
  { NUMQUESTION: ZEROS, SITE: '       ', RANG: '  ' },
  { NUMQUESTION: ZEROS, RANG: '32' },
  {},
])('the refusal of a frame with the echo %j is a refusal', async (echo) => {
  const outcome = await answeredWith({ CODEREPONSE: '00014', COMMENTAIRE: 'Invalid+data', ...echo });
  expect(outcome).toMatchObject({ kind: 'refused', code: '00014', comment: 'Invalid data', by: 'gateway', transaction: undefined });
});

test.each<ReplyFields>([
  { CODEREPONSE: '00014', NUMQUESTION: '0000000001' },
  { CODEREPONSE: '00014', NUMQUESTION: ZEROS, RANG: '33' },
  { CODEREPONSE: '00014', NUMQUESTION: ZEROS, SITE: '1999889', RANG: '  ' },
  { CODEREPONSE: '00014', SITE: '       ', RANG: '  ' },
  { CODEREPONSE: '00004', NUMQUESTION: ZEROS },
  { CODEREPONSE: '00015', NUMQUESTION: ZEROS, SITE: '       ', RANG: '  ' },
])('any other refusal with the echo %j answers another question', async (fields) => {
  await expect(answeredWith(fields)).rejects.toMatchObject({ name: 'EchoMismatchError' });
});

test('the gateway refuses a card number that no field can hold, processes nothing, and the next call pays', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const malformed = await client.pay({ ...order('E-2'), card: { ...CARD, number: '1'.repeat(20) } });
  expect(malformed).toMatchObject({ kind: 'refused', code: '00014', comment: 'Invalid data' });
  expect(expectKind(malformed, 'refused').reply.get('SITE')).toBe('       ');
  expect(expectKind(await client.pay(order('E-2')), 'approved').recovered).toBe(false);
});
