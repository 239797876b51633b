import { expect, test } from 'vitest';
import { minorUnits } from '../../client/index.js';
import {
  CARD,
  clientOf,
  expectKind,
  forward,
  order,
  paymentsOf,
  startProxy,
  startServer,
  startSimulator,
  type TestServer,
} from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');
const UNCLEAR = { kind: 'unknown', reason: 'unclear' };

/** Starts a gateway that drops the questions of some TYPEs while `isDropping` is true. */
async function startDroppingGateway(
  ...types: string[]
): Promise<TestServer & { isDropping: boolean; simulator: Awaited<ReturnType<typeof startSimulator>> }> {
  const simulator = await startSimulator();
  const state = { isDropping: false };
  const server = await startServer(async (question, body, response) => {
    if (state.isDropping && types.includes(question.TYPE ?? '')) response.socket?.destroy();
    else response.end(await forward(simulator, body));
  });
  return Object.assign(state, { ...server, simulator });
}

test.each([[undefined], [false]])(
  'a payment already reported as approved is not mistaken for a later lost one (precheck %s)',
  async (precheck) => {
    const gateway = await startDroppingGateway('00003');
    const client = clientOf(gateway.url, { precheck });
    expectKind(await client.pay(order('DUES')), 'approved');
    gateway.isDropping = true;
    expect(await client.pay(order('DUES'))).toMatchObject(UNCLEAR);
    gateway.isDropping = false;
    expect(await client.pay(order('DUES'))).toMatchObject(UNCLEAR);
    expect(await paymentsOf(gateway.simulator, 'DUES')).toHaveLength(1);
  },
);

test('a recovered payment is not recovered twice', async () => {
  const gateway = await startDroppingGateway('00003');
  const lossy = await startProxy(gateway.simulator, ({ TYPE }, nth) => TYPE === '00003' && nth === 1);
  const client = clientOf(lossy.url, {
    fetch: ((input, init) => globalThis.fetch(gateway.isDropping ? gateway.url : input, init)) as typeof fetch,
  });
  expect(expectKind(await client.pay(order('DUES-2')), 'approved').recovered).toBe(true);
  gateway.isDropping = true;
  expect(await client.pay(order('DUES-2'))).toMatchObject(UNCLEAR);
});

test('a lost second payment of the same order is found', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, ({ TYPE }, nth) => TYPE === '00003' && nth > 1);
  const client = clientOf(lossy.url);
  const first = expectKind(await client.pay(order('DUES-3')), 'approved');
  const second = expectKind(await client.pay(order('DUES-3')), 'approved');
  expect(second.recovered).toBe(true);
  expect(second.transaction).not.toEqual(first.transaction);
});

test('a captured authorization of the same order is not mistaken for a lost payment', async () => {
  const gateway = await startDroppingGateway('00003');
  const client = clientOf(gateway.url);
  const { transaction } = expectKind(await client.authorize(order('O-1')), 'approved');
  expectKind(await client.capture({ amount: eur(1000), transaction }), 'approved');
  gateway.isDropping = true;
  expect(await client.pay(order('O-1'))).toMatchObject(UNCLEAR);
});

test.each([[undefined], [false], [true]])("one subscriber's payment is not mistaken for another's (precheck %s)", async (precheck) => {
  const gateway = await startDroppingGateway('00053');
  const register = async (subscriber: string) => {
    const { token = '' } = expectKind(
      await clientOf(gateway.url).subscribers.register({ amount: eur(0), subscriber, card: CARD }),
      'approved',
    );
    return { amount: eur(500), reference: 'RENT', subscriber, card: { token, expiry: CARD.expiry } };
  };
  const [anne, bob] = [await register('ANNE'), await register('BOB')];
  expectKind(await clientOf(gateway.url).subscribers.pay(anne), 'approved');
  gateway.isDropping = true;
  expect(await clientOf(gateway.url, { precheck }).subscribers.pay(bob)).toMatchObject(UNCLEAR);
  expect(await clientOf(gateway.url, { precheck }).subscribers.pay(bob, { retry: true })).toMatchObject(UNCLEAR);
});

test("a subscriber's payment is not mistaken for a lost card payment if the gateway names the subscriber", async () => {
  const simulator = await startSimulator();
  const naming = await startServer(async ({ TYPE }, body, response) => {
    const reply = (await forward(simulator, body)).toString('latin1');
    if (TYPE === '00003') response.socket?.destroy();
    else response.end(TYPE === '00017' ? reply.replace('REFABONNE=', 'REFABONNE=BOB') : reply, 'latin1');
  });
  expect(await clientOf(naming.url).pay(order('FEE-2'))).toMatchObject(UNCLEAR);
});

