import { describe, expect, test as plain } from 'vitest';
import { test } from '../../cli/vitest.js';
import { createClient, minorUnits } from '../../client/index.js';
import { payboxHandlers } from '../../simulator/testing/msw/index.js';
import type { TestGateway } from '../../simulator/testing/vitest/index.js';

const clientOf = ({ url, account }: TestGateway) =>
  createClient({ url, site: account.site, rang: account.rang, cle: account.cle, version: '00104', timeout: 20_000, askAfter: [0] });

const pay = (paybox: TestGateway, reference = 'order-1') =>
  clientOf(paybox).pay({ amount: minorUnits(1000, 'EUR'), reference, card: paybox.card });

const messageOf = async (work: Promise<void>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return (error as Error | undefined)?.message ?? 'it passed';
};

test('a test has its own gateway, which listens', async ({ paybox }) => {
  await expect(paybox).toHaveReceived([]);
  expect(await pay(paybox)).toMatchObject({ kind: 'approved' });
  await expect(paybox).toHaveCharged({ amount: 1000, reference: 'order-1' });
  await expect(paybox).toHaveReceived([{ send: 'pay', with: { MONTANT: /^0*1000$/, REFERENCE: 'order-1' }, answered: '00000' }]);
  await expect(paybox).toHaveNoFindings();
});

test('a client that inquires after a lost reply charges once', async ({ paybox }) => {
  paybox.fault({ reply: 'drop' }, { match: { TYPE: 'pay' }, times: 1 });
  await pay(paybox);
  await expect(paybox).toHaveCharged({ times: 1 });
});

test('a test can set answers and the clock', async ({ paybox }) => {
  paybox.answer('00105', { times: 1 });
  expect(await pay(paybox)).toMatchObject({ kind: 'refused', code: '00105' });
  paybox.clock.set('2031-05-06T07:08', true);
  expect(await pay(paybox)).toMatchObject({ kind: 'approved' });
  expect((await paybox.journal()).map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['00105', '00000']);
});

test('failure messages list the requests and the payments of the gateway', async ({ paybox }) => {
  await pay(paybox);
  await pay(paybox, 'order-2');
  expect(await messageOf(expect(paybox).toHaveCharged({ times: 1 }))).toMatch(
    /Expected 1 payment charged; found 2\.\nPayments:\n {2}order-1: Capturé, captured 10\.00 EUR[\s\S]*The gateway received:\n {2}pay order-1 0*1000 → 00000/,
  );
  expect(await messageOf(expect(paybox).toHaveReceived(['pay']))).toContain('Expected the requests\n  pay\nThe gateway received:');
  expect(await messageOf(expect(paybox).not.toHaveCharged({ times: 2 }))).toContain('found 2');
});

test('failure messages list findings with their remedy', async ({ paybox }) => {
  await pay(paybox);
  await clientOf(paybox).send('pay', {
    MONTANT: '1000',
    DEVISE: '978',
    REFERENCE: 'order-1',
    PORTEUR: paybox.card.number,
    DATEVAL: '1249',
  });
  expect(await messageOf(expect(paybox).toHaveNoFindings('error'))).toMatch(/^error paid-twice: [\s\S]*After a time-out ask first/);
  await expect(paybox).not.toHaveNoFindings();
});

plain('the gateways of two tests are independent', async () => {
  const { openTestGateway } = await import('../../simulator/testing/vitest/fixture.js');
  const [one, other] = await Promise.all([openTestGateway(), openTestGateway()]);
  await pay(one.paybox);
  expect(await one.paybox.payments()).toHaveLength(1);
  expect(await other.paybox.payments()).toHaveLength(0);
  await Promise.all([one.close(), other.close()]);
});

describe('a matcher with a wrong argument fails, also with `not`', () => {
  const untyped = <Value>(value: unknown): Value => value as Value;

  test.each([
    ['toHaveCharged', { ammount: 1 }, /toHaveCharged: ammount: unknown name; known here: times, amount/],
    ['toHaveReceived', [{ send: 'pay', wiht: {} }], /toHaveReceived: \[0\]\.wiht: unknown name/],
    ['toHaveReceived', ['payy'], /toHaveReceived: payy is not an operation/],
    ['toHaveNoFindings', 'warn', /toHaveNoFindings: .*"warn" is not one of info, warning, error/],
  ] as const)('%s(%j)', async (matcher, wanted, message) => {
    const paybox = payboxHandlers();
    await expect((expect(paybox)[matcher] as (value: unknown) => Promise<void>)(wanted)).rejects.toThrow(message);
    await expect((expect(paybox).not[matcher] as (value: unknown) => Promise<void>)(wanted)).rejects.toThrow(message);
  });

  test.each([undefined, null, [], 'http://127.0.0.1'])('on %j', async (value) => {
    await expect(expect(untyped<TestGateway>(value)).toHaveCharged()).rejects.toThrow('of the test or of payboxHandlers()');
  });

  test('a matcher explains missing requests and an amount that is not in minor units', async ({ paybox }) => {
    await expect(expect(paybox).toHaveCharged()).rejects.toThrow(
      /no request\. Check that the code under test uses the URL of this gateway\./,
    );
    await pay(paybox);
    await expect(expect(paybox).toHaveCharged({ amount: 10 })).rejects.toThrow('Amounts are in minor units. Did you mean 1000?');
    await expect(expect(paybox).not.toHaveCharged()).rejects.toThrow('Expected anything but 1 payment charged; found 1.');
  });
});
