import { describe, expect, test as plain } from 'vitest';
import { test } from '../../cli/vitest.js';
import { createClient } from '../../client/index.js';
import type { Charge, ExpectedRequest, TestGateway } from '../../simulator/testing/vitest/index.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { copied } from './many-payments.js';
import { PAY } from './storages.js';

const pay = ({ url, account, card }: TestGateway, reference: string) =>
  createClient({ url, site: account.site, rang: account.rang, cle: account.cle, version: '00104', timeout: 20_000, askAfter: [0] }).send(
    'pay',
    { MONTANT: '1000', DEVISE: '978', REFERENCE: reference, PORTEUR: card.number, DATEVAL: card.expiry, CVV: card.cvv },
  );

async function check({ url }: TestGateway, expected: object): Promise<{ pass: boolean; message: string }> {
  const response = await fetch(url.replace('/PPPS.php', '/_sim/check'), { method: 'POST', body: JSON.stringify(expected) });
  return (await response.json()) as { pass: boolean; message: string };
}

const messageOf = (work: Promise<void>): Promise<string> =>
  work.then(
    () => '',
    (error: Error) => error.message,
  );

test('POST /_sim/check passes and fails like the matchers of vitest, with the same texts', async ({ paybox }) => {
  for (const reference of ['order-1', 'order-1', 'order-2']) await pay(paybox, reference);

  const charges: readonly Charge[] = [
    {},
    { times: 3 },
    { times: 2, reference: 'order-1', amount: 1000, refunded: 0 },
    { reference: 'order-2' },
    { amount: 10 },
    { refunded: 500 },
  ];
  for (const charged of charges) {
    const message = await messageOf(expect(paybox).toHaveCharged(charged));
    expect(await check(paybox, { charged })).toEqual({ pass: message === '', message });
  }

  const requests: readonly (readonly ExpectedRequest[])[] = [
    [],
    ['pay', 'pay', '00003'],
    ['pay', 'pay', { send: 'pay', with: { REFERENCE: 'order-2' }, answered: '00000' }],
    ['pay', 'pay', { send: 'pay', answered: '00105' }],
  ];
  for (const received of requests) {
    const message = await messageOf(expect(paybox).toHaveReceived(received));
    expect(await check(paybox, { received })).toEqual({ pass: message === '', message });
  }

  for (const noFindings of ['info', 'warning', 'error'] as const) {
    const message = await messageOf(expect(paybox).toHaveNoFindings(noFindings));
    expect(message).toContain('error paid-twice: ');
    expect(await check(paybox, { noFindings })).toEqual({ pass: false, message });
  }
});

test('patterns are regular expressions', async ({ paybox }) => {
  await pay(paybox, 'order-1');
  for (const [pattern, pass] of [
    ['^order-\\d$', true],
    ['^order-\\d{2}$', false],
  ] as const) {
    const message = await messageOf(expect(paybox).toHaveReceived([{ send: 'pay', with: { REFERENCE: new RegExp(pattern) } }]));
    const result = await check(paybox, { received: [{ send: 'pay', with: { REFERENCE: { pattern } } }] });
    expect(result).toEqual({ pass, message });
  }
});

test('the message shows no card number and no CVV that was expected', async ({ paybox }) => {
  const PORTEUR = '4012001037141112';
  const { message } = await check(paybox, {
    charged: { reference: `order ${PORTEUR}` },
    received: [{ send: 'pay', with: { PORTEUR, CVV: '739', REFERENCE: { pattern: `cvv=739 ${PORTEUR}` } } }],
  });
  expect(message).toContain('for order 401200******1112');
  expect(message).toContain('"PORTEUR":"401200******1112"');
  expect(message).not.toMatch(/4012001037141112|739/);
});

test('several expectations fail with the messages of those that are not met', async ({ paybox }) => {
  const { pass, message } = await check(paybox, { charged: {}, received: ['pay'], noFindings: 'error' });
  expect(pass).toBe(false);
  expect(message).toMatch(/^Expected 1 payment charged; found 0\.[\s\S]*\n\nExpected the requests\n {2}pay\n/);
  expect(message).not.toContain('MSW');
});

test('a refunded amount that was not refunded is named', async ({ paybox }) => {
  await pay(paybox, 'order-1');
  await expect(expect(paybox).toHaveCharged({ refunded: 500 })).rejects.toThrow('Expected 1 payment charged, 500 refunded; found 0.');
});

const CARD_NUMBER = '4012001037141112';