test.each([
  ['BOB', 'approved'],
  ['ANNE', 'unknown'],
])('if the gateway names the subscriber %s, the lost payment of BOB is %s', async (named, kind) => {
  const simulator = await startSimulator();
  const naming = await startServer(async ({ TYPE }, body, response) => {
    const reply = (await forward(simulator, body)).toString('latin1');
    if (TYPE === '00053') response.socket?.destroy();
    else response.end(TYPE === '00017' ? reply.replace('REFABONNE=', `REFABONNE=${named}`) : reply, 'latin1');
  });
  const { subscribers } = clientOf(naming.url, { precheck: false });
  const { token = '' } = expectKind(await subscribers.register({ amount: eur(0), subscriber: 'BOB', card: CARD }), 'approved');
  const outcome = await subscribers.pay({ amount: eur(500), reference: 'FEE', subscriber: 'BOB', card: { token, expiry: CARD.expiry } });
  expect(outcome.kind).toBe(kind);
});

test.each([[undefined], [false], [true]])('an earlier capture is not mistaken for the lost one (precheck %s)', async (precheck) => {
  const gateway = await startDroppingGateway('00002');
  const client = clientOf(gateway.url, { precheck });
  const { transaction } = expectKind(await client.authorize(order('C-1')), 'approved');
  expectKind(await clientOf(gateway.url).capture({ amount: eur(100), transaction }), 'approved');
  gateway.isDropping = true;
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject(UNCLEAR);
});

test.each([[undefined], [false]])('an earlier refund is not mistaken for the lost one (precheck %s)', async (precheck) => {
  const gateway = await startDroppingGateway('00014');
  const client = clientOf(gateway.url, { precheck });
  const { transaction } = expectKind(await client.pay(order('C-2')), 'approved');
  expectKind(await clientOf(gateway.url).refund({ amount: eur(1000), transaction }), 'approved');
  gateway.isDropping = true;
  expect(await client.refund({ amount: eur(1000), transaction })).toMatchObject(UNCLEAR);
});

test('without precheck, a lost capture is unclear, and refused when it is sent again', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await startProxy(simulator, ({ TYPE }, nth) => TYPE === '00002' && nth === 2)).url, { precheck: false });
  const { transaction } = expectKind(await client.authorize(order('C-3')), 'approved');
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject(UNCLEAR);
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject({ kind: 'refused', code: '00015' });
});

test('of two concurrent captures whose replies are lost, one is approved', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await startProxy(simulator, ({ TYPE }) => TYPE === '00002')).url);
  const { transaction } = expectKind(await client.authorize(order('C-4')), 'approved');
  const outcomes = await Promise.all([
    client.capture({ amount: eur(100), transaction }),
    client.capture({ amount: eur(1000), transaction }),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['approved', 'unknown']);
});

test('with precheck, an earlier payment of the same amount and reference is not mistaken for the lost one', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('MONTHLY')), 'approved');
  const dropping = await startServer(async (received, body, response) => {
    if (received.TYPE === '00003') response.socket?.destroy();
    else response.end(await forward(simulator, body));
  });
  expect(await clientOf(dropping.url, { precheck: true }).pay(order('MONTHLY'))).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  const lossy = await startProxy(simulator, ({ TYPE }) => TYPE === '00003');
  const second = expectKind(await clientOf(lossy.url, { precheck: true }).pay(order('MONTHLY')), 'approved');
  expect(second.recovered).toBe(true);
  expect((await paymentsOf(simulator, 'MONTHLY'))[0]?.id).toBe(second.transaction.numtrans);
});

test('with precheck, a later call too distinguishes an earlier payment from the lost one', async () => {
  const simulator = await startSimulator();
  expectKind(await clientOf(simulator.url).pay(order('TWICE')), 'approved');
  let isDown = false;
  const lossy = await startProxy(simulator, ({ TYPE }) => {
    isDown ||= TYPE === '00003';
    return isDown;
  });
  const client = clientOf(lossy.url, { precheck: true });
  expect(await client.pay(order('TWICE'))).toMatchObject({ kind: 'unknown', reason: 'no-answer' });
  isDown = false;
  expect(expectKind(await client.pay(order('TWICE')), 'approved').recovered).toBe(true);
  expect(await paymentsOf(simulator, 'TWICE')).toHaveLength(2);
});

test('with precheck, a payment found by a retry in another process is unclear', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url, { precheck: true });
  expectKind(await client.pay(order('L-23')), 'approved');
  expect(await client.pay(order('L-23'), { retry: true })).toMatchObject({ kind: 'unknown', reason: 'unclear' });
  expect(expectKind(await client.pay(order('L-24'), { retry: true }), 'approved').recovered).toBe(false);
});

test('with precheck, an earlier capture is not mistaken for the lost one', async () => {
  const simulator = await startSimulator();
  const lossy = await startProxy(simulator, ({ TYPE }, nth) => TYPE === '00002' && nth > 3);
  const client = clientOf(lossy.url, { precheck: true });
  const { transaction } = expectKind(await clientOf(simulator.url).authorize(order('L-15')), 'approved');
  expectKind(await client.capture({ amount: eur(400), transaction }), 'approved');
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject({ kind: 'unknown', reason: 'unclear' });
});
