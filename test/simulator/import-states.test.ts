import { describe, expect, test } from 'vitest';
import { benchOn, HOSTED, PAY, STORAGES } from './storages.js';

const NAMED = { NUMTRANS: '0000000042', NUMAPPEL: '0000000043', DEVISE: '978' };
const AMOUNT = String(HOSTED.MONTANT);

describe.each(STORAGES)('a payment imported into $storage', (kind) => {
  test('that was refused has the code of its refusal, and nothing can be done with it', async () => {
    const { ask, control } = await benchOn(kind);
    const { body } = await control('POST', '/payments', { ...HOSTED, status: 'refused', CODEREPONSE: '00151' });
    expect(body).toMatchObject({ standing: 'refused', STATUS: 'Refusé', captured: 0, expiresAt: null });
    expect(body.transactions).toMatchObject([{ kind: 'refusal', CODEREPONSE: '00151', AUTORISATION: '' }]);
    expect((await control('GET', '/payments/42')).body).toEqual(body);
    for (const TYPE of ['00002', '00005', '00014'])
      expect((await ask({ ...NAMED, TYPE, MONTANT: AMOUNT })).CODEREPONSE, TYPE).not.toBe('00000');
    const other = { ...HOSTED, NUMTRANS: '50', NUMAPPEL: '51', status: 'refused' };
    expect((await control('POST', '/payments', other)).body.transactions).toMatchObject([{ CODEREPONSE: '00105' }]);
  });

  test('that was cancelled can neither be cancelled nor refunded', async () => {
    const { ask, control } = await benchOn(kind);
    const { body } = await control('POST', '/payments', { ...HOSTED, status: 'cancelled' });
    expect(body).toMatchObject({ standing: 'cancelled', STATUS: 'Annulé', captured: 0, refundable: 0, remittance: null });
    expect(body.transactions).toMatchObject([{ kind: 'payment' }, { kind: 'cancel', TYPE: '00005' }]);
    expect((await control('GET', '/payments/42')).body).toEqual(body);
    for (const TYPE of ['00005', '00014']) expect((await ask({ ...NAMED, TYPE, MONTANT: AMOUNT })).CODEREPONSE, TYPE).not.toBe('00000');
  });

  test('that was captured in part is refunded up to that part', async () => {
    const { ask, control } = await benchOn(kind);
    const { body } = await control('POST', '/payments', { ...HOSTED, status: 'captured', captured: HOSTED.MONTANT - 1 });
    expect(body).toMatchObject({ standing: 'captured', authorized: HOSTED.MONTANT, captured: HOSTED.MONTANT - 1 });
    expect(body.transactions).toMatchObject([{ kind: 'authorization' }, { kind: 'capture', MONTANT: HOSTED.MONTANT - 1 }]);
    expect((await control('GET', '/payments/42')).body).toEqual(body);
    expect((await ask({ ...NAMED, TYPE: '00014', MONTANT: AMOUNT })).CODEREPONSE).toBe('00011');
    expect((await ask({ ...NAMED, TYPE: '00014', MONTANT: String(HOSTED.MONTANT - 1) })).CODEREPONSE).toBe('00000');
  });

  test('in any state is kept when a snapshot is restored, and its numbers are not given again', async () => {
    const { ask, control } = await benchOn(kind);
    const states = [{ status: 'authorized' }, { status: 'cancelled' }, { status: 'refused' }, { status: 'captured', captured: 1 }];
    for (const [n, state] of states.entries()) {
      const numbers = { NUMTRANS: String(1_000_001 + n), NUMAPPEL: String(50_000_001 + n) };
      expect((await control('POST', '/payments', { ...HOSTED, ...numbers, ...state })).status).toBe(200);
    }
    const { body: snapshot } = await control('GET', '/snapshot');
    expect(await control('PUT', '/snapshot', snapshot)).toEqual({ status: 204, body: undefined });
    expect((await control('GET', '/snapshot')).body).toEqual(snapshot);
    expect(await ask(PAY)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000005', NUMAPPEL: '0050000005' });
  });
});

test.each<readonly [change: object, error: string]>([
  [{ status: 'authorized', captured: 1 }, 'captured: only a payment with the status captured has it.'],
  [{ status: 'captured', captured: HOSTED.MONTANT + 1 }, `captured: ${HOSTED.MONTANT + 1} is more than MONTANT, ${AMOUNT}.`],
  [{ status: 'captured', CODEREPONSE: '00105' }, 'CODEREPONSE: only a payment with the status refused has it.'],
  [
    { status: 'refused', CODEREPONSE: '00000' },
    'CODEREPONSE: 00000 is not the code of a refusal; `paybox-sim codes` lists those of the gateway.',
  ],
])('a payment cannot be imported with %j', async (change, error) => {
  const { control } = await benchOn(STORAGES[0] as (typeof STORAGES)[number]);
  expect(await control('POST', '/payments', { ...HOSTED, ...change })).toEqual({ status: 400, body: { error } });
  expect((await control('GET', '/payments')).body.payments).toEqual([]);
});
