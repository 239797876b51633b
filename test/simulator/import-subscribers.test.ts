import { describe, expect, test } from 'vitest';
import { createSimulator } from '../../simulator/index.js';
import { CARD } from '../support/question.js';
import { sendQuestion } from './deployment.js';
import { benchOn, PAY, SHARED_STORAGES, STORAGES } from './storages.js';

const ANNA = {
  ...{ SITE: '1999888', RANG: '32', REFABONNE: 'anna', token: 'TokenOfAnna', DATEVAL: '1230' },
  ...{ PORTEUR: '4012001037141112', at: '2026-06-01T12:00' },
};

const [MEMORY] = STORAGES as [(typeof STORAGES)[number]];

const pay = (changes: object = {}) => ({ ...PAY, TYPE: '00053', REFABONNE: 'anna', PORTEUR: 'TokenOfAnna', ...changes });

describe.each(STORAGES)('a subscriber imported into $storage', (kind) => {
  test('pays with its own token, and is changed and deleted like every other', async () => {
    const { ask, control } = await benchOn(kind);
    const { status, body } = await control('POST', '/subscribers', ANNA);
    expect(status).toBe(200);
    expect(body).toEqual({
      account: '1999888/032',
      REFABONNE: 'anna',
      PORTEUR: 'TokenOfAnna',
      card: '401200******1112',
      TYPECARTE: 'cb2a5.2',
      PAYS: 'USA',
      DATEVAL: '1230',
      registeredAt: '2026-06-01T12:00:00.000+02:00',
    });
    expect((await control('GET', '/subscribers')).body).toEqual({ subscribers: [body] });
    expect(await ask(pay())).toMatchObject({ CODEREPONSE: '00000', PORTEUR: 'TokenOfAnna' });
    expect((await ask(pay({ PORTEUR: 'AnotherToken' }))).CODEREPONSE).toBe('00015');
    expect((await ask({ ...PAY, TYPE: '00056', REFABONNE: 'anna' })).CODEREPONSE).toBe('00016');
    expect((await ask(pay({ TYPE: '00058' }))).CODEREPONSE).toBe('00000');
    expect((await ask(pay())).CODEREPONSE).toBe('00017');
  });

  test('gives its token to its card, unless the account has one for it', async () => {
    const { ask, control } = await benchOn(kind);
    const card = { PORTEUR: '4111111111111111' };
    expect((await control('POST', '/subscribers', { ...ANNA, ...card })).status).toBe(200);
    expect((await control('POST', '/subscribers', { ...ANNA, ...card, REFABONNE: 'berta', token: 'TokenOfBerta' })).status).toBe(200);
    expect(await ask({ ...PAY, ...card, TYPE: '00056', REFABONNE: 'carla' })).toMatchObject({
      CODEREPONSE: '00000',
      PORTEUR: 'TokenOfAnna',
    });
    expect((await ask(pay({ REFABONNE: 'berta', PORTEUR: 'TokenOfBerta' }))).CODEREPONSE).toBe('00000');
  });

  test('may have a mask or no card, and is kept when a snapshot is restored', async () => {
    const { ask, control } = await benchOn(kind);
    const masked = { ...ANNA, PORTEUR: '497010******5102', TYPECARTE: 'VISA', PAYS: 'FRA' };
    expect((await control('POST', '/subscribers', masked)).body).toMatchObject({ card: masked.PORTEUR, TYPECARTE: 'VISA', PAYS: 'FRA' });
    const { PORTEUR: _, ...without } = { ...ANNA, REFABONNE: 'berta' };
    expect((await control('POST', '/subscribers', without)).body).toMatchObject({ card: '' });
    const { body: snapshot } = await control('GET', '/snapshot');
    expect(snapshot.content.tokens).toEqual([]);
    expect((await control('PUT', '/snapshot', snapshot)).status).toBe(204);
    expect((await control('GET', '/snapshot')).body).toEqual(snapshot);
    expect((await ask(pay())).CODEREPONSE).toBe('00000');
  });

  test('is refused if the account has it already', async () => {
    const { ask, control } = await benchOn(kind);
    await ask({ ...PAY, TYPE: '00056', REFABONNE: 'anna' });
    const replies = await Promise.all([
      control('POST', '/subscribers', ANNA),
      control('POST', '/subscribers', { ...ANNA, REFABONNE: 'b' }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([400, 200]);
    expect(replies[0]?.body).toEqual({ error: 'REFABONNE: the account has a subscriber anna already.' });
    expect((await control('GET', '/subscribers')).body.subscribers).toHaveLength(2);
  });
});

describe('a subscriber', () => {
  test.each<readonly [change: object, error: string]>([
    [{ token: '' }, 'token: it must have 1 to 19 letters, digits, dots, underscores or hyphens.'],
    [{ DATEVAL: '12/30' }, 'DATEVAL: 12/30 is not an expiry date, MMYY.'],
  ])('is not imported by the gateway with %j', async (change, error) => {
    const { simulator } = await benchOn(MEMORY);
    await expect(simulator.gateway.importSubscriber({ ...ANNA, ...change })).rejects.toThrow(error);
  });

  test('whose card dies later is refused then', async () => {
    const { ask, control } = await benchOn(MEMORY);
    // A magic card: 00053 gets 00115, another operation succeeds.
    expect((await control('POST', '/subscribers', { ...ANNA, PORTEUR: '1111225300001515' })).status).toBe(200);
    const { CODEREPONSE } = await ask({ ...PAY, TYPE: '00056', REFABONNE: 'by-question', PORTEUR: '1111225300001515' });
    expect(CODEREPONSE).toBe('00000');
    const { subscribers } = (await control('GET', '/subscribers')).body;
    const [imported, registered] = subscribers;
    const replies = [
      await ask(pay({ PORTEUR: imported.PORTEUR })),
      await ask(pay({ REFABONNE: 'by-question', PORTEUR: registered.PORTEUR })),
    ];
    expect(replies[0]?.CODEREPONSE).not.toBe('00000');
    expect(replies[0]?.CODEREPONSE).toBe(replies[1]?.CODEREPONSE);
  });

  test.each<readonly [change: object, error: RegExp]>([
    [{ SITE: '1' }, /^SITE, RANG: there is no account 1\/32; `paybox-sim accounts` lists the test accounts\.$/],
    [{ token: CARD.PORTEUR }, /^token: it is stored and shown, so it must not look like a card number\.$/],
    [{ token: '1111222233334445' }, /^token: it is stored/],
    [{ token: '123456789012' }, /^token: it is stored/],
    [{ at: 'yesterday' }, /^at: yesterday is not an ISO 8601 time/],
    [{ REFABONNE: 'A\ud800' }, /^REFABONNE: half of a surrogate pair cannot be stored\.$/],
    [{ TYPECARTE: '\ud800' }, /^TYPECARTE: half of a surrogate pair/],
  ])('cannot be imported with %j', async (change, error) => {
    const { control } = await benchOn(MEMORY);
    const { status, body } = await control('POST', '/subscribers', { ...ANNA, ...change });
    expect(status).toBe(400);
    expect(body.error).toMatch(error);
    expect((await control('GET', '/subscribers')).body.subscribers).toEqual([]);
  });

  test.each<readonly [change: object, where: string, what: RegExp]>([
    [{ token: 'a token' }, 'token', /pattern/],
    [{ token: '' }, 'token', /pattern/],
    [{ DATEVAL: '12/30' }, 'DATEVAL', /pattern/],
    [{ REFABONNE: '' }, 'REFABONNE', /./],
    [{ token: undefined }, '(body)', /^token is missing$/],
  ])('is refused with %j and the place of the problem', async (change, where, what) => {
    const { control } = await benchOn(MEMORY);
    const { status, body } = await control('POST', '/subscribers', { ...ANNA, ...change });
    expect(status).toBe(400);
    expect(body.problems).toContainEqual({ where, what: expect.stringMatching(what) });
  });

  test('has its REFABONNE masked as questions have it', async () => {
    const { ask, control } = await benchOn(MEMORY);
    expect((await control('POST', '/subscribers', { ...ANNA, REFABONNE: 'a 4012001037141112' })).body.REFABONNE).toBe('a 401200******1112');
    expect((await ask(pay({ REFABONNE: 'a 4012001037141112' }))).CODEREPONSE).toBe('00000');
  });
});

test.each(SHARED_STORAGES)('subscribers of the settings are imported once into $storage', async ({ options }) => {
  const settings = { ...(await options()), subscribers: [ANNA] };
  const first = createSimulator(settings);
  expect(await sendQuestion(first, { ...pay(), NUMQUESTION: '1' })).toMatchObject({ CODEREPONSE: '00000' });
  const changed = { ...pay(), TYPE: '00057', PORTEUR: '4111111111111111', NUMQUESTION: '2' };
  const { CODEREPONSE, PORTEUR } = await sendQuestion(first, changed);
  expect(CODEREPONSE).toBe('00000');
  await first.close();
  const second = createSimulator(settings);
  expect(await second.gateway.subscribers()).toMatchObject([{ REFABONNE: 'anna', PORTEUR }]);
  await second.gateway.reset();
  expect(await second.gateway.subscribers()).toMatchObject([{ REFABONNE: 'anna', PORTEUR: 'TokenOfAnna' }]);
  await second.close();
});
