import { describe, expect, test } from 'vitest';
import { numbersOf } from '../support/question.js';
import { benchOn, HOSTED, PAY, STORAGES } from './storages.js';

describe.each(STORAGES)('an imported payment in a gateway stored in $storage', (kind) => {
  test('cannot have a NUMAPPEL of another payment', async () => {
    const { ask, control } = await benchOn(kind);
    const given = numbersOf(await ask(PAY));
    expect((await control('POST', '/payments', HOSTED)).status).toBe(200);
    expect(await control('POST', '/payments', { ...HOSTED, NUMTRANS: '44', NUMAPPEL: '0043' })).toEqual({
      status: 400,
      body: { error: 'NUMAPPEL: 0000000043 is taken by a payment with REFERENCE hosted.' },
    });
    expect(await control('POST', '/payments', { ...HOSTED, NUMTRANS: '44', NUMAPPEL: given.NUMAPPEL })).toEqual({
      status: 400,
      body: { error: `NUMAPPEL: ${given.NUMAPPEL} was given to a question already.` },
    });
    expect((await control('GET', '/payments')).body.payments).toHaveLength(2);
    expect((await control('POST', '/payments', { ...HOSTED, NUMTRANS: '43', NUMAPPEL: '42' })).status).toBe(200);
    // The last NUMAPPEL before those of the gateway.
    expect((await control('POST', '/payments', { ...HOSTED, NUMTRANS: '44', NUMAPPEL: '50000000' })).status).toBe(200);
  });

  test('is named as the origin by the journal entry of a question about it', async () => {
    const { ask, control } = await benchOn(kind);
    await control('POST', '/payments', HOSTED);
    expect((await ask({ TYPE: '00017', NUMTRANS: '42', NUMAPPEL: '43' })).CODEREPONSE).toBe('00000');
    expect((await control('GET', '/journal')).body.entries).toMatchObject([{ TYPE: '00017', origin: 'system' }]);
  });

  test('keeps its NUMAPPEL: the gateway skips it', async () => {
    const { ask, control } = await benchOn(kind);
    for (const [NUMTRANS, NUMAPPEL] of [
      ['7', '50000002'],
      ['1000001', '50000003'],
      ['1000005', '50000006'],
    ])
      expect((await control('POST', '/payments', { ...HOSTED, NUMTRANS, NUMAPPEL })).status).toBe(200);
    expect((await control('POST', '/payments', { ...HOSTED, NUMTRANS: '8', NUMAPPEL: '50000003' })).status).toBe(400);
    const replies = await Promise.all(['1', '2', '3'].map((NUMQUESTION) => ask({ ...PAY, NUMQUESTION })));
    expect(replies.map(numbersOf)).toEqual(['4', '7', '8'].map((n) => ({ NUMTRANS: `000100000${n}`, NUMAPPEL: `005000000${n}` })));
    const { body: snapshot } = await control('GET', '/snapshot');
    expect((await control('PUT', '/snapshot', { ...snapshot, content: { ...snapshot.content, sequence: 8 } })).status).toBe(204);
    expect((await control('POST', '/payments', { ...HOSTED, NUMTRANS: '9', NUMAPPEL: '50000009' })).status).toBe(200);
    expect(numbersOf(await ask(PAY))).toEqual({ NUMTRANS: '0001000010', NUMAPPEL: '0050000010' });
  });
});
