import { expect, test } from 'vitest';
import { minorUnits } from '../../client/index.js';
import { CARD, clientOf, expectKind, order, passOn, paymentsOf, proxy, type Stage, stage, startSimulator } from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');
const UNCLEAR = { kind: 'unknown', reason: 'unclear' };

/** A gateway that the questions of some TYPEs never reach while it is deaf. */
async function deafTo(...types: string[]): Promise<Stage & { deaf: boolean; simulator: Awaited<ReturnType<typeof startSimulator>> }> {
  const simulator = await startSimulator();
  const hearing = { deaf: false };
  const {
    url,
    asked,
    types: askedTypes,
  } = await stage(async (question, body, response) => {
    if (hearing.deaf && types.includes(question.TYPE ?? '')) response.socket?.destroy();
    else response.end(await passOn(simulator, body));
  });
  return Object.assign(hearing, { url, asked, types: askedTypes, simulator });
}

test.each([[undefined], [false]])(
  'a payment that was reported approved is not found again for a later one (precheck %s)',
  async (precheck) => {
    const gateway = await deafTo('00003');
    const client = clientOf(gateway.url, { precheck });
    expectKind(await client.pay(order('DUES')), 'approved');
    gateway.deaf = true;
    expect(await client.pay(order('DUES'))).toMatchObject(UNCLEAR);
    gateway.deaf = false;
    expect(await client.pay(order('DUES'))).toMatchObject(UNCLEAR);
    expect(await paymentsOf(gateway.simulator, 'DUES')).toHaveLength(1);
  },
);

test('a payment that was recovered is not recovered twice', async () => {
  const gateway = await deafTo('00003');
  const lossy = await proxy(gateway.simulator, ({ TYPE }, nth) => TYPE === '00003' && nth === 1);
  const client = clientOf(lossy.url, {
    fetch: ((input, init) => globalThis.fetch(gateway.deaf ? gateway.url : input, init)) as typeof fetch,
  });
  expect(expectKind(await client.pay(order('DUES-2')), 'approved').recovered).toBe(true);
  gateway.deaf = true;
  expect(await client.pay(order('DUES-2'))).toMatchObject(UNCLEAR);
});

test('a later payment of the same order whose reply alone is lost is found', async () => {
  const simulator = await startSimulator();
  const lossy = await proxy(simulator, ({ TYPE }, nth) => TYPE === '00003' && nth > 1);
  const client = clientOf(lossy.url);
  const first = expectKind(await client.pay(order('DUES-3')), 'approved');
  const second = expectKind(await client.pay(order('DUES-3')), 'approved');
  expect(second.recovered).toBe(true);
  expect(second.transaction).not.toEqual(first.transaction);
});

test('a captured authorization of the same order is not taken for a lost payment', async () => {
  const gateway = await deafTo('00003');
  const client = clientOf(gateway.url);
  const { transaction } = expectKind(await client.authorize(order('O-1')), 'approved');
  expectKind(await client.capture({ amount: eur(1000), transaction }), 'approved');
  gateway.deaf = true;
  expect(await client.pay(order('O-1'))).toMatchObject(UNCLEAR);
});

test.each([[undefined], [false], [true]])("one subscriber's payment is not taken for another's (precheck %s)", async (precheck) => {
  const gateway = await deafTo('00053');
  const register = async (subscriber: string) => {
    const { token = '' } = expectKind(
      await clientOf(gateway.url).subscribers.register({ amount: eur(0), subscriber, card: CARD }),
      'approved',
    );
    return { amount: eur(500), reference: 'RENT', subscriber, card: { token, expiry: CARD.expiry } };
  };
  const [anne, bob] = [await register('ANNE'), await register('BOB')];
  expectKind(await clientOf(gateway.url).subscribers.pay(anne), 'approved');
  gateway.deaf = true;
  expect(await clientOf(gateway.url, { precheck }).subscribers.pay(bob)).toMatchObject(UNCLEAR);
  expect(await clientOf(gateway.url, { precheck }).subscribers.pay(bob, { retry: true })).toMatchObject(UNCLEAR);
});

test("a subscriber's payment is not taken for a lost one by card, where the gateway names the subscriber", async () => {
  const simulator = await startSimulator();
  const telling = await stage(async ({ TYPE }, body, response) => {
    const reply = (await passOn(simulator, body)).toString('latin1');
    if (TYPE === '00003') response.socket?.destroy();
    else response.end(TYPE === '00017' ? reply.replace('REFABONNE=', 'REFABONNE=BOB') : reply, 'latin1');
  });
  expect(await clientOf(telling.url).pay(order('FEE-2'))).toMatchObject(UNCLEAR);
});

test.each([
  ['BOB', 'approved'],
  ['ANNE', 'unknown'],
])('where the gateway names the subscriber %s, the lost payment of BOB is %s', async (named, kind) => {
  const simulator = await startSimulator();
  const telling = await stage(async ({ TYPE }, body, response) => {
    const reply = (await passOn(simulator, body)).toString('latin1');
    if (TYPE === '00053') response.socket?.destroy();
    else response.end(TYPE === '00017' ? reply.replace('REFABONNE=', `REFABONNE=${named}`) : reply, 'latin1');
  });
  const { subscribers } = clientOf(telling.url, { precheck: false });
  const { token = '' } = expectKind(await subscribers.register({ amount: eur(0), subscriber: 'BOB', card: CARD }), 'approved');
  const outcome = await subscribers.pay({ amount: eur(500), reference: 'FEE', subscriber: 'BOB', card: { token, expiry: CARD.expiry } });
  expect(outcome.kind).toBe(kind);
});

test.each([[undefined], [false], [true]])('a capture made before is not taken for the lost one (precheck %s)', async (precheck) => {
  const gateway = await deafTo('00002');
  const client = clientOf(gateway.url, { precheck });
  const { transaction } = expectKind(await client.authorize(order('C-1')), 'approved');
  expectKind(await clientOf(gateway.url).capture({ amount: eur(100), transaction }), 'approved');
  gateway.deaf = true;
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject(UNCLEAR);
});

test.each([[undefined], [false]])('a refund made before is not taken for the lost one (precheck %s)', async (precheck) => {
  const gateway = await deafTo('00014');
  const client = clientOf(gateway.url, { precheck });
  const { transaction } = expectKind(await client.pay(order('C-2')), 'approved');
  expectKind(await clientOf(gateway.url).refund({ amount: eur(1000), transaction }), 'approved');
  gateway.deaf = true;
  expect(await client.refund({ amount: eur(1000), transaction })).toMatchObject(UNCLEAR);
});

test('without a look before, a lost capture is unclear, and refused when it is sent again', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await proxy(simulator, ({ TYPE }, nth) => TYPE === '00002' && nth === 2)).url, { precheck: false });
  const { transaction } = expectKind(await client.authorize(order('C-3')), 'approved');
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject(UNCLEAR);
  expect(await client.capture({ amount: eur(1000), transaction })).toMatchObject({ kind: 'refused', code: '00015' });
});

test('of two captures at the same time whose replies are lost, one was carried out', async () => {
  const simulator = await startSimulator();
  const client = clientOf((await proxy(simulator, ({ TYPE }) => TYPE === '00002')).url);
  const { transaction } = expectKind(await client.authorize(order('C-4')), 'approved');
  const outcomes = await Promise.all([
    client.capture({ amount: eur(100), transaction }),
    client.capture({ amount: eur(1000), transaction }),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['approved', 'unknown']);
});
