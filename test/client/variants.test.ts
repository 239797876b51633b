import { describe, expect, test } from 'vitest';
import { type Client, minorUnits } from '../../client/index.js';
import { VARIANTS } from '../../contracts/index.js';
import { ACCOUNT, CARD, clientOf, expectKind, order, paymentsOf, startProxy, startSimulator } from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');

const VALUES = VARIANTS.flatMap(({ name, values }) => values.map(({ value }) => ({ name, value })));

/** Starts a simulator whose account has one value of a variant. */
const startVariant = (name: string, value: string) =>
  startSimulator({ accounts: [{ SITE: ACCOUNT.site, RANG: ACCOUNT.rang, variants: { [name]: value } }] });

async function authorizeAndCapture(client: Client, reference: string) {
  const { transaction } = expectKind(await client.authorize(order(reference)), 'approved');
  return expectKind(await client.capture({ amount: eur(1000), transaction }), 'approved');
}

describe.each(VALUES)('where $name is $value', ({ name, value }) => {
  test('a payment is captured, refunded in two parts and inquired about with the numbers of the replies', async () => {
    const client = clientOf((await startVariant(name, value)).url, { rang: '032' });
    const captured = await authorizeAndCapture(client, 'V-1');
    expect(expectKind(await client.inquire({ transaction: captured.transaction }), 'found').state).toBe('Capturé');
    const first = expectKind(await client.refund({ amount: eur(400), transaction: captured.transaction }), 'approved');
    expectKind(await client.refund({ amount: eur(600), transaction: first.transaction }), 'approved');
    expect(expectKind(await client.inquire({ transaction: captured.transaction }), 'found').state).toBe('Remboursé');
    expectKind(await client.refund({ amount: eur(1), transaction: captured.transaction }), 'refused');
  });

  test('a lost payment, capture, refund and cancel are found once', async () => {
    const simulator = await startVariant(name, value);
    const lossy = await startProxy(simulator, ({ TYPE = '' }) => ['00003', '00002', '00014', '00005'].includes(TYPE));
    const client = clientOf(lossy.url);
    const captured = await authorizeAndCapture(client, 'V-2');
    expect(captured.recovered).toBe(true);
    expect(await client.refund({ amount: eur(1000), transaction: captured.transaction })).toMatchObject({ recovered: true });
    const paid = expectKind(await client.pay(order('V-3')), 'approved');
    expect(await client.cancel({ amount: eur(1000), transaction: paid.transaction })).toMatchObject({ recovered: true });
    expect(await paymentsOf(simulator, 'V-2')).toMatchObject([{ captured: 1000, refunded: 1000 }]);
    expect(await paymentsOf(simulator, 'V-3')).toMatchObject([{ standing: 'cancelled' }]);
  });

  test('a captured authorization and a lost second payment of the same order are told apart', async () => {
    const simulator = await startVariant(name, value);
    const lossy = await startProxy(simulator, ({ TYPE }) => TYPE === '00003');
    const client = clientOf(lossy.url);
    const captured = await authorizeAndCapture(client, 'V-4');
    const paid = expectKind(await client.pay(order('V-4')), 'approved');
    expect(paid.recovered).toBe(true);
    expect(paid.transaction.numtrans).not.toBe(captured.transaction.numtrans);
  });

  test('a subscriber is authorized, captured and cancelled', async () => {
    const { subscribers } = clientOf((await startVariant(name, value)).url, { rang: '032' });
    const subscriber = 'V-5';
    const { token = '' } = expectKind(await subscribers.register({ amount: eur(0), subscriber, card: CARD }), 'approved');
    const card = { token, expiry: '1299' };
    const held = expectKind(await subscribers.authorize({ amount: eur(500), reference: 'V-5', subscriber, card }), 'approved');
    const { transaction } = held;
    const captured = expectKind(await subscribers.capture({ amount: eur(500), subscriber, transaction }), 'approved');
    expectKind(await subscribers.cancel({ amount: eur(500), subscriber, transaction: captured.transaction }), 'approved');
  });

  test('a frame that cannot be read and a repeated question number are refusals', async () => {
    const client = clientOf((await startVariant(name, value)).url, { rang: '032', questionNumber: () => 7 });
    const unreadable = await client.pay({ ...order('V-6'), card: { ...CARD, cvv: 'abc' } });
    expect(unreadable).toMatchObject({ kind: 'refused', code: '00014', isQuestionNumberUsed: false });
    expectKind(await client.pay(order('V-6')), 'approved');
    expect(await client.pay(order('V-7'))).toMatchObject({ kind: 'refused', isQuestionNumberUsed: true });
  });
});