plain('a card number in an expected value is compared as it is stored, and shown masked', async () => {
  const { control, ask } = openTestSimulator();
  const REFERENCE = `ORDER ${CARD_NUMBER}`;
  await ask({ ...PAY, REFERENCE, PORTEUR: CARD_NUMBER, CVV: '123' });
  for (const expected of [
    { charged: { reference: REFERENCE } },
    { received: [{ send: 'pay', with: { REFERENCE, PORTEUR: CARD_NUMBER } }] },
    { received: [{ send: 'pay', with: { PORTEUR: '401200******1112' } }] },
  ])
    expect((await control('POST', '/check', expected)).body).toEqual({ pass: true, message: '' });
  for (const expected of [
    { charged: { reference: REFERENCE, amount: 1 } },
    { received: [{ send: 'pay', with: { PORTEUR: CARD_NUMBER, REFERENCE: 'x', X: CARD_NUMBER, CVV: '739' } }] },
    { received: [{ send: 'pay', with: { REFERENCE: { pattern: `${CARD_NUMBER}x` } } }] },
  ]) {
    const { body } = await control('POST', '/check', expected);
    expect(body.pass).toBe(false);
    expect(body.message).toContain('1112');
    expect(body.message).not.toMatch(/4012001037141112|739/);
  }
});

plain.each([
  ['CVV', '999'],
  ['CVV', '123'],
  ['CLE', 'other'],
  ['UNKNOWN', 'abd'],
])('%s=%s, whose value is not stored, is not found', async (name, value) => {
  const { control, ask } = openTestSimulator();
  await ask({ ...PAY, CVV: '123', UNKNOWN: 'abc' });
  const { body } = await control('POST', '/check', { received: [{ send: 'pay', with: { [name]: value } }] });
  expect(body.pass).toBe(false);
});

describe('with many payments', () => {
  /** A simulator with copies of one payment. */
  async function openFilled(count: number) {
    const bench = openTestSimulator();
    await bench.ask(PAY);
    await bench.simulator.gateway.restore(copied(await bench.simulator.gateway.snapshot(), count));
    return bench;
  }

  plain('a message lists the newest 100', async () => {
    const { control } = await openFilled(150);
    const { body } = await control('POST', '/check', { charged: { times: 1 }, received: [] });
    const counts = ['order-51\\b', 'order-50\\b', '… 50 earlier'].map((text) => body.message.match(new RegExp(text, 'g'))?.length ?? 0);
    expect(counts).toEqual([3, 0, 3]);
    expect((await control('POST', '/check', { charged: { times: 150 } })).body).toEqual({ pass: true, message: '' });
  });

  plain('more than can be checked are refused', async () => {
    const { control, ask } = await openFilled(10_000);
    expect((await control('POST', '/check', { charged: { times: 10_000 } })).body.pass).toBe(true);
    await ask({ ...PAY, NUMQUESTION: '2000001' });
    for (const expected of [{ charged: {} }, { received: [] }, { noFindings: 'error' }]) {
      const { status, body } = await control('POST', '/check', expected);
      expect([status, body.error]).toEqual([400, expect.stringMatching(/^The gateway has more than 10000 .*POST \/_sim\/reset/)]);
    }
  });
});

describe('POST /_sim/check answers 400 to', () => {
  plain.each([
    [{}, '(body)', /fewer than 1/],
    [{ charged: { ammount: 1 } }, 'charged/ammount', /unknown name "ammount"; known here: times, amount, refunded, reference/],
    [{ received: [{ send: 'pay', wiht: {} }] }, 'received/0/wiht', /unknown name "wiht"; known here: send, with, answered/],
    [{ received: [{ answered: '00000' }] }, 'received/0', /send/],
    [{ received: [['pay']] }, 'received/0', /string/],
    [{ noFindings: 'warn' }, 'noFindings', /info, warning, error/],
  ])('%j', async (body, where, what) => {
    const { control, ask } = openTestSimulator();
    await ask(PAY);
    const answer = await control('POST', '/check', body);
    expect(answer.status).toBe(400);
    expect(answer.body.problems).toContainEqual({ where, what: expect.stringMatching(what) });
  });

  plain.each([
    [{ received: ['payy'] }, 'payy is not an operation. `paybox-sim operations` lists the operations.'],
    [{ received: [{ send: 'pay', with: { REFERENC: 'x' } }] }, 'REFERENC is not a variable of the gateway; did you mean REFERENCE?'],
    [{ received: [{ send: 'pay', with: { CVV: { pattern: '(' } } }] }, 'CVV: Invalid regular expression: /(/u: Unterminated group.'],
  ])('%j', async (body, error) => {
    expect(await openTestSimulator().control('POST', '/check', body)).toEqual({ status: 400, body: { error } });
  });
});
