import { expect, test } from 'vitest';
import { magicCard } from '../../contracts/index.js';
import { numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { after, describeFindings } from './finding-cases.js';
import { follow, inquire, onSubscriber, order, register } from './orders.js';

const authorized = (bench: TestSimulator, more: Variables = {}) => order(bench, { TYPE: '00001', ...more });

const later = (bench: TestSimulator, by: string): TestSimulator => {
  bench.simulator.clock.advance(by);
  return bench;
};

const refund = (bench: TestSimulator, paid: Variables, MONTANT: string, more: Variables = {}) =>
  follow(bench, '00014', paid, MONTANT, more);

/** Pays 10.00 EUR and refunds 3.00 EUR of it. Returns the reply to the payment. */
async function refunded(bench: TestSimulator): Promise<Variables> {
  const paid = await order(bench);
  await refund(bench, paid, '300');
  return paid;
}

async function refundAgain(bench: TestSimulator, after: string): Promise<Variables> {
  const paid = await refunded(bench);
  return refund(later(bench, after), paid, '300');
}

describeFindings([
  [
    'numbers-swapped',
    'NUMAPPEL and NUMTRANS swapped',
    async (b) => {
      const { NUMTRANS = '', NUMAPPEL = '' } = await authorized(b);
      return follow(b, '00002', { NUMTRANS: NUMAPPEL, NUMAPPEL: NUMTRANS }, '1000');
    },
    async (b) => follow(b, '00002', { NUMTRANS: '1', NUMAPPEL: '2' }, '1000'),
  ],
  [
    'numbers-mixed',
    'numbers of two payments',
    async (b) => {
      const first = await authorized(b);
      return follow(b, '00002', { ...numbersOf(first), NUMAPPEL: (await authorized(b)).NUMAPPEL ?? '' }, '1000');
    },
    async (b) => follow(b, '00002', { NUMTRANS: '1', NUMAPPEL: (await authorized(b)).NUMAPPEL ?? '' }, '1000'),
  ],
  [
    'numbers-mixed',
    'not for numbers of two replies about one payment',
    async (b) => {
      const first = await authorized(b);
      return follow(b, '00002', { ...numbersOf(await authorized(b)), NUMAPPEL: first.NUMAPPEL ?? '' }, '500');
    },
    async (b) => {
      const first = await authorized(b);
      const changed = await follow(b, '00013', first, '600');
      const reply = await follow(b, '00002', { ...numbersOf(changed), NUMAPPEL: first.NUMAPPEL ?? '' }, '500');
      expect(reply.CODEREPONSE).toBe('00000');
      return reply;
    },
  ],
  [
    'currency-differs',
    'a capture in dollars',
    async (b) => follow(b, '00002', await authorized(b), '1000', { DEVISE: '840' }),
    async (b) => follow(b, '00002', await authorized(b, { DEVISE: '840' }), '1000', { DEVISE: '840' }),
  ],
  [
    'reference-differs',
    'a capture with another REFERENCE',
    async (b) => follow(b, '00002', await authorized(b), '1000', { REFERENCE: 'order-2' }),
    async (b) => follow(b, '00002', await authorized(b), '1000', { REFERENCE: 'order-1' }),
  ],
  ['paid-twice', 'the same order again', after(order, order), after(order, (b) => order(b, { REFERENCE: 'order-2' }))],
  [
    'paid-twice',
    'not if the first attempt was refused',
    after(authorized, order),
    after((b) => order(b, { PORTEUR: magicCard('00105') }), order),
  ],
  [
    'paid-twice',
    'not if the first payment was cancelled',
    after(order, order),
    after(async (b) => follow(b, '00005', await order(b), '1000'), order),
  ],
  ['paid-twice', 'not for another amount', after(order, order), after(order, (b) => order(b, { MONTANT: '1001' }))],
  [
    'credit-for-refund',
    'a credit with the REFERENCE of a payment',
    after(order, (b) => order(b, { TYPE: '00004', MONTANT: '400' })),
    after(authorized, (b) => order(b, { TYPE: '00004', MONTANT: '400' })),
  ],
  [
    'credit-for-refund',
    'a credit to a subscriber',
    async (b) => {
      const alice = onSubscriber(await register(b));
      await b.ask({ TYPE: '00053', ...alice });
      return b.ask({ TYPE: '00054', ...alice });
    },
    async (b) => b.ask({ TYPE: '00054', ...onSubscriber(await register(b)) }),
  ],
  [
    'refunded-twice',
    'the same refund again',
    async (b) => refund(b, await refunded(b), '300'),
    async (b) => refund(b, await refunded(b), '400'),
  ],
  ['refunded-twice', 'not after a minute', async (b) => refundAgain(b, 'PT59S'), async (b) => refundAgain(b, 'PT1M')],
  [
    'refunded-twice',
    'not if the second refund is refused',
    async (b) => refund(b, await refunded(b), '300'),
    async (b) => refund(b, await refunded(b), '300', { ERRORCODETEST: '00003' }),
  ],
  [
    'cancel-after-remittance',
    'a cancel the next day',
    async (b) => {
      const earlier = await order(b);
      return follow(later(b, 'P1D'), '00005', earlier, '1000', { DATEQ: '11062026' });
    },
    async (b) => {
      const earlier = await order(b);
      await follow(b, '00014', earlier, '1000');
      return follow(b, '00005', earlier, '1000');
    },
  ],
]);

test('ordinary questions about a payment and a subscriber make no findings', async () => {
  const bench = openTestSimulator();
  const first = await authorized(bench);
  const captured = await follow(bench, '00002', first, '800');
  await inquire(bench, captured);
  await bench.ask({ TYPE: '00011', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' });
  await follow(bench, '00014', captured, '300');
  await follow(bench, '00005', await order(bench, { REFERENCE: 'order-2' }), '1000');
  const registration = await register(bench, { REFERENCE: 'signup-1' });
  await bench.ask({ TYPE: '00053', ...onSubscriber(registration) });
  await bench.ask({ TYPE: '00058', REFABONNE: 'alice' });
  const entries = await bench.simulator.journal();
  expect(entries).toHaveLength(10);
  for (const { operation, CODEREPONSE, findings } of entries)
    expect({ operation, CODEREPONSE, findings }).toEqual({ operation, CODEREPONSE: '00000', findings: [] });
});
