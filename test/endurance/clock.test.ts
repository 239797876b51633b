import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { CARD, HEAD, numbersOf, type Variables } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { campaign } from './campaign.js';
import { makeDirectBench } from './direct-bench.js';
import { dateAfter, parisClock, parisInstant, remittanceAfter } from './paris.js';
import { Random } from './random.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ORDER: Variables = { ...CARD, MONTANT: '1000', DEVISE: '978', REFERENCE: 'order' };

/** Special days: of 23 and 25 hours, leap days, ends of the year. */
const SPECIAL_DAYS = [
  '2024-02-29',
  '2026-03-29',
  '2026-10-25',
  '2027-03-28',
  '2027-10-31',
  '2028-02-29',
  '2028-03-26',
  '2026-12-31',
  '2028-12-31',
  '2027-03-01',
];

/** Returns an instant near a special day, often at the very minute at which a day starts or its remittance takes place. */
function specialInstant(random: Random): number {
  const date = dateAfter(random.pick(SPECIAL_DAYS), random.between(-2, 2));
  const edge = parisInstant(date, random.pick(['00:00', '03:30', '01:59', '03:00'])) as number;
  return edge + random.pick([0, -1, 1, -MINUTE, MINUTE, random.between(-DAY, DAY)]);
}

const ask = (bench: TestSimulator, variables: Variables): Promise<Variables> => bench.ask({ DATEQ: '01012026', ...variables });

campaign(
  { name: 'however the clock jumps, each payment is remitted in its night', unit: 'jumps', short: 400, long: 40_000 },
  async (jumps, seed) => {
    const random = new Random(seed);
    const bench = makeDirectBench();
    const payments: { readonly numbers: Variables; readonly remittance: number }[] = [];
    let remitted = 0;
    for (let n = 0; n < jumps; n++) {
      const now = specialInstant(random);
      bench.simulator.clock.set(now, true);
      if (payments.length < 200) {
        const differe = random.pick([0, 0, 1, 2, 7, 30]);
        const reply = await ask(bench, { ...ORDER, TYPE: '00003', DIFFERE: String(differe) });
        payments.push({ numbers: numbersOf(reply), remittance: remittanceAfter(now, differe) });
      }
      const { numbers, remittance } = random.pick(payments);
      const at = random.onceIn(2) ? now : remittance + random.pick([-1, 0, 1]);
      bench.simulator.clock.set(at, true);
      const inquiry = await ask(bench, { TYPE: '00017', ...numbers });
      if ('REMISE' in inquiry !== remittance <= at) {
        expect.fail(`REMISE=${inquiry.REMISE} at ${JSON.stringify(parisClock(at))}, remitted at ${JSON.stringify(parisClock(remittance))}`);
      }
      if ('REMISE' in inquiry) remitted++;
    }
    await bench.simulator.close();
    return `${remitted} found remitted`;
  },
);

campaign(
  { name: 'however the clock jumps, a question number is accepted once per day in Paris', unit: 'numbers', short: 600, long: 60_000 },
  async (numbers, seed) => {
    const random = new Random(seed);
    const bench = makeDirectBench();
    const used = new Set<string>();
    let repeated = 0;
    for (let n = 0; n < numbers; n++) {
      const now = specialInstant(random);
      bench.simulator.clock.set(now, true);
      const NUMQUESTION = String(random.between(1, Math.max(4, numbers / 60)));
      const { CODEREPONSE } = await ask(bench, { ...ORDER, TYPE: '00001', NUMQUESTION });
      const key = `${parisClock(now).date} ${NUMQUESTION}`;
      if (CODEREPONSE !== (used.has(key) ? '00005' : '00000')) expect.fail(`${CODEREPONSE} at ${now} for ${key}`);
      if (used.has(key)) repeated++;
      used.add(key);
    }
    await bench.simulator.close();
    expect(repeated).toBeGreaterThan(0);
    return `${repeated} repeated`;
  },
);

campaign({ name: 'each day in Paris has one remittance', unit: 'nights', short: 400, long: 20_000 }, async (nights) => {
  const { simulator } = openTestSimulator();
  simulator.clock.set('2024-01-01T12:00', true);
  let date = '2024-01-01';
  for (let night = 0; night < nights; night++) {
    simulator.clock.remit();
    date = dateAfter(date, 1);
    const shown = parisClock(simulator.clock.now());
    if (shown.date !== date || shown.time !== '03:30:00') expect.fail(`${JSON.stringify(shown)} instead of ${date} 03:30`);
  }
  await simulator.close();
  return `until ${date}`;
});

