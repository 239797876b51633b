import { describe, expect, test } from 'vitest';
import { DEFAULT_VARIANTS } from '../../contracts/index.js';
import type { AccountInput } from '../../simulator/index.js';
import { CARD, numbersOf } from '../support/question.js';
import { benchOn, PAY, STORAGES } from './storages.js';

const OPTIONS = {
  accounts: [{ SITE: '7654321', RANG: '1', CLE: 'OPTIONSKEY' }],
  rules: [{ id: 'options', match: { REFERENCE: 'none' }, answer: '00105' }],
};

describe.each(STORAGES)('a gateway stored in $storage', (kind) => {
  test('returns to its options after a reset', async () => {
    const { ask, control, simulator } = await benchOn(kind, {
      ...OPTIONS,
      payments: [
        { SITE: '7654321', RANG: '1', NUMTRANS: '42', NUMAPPEL: '43', MONTANT: 1, DEVISE: '978', REFERENCE: 'h', status: 'captured' },
      ],
    });
    await ask(PAY);
    await ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' });
    await control('POST', '/rules', { answer: '00151' });
    await control('PUT', '/accounts/7654321/1', { ceiling: 5 });
    await control('POST', '/clock/advance', { by: 'P9D' });
    expect(await control('POST', '/reset')).toEqual({ status: 204, body: undefined });

    expect((await control('GET', '/payments')).body.payments.map(({ id }: { id: string }) => id)).toEqual(['0000000042']);
    expect((await control('GET', '/subscribers')).body).toEqual({ subscribers: [] });
    expect((await control('GET', '/journal')).body).toEqual({ entries: [] });
    expect((await control('GET', '/rules')).body.rules.map(({ id }: { id: string }) => id)).toEqual(['options']);
    expect(simulator.gateway.account('7654321', '1')).toMatchObject({ ceiling: 0, CLE: 'OPTIONSKEY' });
    expect((await control('GET', '/clock')).body).toMatchObject({ frozen: false, now: expect.stringContaining('2026-06-10T12:00') });
    expect(await ask({ ...PAY, NUMQUESTION: '1' })).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
  });

  test('is restored from a snapshot: state, rules with their calls, accounts, clock and next numbers', async () => {
    const { ask, control } = await benchOn(kind, OPTIONS);
    const authorization = await ask({ ...PAY, TYPE: '00001' });
    await ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' });
    await control('POST', '/rules', { id: 'once', match: { REFERENCE: 'unlucky' }, times: 1, answer: '00151' });
    await control('PUT', '/accounts/7654321/2', { CLE: 'ANOTHERKEY', questionNumbers: 'per-day', variants: { echo: 'normalised' } });
    const unlucky = { ...PAY, REFERENCE: 'unlucky' };
    expect((await ask(unlucky)).CODEREPONSE).toBe('00151');
    const { body: snapshot } = await control('GET', '/snapshot');
    const next = { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization), NUMQUESTION: '900' };
    const reply = await ask(next);

    await control('POST', '/reset');
    await ask(PAY);
    expect(await control('PUT', '/snapshot', snapshot)).toEqual({ status: 204, body: undefined });

    expect((await control('GET', '/snapshot')).body).toEqual(snapshot);
    expect(await ask(next)).toEqual(reply);
    expect(reply.CODEREPONSE).toBe('00000');
    expect((await ask({ ...unlucky, NUMQUESTION: '901' })).CODEREPONSE).toBe('00000');
  });

  test('is restored from a snapshot of an earlier version, whose accounts have no variants, whose cards have no tokens, and which has no authentications', async () => {
    const { ask, control, simulator } = await benchOn(kind, OPTIONS);
    await control('PUT', '/accounts/7654321/2', { CLE: 'ANOTHERKEY', ceiling: 700 });
    const registration = { ...CARD, PORTEUR: '5555555555554444', TYPE: '00056', MONTANT: '0', DEVISE: '978' };
    await ask({ ...registration, REFABONNE: 'alice' });
    await ask({ ...registration, REFABONNE: 'bob' });
    const { body: snapshot } = await control('GET', '/snapshot');
    const { tokens: _, authentications: ___, subscribers, ...content } = snapshot.content;
    const [alice, bob] = subscribers;
    const old = {
      ...snapshot,
      content: {
        ...content,
        subscribers: [alice, { ...bob, PORTEUR: 'TokenOfBobX' }, { ...bob, REFABONNE: 'dan', card: { ...bob.card, sha1: '' } }],
      },
      accounts: snapshot.accounts.map(({ variants: __, ...account }: AccountInput) => account),
    };
    await control('POST', '/reset');
    expect(await control('PUT', '/snapshot', old)).toEqual({ status: 204, body: undefined });

    expect((await control('GET', '/snapshot')).body.content.authentications).toEqual([]);
    expect((await control('GET', '/snapshot')).body.content.tokens).toEqual([['1999888/032', alice.card.sha1, alice.PORTEUR]]);
    for (const account of simulator.gateway.accounts) expect(account.variants).toEqual(DEFAULT_VARIANTS);
    expect(simulator.gateway.account('7654321', '2')).toMatchObject({ CLE: 'ANOTHERKEY', ceiling: 700 });
    expect(await ask({ ...registration, REFABONNE: 'carol' })).toMatchObject({ CODEREPONSE: '00000', PORTEUR: alice.PORTEUR });
    for (const [REFABONNE, PORTEUR] of [
      ['alice', alice.PORTEUR],
      ['bob', 'TokenOfBobX'],
    ])
      expect((await ask({ ...PAY, TYPE: '00053', REFABONNE, PORTEUR })).CODEREPONSE, REFABONNE).toBe('00000');
  });

  test('keeps its state if a snapshot cannot be restored', async () => {
    const { ask, control } = await benchOn(kind, OPTIONS);
    await ask(PAY);
    const { body: snapshot } = await control('GET', '/snapshot');
    const { content, rules } = snapshot;
    const [payment] = content.payments;
    const broken: readonly (readonly [unknown, RegExp])[] = [
      [{}, /^This is not a snapshot. Send back what GET \/_sim\/snapshot returned, unchanged\.$/],
      [{ ...snapshot, version: 99 }, /^The snapshot has version 99; this simulator reads version \d+\.$/],
      [
        { ...snapshot, content: undefined },
        /^The snapshot is damaged: content: is missing\. Send back what GET \/_sim\/snapshot returned, unchanged\.$/,
      ],
      [{ ...snapshot, clock: 'noon' }, /damaged/],
      [{ ...snapshot, content: { ...content, sequence: '1' } }, /damaged/],
      [{ ...snapshot, content: { ...content, tokens: 'none' } }, /damaged/],
      [{ ...snapshot, content: { ...content, payments: [{ ...payment, transactions: [] }] } }, /damaged/],
      [{ ...snapshot, content: { ...content, payments: [null] } }, /damaged/],
      [
        { ...snapshot, rules: [{ ...rules[0], answer: '9999' }] },
        /^The snapshot is damaged: rules\/0\/answer: The CODEREPONSE of the reply: five digits or letters \(`paybox-sim codes` lists those of the gateway\)/,
      ],
    ];
    for (const [body, error] of broken) {
      const answer = await control('PUT', '/snapshot', body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(400);
      expect(answer.body.error).toMatch(error);
      expect((await control('GET', '/snapshot')).body).toEqual(snapshot);
    }
  });

  test('generates the same payments for the same seed, in addition to the existing ones', async () => {
    const { ask, control } = await benchOn(kind);
    await ask(PAY);
    const { status, body } = await control('POST', '/seed', { payments: 30, seed: 7, days: 10 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ payments: 30, questions: expect.any(Number) });
    const { payments } = (await control('GET', '/payments?limit=1000')).body;
    expect(payments.length).toBeGreaterThanOrEqual(25);
    expect(new Set(payments.map(({ standing }: { standing: string }) => standing)).size).toBeGreaterThan(2);
    expect((await control('GET', '/clock')).body.now).toContain('2026-06-10T12:00');

    await control('POST', '/reset');
    await ask(PAY);
    await control('POST', '/seed', { payments: 30, seed: 7, days: 10 });
    const again = (await control('GET', '/payments?limit=1000')).body.payments;
    expect(again.map(({ REFERENCE }: { REFERENCE: string }) => REFERENCE)).toEqual(
      payments.map(({ REFERENCE }: { REFERENCE: string }) => REFERENCE),
    );
  });
});

