import { describe, expect, onTestFinished, test } from 'vitest';
import { cardSha1, encodeForm } from '../../contracts/index.js';
import { Gateway } from '../../simulator/gateway/gateway.js';
import type { PaymentInput } from '../../simulator/index.js';
import { openStorage } from '../../simulator/store/open-storage.js';
import { dump } from '../../simulator/store/store.js';
import { CARD, HEAD, NOON, numbersOf, type Variables } from '../support/question.js';
import { benchOn, PAY, STORAGES } from './storages.js';

const IMPORTED: PaymentInput = {
  SITE: '1999888',
  RANG: '32',
  NUMTRANS: '1000003',
  NUMAPPEL: '7',
  MONTANT: 1000,
  DEVISE: '978',
  REFERENCE: 'hosted',
  status: 'captured',
};

describe.each(STORAGES)('a gateway in $storage', (kind) => {
  test('lists payments, highest number first, by REFERENCE, account and page', async () => {
    const { ask, simulator } = await benchOn(kind);
    for (const REFERENCE of ['a', 'b', 'a']) await ask({ ...PAY, REFERENCE });
    await ask({ ...PAY, REFERENCE: 'a', RANG: '099' });
    const list = async (filter: object) => (await simulator.gateway.payments({ limit: 10, ...filter })).map(({ id }) => id);

    expect(await list({})).toEqual(['0001000004', '0001000003', '0001000002', '0001000001']);
    expect(await list({ REFERENCE: 'a' })).toEqual(['0001000004', '0001000003', '0001000001']);
    expect(await list({ account: '1999888/099' })).toEqual(['0001000004']);
    expect(await list({ REFERENCE: 'a', account: '1999888/032' })).toEqual(['0001000003', '0001000001']);
    expect(await list({ limit: 2 })).toEqual(['0001000004', '0001000003']);
    expect(await list({ before: '0001000003', limit: 1 })).toEqual(['0001000002']);
    expect(await list({ REFERENCE: 'nobody' })).toEqual([]);
  });

  test('closes after it has answered the pending questions', async () => {
    const { ask, simulator } = await benchOn(kind);
    await ask(PAY);
    const question = (NUMQUESTION: string) => ({ body: encodeForm(Object.entries({ ...HEAD, ...PAY, NUMQUESTION })) });
    const pending = ['1001', '1002', '1003'].map((number) => simulator.gateway.answer(question(number)));
    await simulator.close();
    expect((await Promise.all(pending)).map(({ reply }) => reply.CODEREPONSE)).toEqual(['00000', '00000', '00000']);
  });

  test('finds a payment by the number of any of its transactions', async () => {
    const { ask, simulator } = await benchOn(kind);
    const authorization = await ask({ ...PAY, TYPE: '00001' });
    const capture = await ask({ TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) });
    const refund = await ask({ TYPE: '00014', MONTANT: '400', DEVISE: '978', ...numbersOf(capture) });
    const { gateway } = simulator;

    const payment = await gateway.payment(authorization.NUMTRANS ?? '');
    expect(payment?.transactions.map(({ NUMTRANS, kind: made, MONTANT }) => [NUMTRANS, made, MONTANT])).toEqual([
      [authorization.NUMTRANS, 'authorization', 1000],
      [capture.NUMTRANS, 'capture', 1000],
      [refund.NUMTRANS, 'refund', 400],
    ]);
    expect(await gateway.payment(capture.NUMTRANS ?? '')).toEqual(payment);
    expect(await gateway.payment(refund.NUMTRANS ?? '')).toEqual(payment);
    expect(await gateway.payment('0009999999')).toBeUndefined();
    expect(await gateway.payment('not a number')).toBeUndefined();
  });

  test('finds a payment by the new numbers that a capture has in a variant, also with those of another transaction of it', async () => {
    const variants = { captureNumbers: 'new', secondCapture: 'accepted' } as const;
    const { ask, simulator } = await benchOn(kind, { accounts: [{ SITE: '1999888', RANG: '32', variants }] });
    const authorization = await ask({ ...PAY, TYPE: '00001' });
    const capture = (named: Variables) => ask({ TYPE: '00002', MONTANT: '400', DEVISE: '978', ...named });
    const first = await capture(numbersOf(authorization));
    const second = await capture({ ...numbersOf(first), NUMAPPEL: authorization.NUMAPPEL ?? '' });
    const { gateway } = simulator;

    expect([first, second].map(({ CODEREPONSE, NUMTRANS }) => [CODEREPONSE, NUMTRANS])).toEqual([
      ['00000', '0001000002'],
      ['00000', '0001000003'],
    ]);
    const payment = await gateway.payment(authorization.NUMTRANS ?? '');
    expect(payment?.transactions).toHaveLength(3);
    for (const { NUMTRANS = '' } of [first, second]) expect(await gateway.payment(NUMTRANS)).toEqual(payment);
    expect((await ask({ TYPE: '00017', NUMTRANS: second.NUMTRANS ?? '', NUMAPPEL: '1' })).CODEREPONSE).toBe('00018');
    const other = await ask(PAY);
    expect((await capture({ ...numbersOf(first), NUMAPPEL: other.NUMAPPEL ?? '' })).CODEREPONSE).toBe('00015');
  });

  test('keeps every capture that repeats the numbers of its authorization, and uses no number for it', async () => {
    const accounts = [{ SITE: '1999888', RANG: '32', variants: { secondCapture: 'accepted' } }] as const;
    const { ask, simulator } = await benchOn(kind, { accounts });
    const authorization = await ask({ ...PAY, TYPE: '00001' });
    for (const MONTANT of ['600', '300'])
      expect(await ask({ TYPE: '00002', MONTANT, DEVISE: '978', ...numbersOf(authorization) })).toMatchObject({
        ...{ CODEREPONSE: '00000', ...numbersOf(authorization) },
      });
    const payment = await simulator.gateway.payment(authorization.NUMTRANS ?? '');
    expect(payment?.transactions.map(({ NUMTRANS, kind: made, MONTANT }) => [NUMTRANS, made, MONTANT])).toEqual([
      ['0001000001', 'authorization', 1000],
      ['0001000001', 'capture', 600],
      ['0001000001', 'capture', 300],
    ]);
    expect((await ask(PAY)).NUMTRANS).toBe('0001000002');
    expect(await simulator.gateway.payments({ limit: 10 })).toHaveLength(2);
  });

  test('has one token for each account and card, which outlives the subscriber', async () => {
    const { ask, simulator } = await benchOn(kind);
    const register = async (REFABONNE: string, PORTEUR: string, RANG = '32') => {
      const reply = await ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE, PORTEUR, RANG });
      expect(reply).toMatchObject({ CODEREPONSE: '00000', PORTEUR: expect.stringMatching(/^[A-Za-z]{11}$/) });
      return reply.PORTEUR;
    };
    const [mastercard, visa] = ['5555555555554444', '4975660000000004'];
    const token = await register('alice', mastercard);
    expect(await register('bob', mastercard)).toBe(token);
    expect(await register('carol', mastercard, '099')).not.toBe(token);
    expect(await register('dan', visa)).not.toBe(token);
    for (const REFABONNE of ['alice', 'bob']) await ask({ TYPE: '00058', REFABONNE });
    expect(await register('erin', mastercard)).toBe(token);
    expect(await register('frank', '1111222233334444')).toBe('SLDLrcsLMPC');
    const { tokens } = (await simulator.gateway.snapshot()).content;
    expect(tokens).toContainEqual(['1999888/032', cardSha1(mastercard), token]);
    expect(new Set(tokens.map(([account, sha1]) => `${account} ${sha1}`)).size).toBe(tokens.length);
  });

  test('gives one token to a card that several questions register at once', async () => {
    const { ask } = await benchOn(kind);
    const registration = { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', PORTEUR: '5555555555554444' };
    const replies = await Promise.all(Array.from({ length: 12 }, (_, n) => ask({ ...registration, REFABONNE: `subscriber-${n}` })));
    expect(new Set(replies.map(({ CODEREPONSE }) => CODEREPONSE))).toEqual(new Set(['00000']));
    expect(new Set(replies.map(({ PORTEUR }) => PORTEUR)).size).toBe(1);
  });

  test('writes a response code with letters, and reads it', async () => {
    const { ask, simulator } = await benchOn(kind);
    await ask({ ...PAY, ERRORCODETEST: '001A1' });
    expect((await simulator.journal({ CODEREPONSE: '001A1' })).map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['001A1']);
  });

  test('lists subscribers in the order of registration until they are deleted', async () => {
    const { ask, simulator } = await benchOn(kind);
    const register = { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978' };
    await ask({ ...register, REFABONNE: 'zoe' });
    await ask({ ...register, REFABONNE: 'bob' });
    simulator.clock.advance('PT1S');
    await ask({ ...register, REFABONNE: 'alice' });
    simulator.clock.advance('PT1S');
    await ask({ ...register, TYPE: '00057', REFABONNE: 'zoe', PORTEUR: '5555555555554444' });

    const names = async () => (await simulator.gateway.subscribers()).map(({ REFABONNE, card }) => `${REFABONNE} ${card.mask}`);
    expect(await names()).toEqual(['bob 111122******4444', 'zoe 555555******4444', 'alice 111122******4444']);

    await ask({ TYPE: '00058', REFABONNE: 'bob' });
    expect(await names()).toEqual(['zoe 555555******4444', 'alice 111122******4444']);
  });

  test('filters and pages the journal, newest first', async () => {
    const { ask, simulator } = await benchOn(kind);
    await ask({ ...PAY, REFERENCE: 'a' });
    simulator.clock.advance('PT1H');
    const since = simulator.clock.now();
    await ask({ ...PAY, REFERENCE: 'b' });
    await ask({ TYPE: '00017', NUMTRANS: '42' });
    simulator.clock.advance('PT1H');
    const until = simulator.clock.now();
    await ask({ ...PAY, REFERENCE: 'a' });
    const seqs = async (filter: object) => (await simulator.journal(filter)).map(({ seq }) => seq);

    expect(await seqs({})).toEqual([4, 3, 2, 1]);
    expect(await seqs({ REFERENCE: 'a' })).toEqual([4, 1]);
    expect(await seqs({ TYPE: '00017' })).toEqual([3]);
    expect(await seqs({ CODEREPONSE: '00000', TYPE: '00003', REFERENCE: 'b' })).toEqual([2]);
    expect(await seqs({ since })).toEqual([4, 3, 2]);
    expect(await seqs({ since, until })).toEqual([3, 2]);
    expect(await seqs({ limit: 2 })).toEqual([4, 3]);
    expect(await seqs({ before: 3, limit: 1 })).toEqual([2]);
  });

  test('saves the position of the clock', async () => {
    const { simulator } = await benchOn(kind);
    const { clock } = simulator.gateway;
    clock.set('2027-01-02T03:04', true);

    await simulator.gateway.saved();
    expect((await simulator.gateway.snapshot()).clock).toBe(JSON.stringify(clock.position));
  });

  test('gives each of many concurrent questions different numbers', async () => {
    const { ask } = await benchOn(kind);
    const replies = await Promise.all(Array.from({ length: 200 }, () => ask(PAY)));

    expect(new Set(replies.map(({ CODEREPONSE }) => CODEREPONSE))).toEqual(new Set(['00000']));
    expect(new Set(replies.map(({ NUMTRANS }) => NUMTRANS)).size).toBe(200);
    expect(new Set(replies.map(({ NUMAPPEL }) => NUMAPPEL)).size).toBe(200);
  });

  test('accepts a question number once when many concurrent questions use it', async () => {
    const { ask, simulator } = await benchOn(kind);
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask({ ...PAY, NUMQUESTION: '77' })));

    expect(replies.filter(({ CODEREPONSE }) => CODEREPONSE === '00000')).toHaveLength(1);
    expect(replies.filter(({ CODEREPONSE }) => CODEREPONSE === '00005')).toHaveLength(19);
    expect(await simulator.gateway.payments({ limit: 10 })).toHaveLength(1);
  });

  test('skips the numbers of imported payments', async () => {
    const { ask, simulator } = await benchOn(kind);
    await ask(PAY);
    await simulator.gateway.importPayment({ ...IMPORTED, NUMTRANS: '1000002' });
    await simulator.gateway.importPayment({ ...IMPORTED, NUMTRANS: '1000004', NUMAPPEL: '8' });

    expect((await ask(PAY)).NUMTRANS).toBe('0001000003');
    expect((await ask(PAY)).NUMTRANS).toBe('0001000005');
  });

  test('imports one of several payments that use the same number at once, and answers the concurrent questions', async () => {
    const { ask, simulator } = await benchOn(kind);
    const imports = Array.from({ length: 3 }, () => simulator.gateway.importPayment(IMPORTED).then(() => 'imported'));
    const [replies, outcomes] = await Promise.all([
      Promise.all(Array.from({ length: 4 }, () => ask(PAY))),
      Promise.all(imports.map((imported) => imported.catch((error: Error) => error.message))),
    ]);

    expect(outcomes.filter((outcome) => outcome === 'imported')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.includes('0001000003 is taken'))).toHaveLength(2);
    expect(replies.map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['00000', '00000', '00000', '00000']);
    const payments = await simulator.gateway.payments({ limit: 10 });
    expect(payments).toHaveLength(5);
    expect(payments.map(({ transactions }) => transactions.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('writes nothing of a transaction that fails, and everything of a concurrent one', async () => {
    const storage = openStorage((await kind.options()).db);
    onTestFinished(() => storage.close());
    const store = storage.open('main');
    const gateway = new Gateway('main', store, { clock: NOON });
    await gateway.ready();
    const before = await dump(store);
    const failing = store.transact(undefined, () => {
      throw new RangeError('does not work');
    });
    const body = encodeForm(Object.entries({ ...HEAD, ...PAY, NUMQUESTION: '1' }));
    const [failure, { reply }] = await Promise.all([failing.catch((error: unknown) => error), gateway.answer({ body })]);

    expect(failure).toEqual(new RangeError('does not work'));
    expect(reply).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
    const after = await dump(store);
    expect(after.sequence).toBe(before.sequence + 1);
    expect(after.journal).toHaveLength(1);
  });
});

describe.each(STORAGES.flatMap((from) => STORAGES.map((to) => ({ from, to, name: `${from.storage} into ${to.storage}` }))))(
  'a dump of $name',
  ({ from, to }) => {
    test('restores payments, subscribers, tokens, question numbers, cards, journal, clock and the next number', async () => {
      const accounts = [{ SITE: '1999888', RANG: '99', oneCardADay: true }];
      const old = await benchOn(from, { accounts });
      const authorization = await old.ask({ ...PAY, TYPE: '00001', NUMQUESTION: '900' });
      await old.ask({ TYPE: '00002', MONTANT: '600', DEVISE: '978', ...numbersOf(authorization) });
      await old.ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' });
      const registration = { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', PORTEUR: '5555555555554444' };
      const { PORTEUR } = await old.ask({ ...registration, REFABONNE: 'bob' });
      await old.ask({ ...PAY, RANG: '99', NUMQUESTION: '901' });
      await old.simulator.gateway.importPayment({ ...IMPORTED, NUMTRANS: '5' });
      const snapshot = await old.simulator.gateway.snapshot();

      const fresh = await benchOn(to, { accounts });
      await fresh.ask(PAY);
      await fresh.simulator.gateway.restore(snapshot);
      const { gateway } = fresh.simulator;

      expect(await gateway.payments({ limit: 10 })).toEqual(await old.simulator.gateway.payments({ limit: 10 }));
      expect(await gateway.subscribers()).toEqual(snapshot.content.subscribers);
      expect(await fresh.simulator.journal()).toEqual(await old.simulator.journal());
      expect((await gateway.snapshot()).clock).toBe(snapshot.clock);
      expect((await fresh.ask({ ...PAY, TYPE: '00001', NUMQUESTION: '900' })).CODEREPONSE).toBe('00005');
      expect((await fresh.ask({ ...PAY, RANG: '99', NUMQUESTION: '902' })).CODEREPONSE).toBe('00023');
      const registered = { ...registration, REFABONNE: 'carol', NUMQUESTION: '904' };
      expect(await fresh.ask(registered)).toMatchObject({ CODEREPONSE: '00000', PORTEUR });
      expect(await old.ask(registered)).toMatchObject({ CODEREPONSE: '00000', PORTEUR });
      const next = { ...PAY, NUMQUESTION: '903' };
      expect(await fresh.ask(next)).toEqual(await old.ask(next));
      expect((await fresh.simulator.journal({ limit: 1 }))[0]?.seq).toBe(snapshot.content.journal.length + 4);
    });
  },
);