campaign(
  { name: 'advancing the clock by a year in one step gives the same state as in 365 steps', unit: 'years', short: 2, long: 60 },
  async (years, seed) => {
    const random = new Random(seed);
    for (let n = 0; n < years; n++) {
      const start = parisInstant(dateAfter('2024-01-01', random.below(1500)), '12:00') as number;
      const orders = Array.from({ length: 20 }, (_, order) => ({
        TYPE: random.pick(['00001', '00003', '00003', '00004', '00012']),
        DIFFERE: String(random.pick([0, 1, 100, 364, 365, 366])),
        REFERENCE: `order-${order}`,
      }));
      const stateAfter = async (steps: readonly string[]): Promise<unknown> => {
        const bench = openTestSimulator();
        bench.simulator.clock.set(start, true);
        for (const order of orders) {
          const reply = await ask(bench, { ...ORDER, ...order });
          if (order.TYPE === '00003') await ask(bench, { TYPE: '00014', MONTANT: '300', DEVISE: '978', ...numbersOf(reply) });
        }
        for (const by of steps) bench.simulator.clock.advance(by);
        const { body } = await bench.control('GET', '/payments');
        const inquiries = [];
        for (const { id } of body.payments) inquiries.push(await ask(bench, { TYPE: '00017', NUMTRANS: id }));
        const { now } = bench.simulator.clock.state();
        await bench.simulator.close();
        return { payments: body.payments, inquiries, now };
      };
      const inOneStep = await stateAfter(['P365D']);
      expect(await stateAfter(Array.from({ length: 365 }, () => 'P1D'))).toEqual(inOneStep);
      expect(JSON.stringify(inOneStep)).toContain('"REMISE"');
    }
    return `${years * 20} payments`;
  },
);

describe('an authorization ends after seven days in Paris, at the same local time', () => {
  test.each([
    ['2026-03-22T02:30', '2026-03-29', '03:30', 'a local time that does not exist counts as one hour later'],
    ['2026-10-18T02:30', '2026-10-25', '02:30', 'of a local time that exists twice, the first one counts'],
    ['2026-03-25T12:00', '2026-04-01', '12:00', 'a week of 167 hours'],
    ['2026-10-21T12:00', '2026-10-28', '12:00', 'a week of 169 hours'],
    ['2028-02-29T12:00', '2028-03-07', '12:00', 'from a leap day'],
    ['2028-02-22T12:00', '2028-02-29', '12:00', 'to a leap day'],
    ['2027-02-22T12:00', '2027-03-01', '12:00', 'over the end of a February without one'],
  ])('%s until %s %s: %s', async (from, date, time) => {
    const end = parisInstant(date, time) as number;
    for (const [at, code] of [
      [end - 1, '00000'],
      [end, '00015'],
    ] as const) {
      const bench = openTestSimulator();
      bench.simulator.clock.set(from, true);
      const authorization = await ask(bench, { ...ORDER, TYPE: '00001' });
      bench.simulator.clock.set(at, true);
      expect((await ask(bench, { TYPE: '00002', MONTANT: '1000', DEVISE: '978', ...numbersOf(authorization) })).CODEREPONSE).toBe(code);
      await bench.simulator.close();
    }
  });
});

describe('a clock that jumps while a question is in progress', () => {
  test.each(['memory', 'SQLite'])(
    'does not change the time of the question: all that it writes has the same time (%s)',
    async (storage) => {
      const bench = openTestSimulator(storage === 'memory' ? {} : { db: join(await tempFolder(), 'state.db') });
      const { gateway, clock } = bench.simulator;
      for (const [n, by] of ['P1D', '-P2D', 'PT12H', 'P1Y'].entries()) {
        const NUMQUESTION = String(500 + n);
        const body = encodeForm(Object.entries({ ...HEAD, ...ORDER, TYPE: '00003', NUMQUESTION }));
        const answering = gateway.answer({ body });
        clock.advance(by);
        const { entry, reply } = await answering;
        const payment = await gateway.payment(reply.NUMTRANS ?? '');
        expect(payment?.transactions[0].at).toBe(entry.at);
        clock.set(entry.at, true);
        expect((await bench.ask({ ...ORDER, TYPE: '00003', NUMQUESTION })).CODEREPONSE).toBe('00005');
      }
      await bench.simulator.close();
    },
  );
});