describe('accounts', () => {
  test('change only the given settings; 32 and 032 are the same account', async () => {
    const { ask, control } = await benchOn({ storage: 'memory', options: async () => ({}) });
    const { body } = await control('PUT', '/accounts/1999888/032', { ceiling: 999 });
    expect(body).toMatchObject({ id: '1999888/032', CLE: '1999888I', ceiling: 999 });
    expect((await ask(PAY)).CODEREPONSE).toBe('00022');
    await control('PUT', '/accounts/1999888/32', { answer: '00105', ceiling: 0 });
    expect((await ask(PAY)).CODEREPONSE).toBe('00105');
    expect((await control('GET', '/accounts')).body.accounts.filter(({ id }: { id: string }) => id === '1999888/032')).toHaveLength(1);
  });

  test('can be added', async () => {
    const { ask, control } = await benchOn({ storage: 'memory', options: async () => ({}) });
    await control('PUT', '/accounts/7654321/5', { CLE: 'SECRETKEY' });
    expect((await ask({ ...PAY, SITE: '7654321', RANG: '05', CLE: 'SECRETKEY' })).CODEREPONSE).toBe('00000');
    expect((await ask({ ...PAY, SITE: '7654321', RANG: '05' })).CODEREPONSE).toBe('00006');
  });

  test.each(['/accounts/shop/1', '/accounts/12345678/1', '/accounts/1/1234', '/accounts/1/x'])(
    '%s is answered 400 with the format of SITE and RANG',
    async (path) => {
      const { control } = await benchOn({ storage: 'memory', options: async () => ({}) });
      const { status, body } = await control('PUT', path, {});
      expect(status).toBe(400);
      expect(body.error).toMatch(/: SITE has 1 to 7 digits, RANG 1 to 3\.$/);
    },
  );

  test.each<readonly [settings: object, where: string]>([
    [{ hmacKey: 'abc' }, 'hmacKey'],
    [{ auth: 'none' }, 'auth'],
    [{ ceiling: -1 }, 'ceiling'],
    [{ acceptedCountries: ['France'] }, 'acceptedCountries/0'],
    [{ id3d: { '1': 'maybe' } }, 'id3d/1'],
    [{ answer: '1234' }, 'answer'],
  ])('with settings %j are refused with the place of the problem', async (settings, where) => {
    const { control } = await benchOn({ storage: 'memory', options: async () => ({}) });
    const { status, body } = await control('PUT', '/accounts/7/1', settings);
    expect(status).toBe(400);
    expect(body.problems).toContainEqual({ where, what: expect.any(String) });
    expect((await control('GET', '/accounts')).body.accounts.map(({ id }: { id: string }) => id)).not.toContain('7/001');
  });
});

test('health returns the file that stores the state', async () => {
  const [, sqlite] = STORAGES;
  const { control } = await benchOn(sqlite as (typeof STORAGES)[number]);
  expect((await control('GET', '/health')).body.store).toMatch(/state\.db$/);
});
