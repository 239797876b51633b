import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SimulatorOptions } from '../../simulator/index.js';
import { NOON, numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { SHARED_STORAGES } from './storages.js';

/** One thing done to a gateway; `replies` are those of the questions before. */
type Step = (bench: TestSimulator, replies: readonly Variables[]) => Promise<Variables | string>;

const SETTINGS: SimulatorOptions = { accounts: [{ SITE: '1999888', RANG: '99', oneCardADay: true, questionNumbers: 'per-day' }] };

const amount = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((euros) => String(euros * 500)),
  fc.constant('9900105'),
);
const reference = fc.constantFrom('a', 'b', 'été & co', 'two\nlines', '0000000001');
const refabonne = fc.constantFrom('alice', 'bob', 'été');
const card = fc.constantFrom('1111222233334444', '5555555555554444', '4012001037141112', '1111222233334445');
const rang = fc.constantFrom('32', '032', '99');
const number = fc.option(fc.constantFrom('70', '71'), { nil: undefined });
const asked = (NUMQUESTION: string | undefined): Variables => (NUMQUESTION === undefined ? {} : { NUMQUESTION });

const opening: fc.Arbitrary<Step> = fc
  .record({
    TYPE: fc.constantFrom('00001', '00003', '00004', '00012', '00056', '00057'),
    MONTANT: amount,
    REFERENCE: reference,
    REFABONNE: refabonne,
    PORTEUR: card,
    RANG: rang,
    NUMQUESTION: number,
  })
  .map(({ NUMQUESTION, ...variables }): Step => {
    const question = { ...variables, DEVISE: '978', DATEVAL: '1299', PAYS: '', TYPECARTE: '', 'SHA-1': '' };
    return (bench) => bench.ask({ ...question, ...asked(NUMQUESTION) });
  });

const following: fc.Arbitrary<Step> = fc
  .record({
    TYPE: fc.constantFrom('00002', '00005', '00013', '00014', '00017', '00052', '00055'),
    MONTANT: amount,
    REFABONNE: refabonne,
    RANG: rang,
    which: fc.nat(),
    confused: fc.constantFrom('no', 'no', 'swapped', 'mixed'),
    NUMQUESTION: number,
  })
  .map(({ which, confused, NUMQUESTION, ...variables }): Step => {
    return (bench, replies) => {
      const { NUMTRANS = '1', NUMAPPEL = '1' } = numbersOf(replies[which % Math.max(1, replies.length)] ?? {});
      const numbers = confused === 'swapped' ? { NUMTRANS: NUMAPPEL, NUMAPPEL: NUMTRANS } : { NUMTRANS, NUMAPPEL };
      const named = confused === 'mixed' ? { ...numbers, NUMAPPEL: '50000001' } : numbers;
      return bench.ask({ ...variables, DEVISE: '978', ...named, ...asked(NUMQUESTION) });
    };
  });

const onSubscriber: fc.Arbitrary<Step> = fc
  .record({ TYPE: fc.constantFrom('00051', '00053', '00054', '00058', '00061'), MONTANT: amount, REFABONNE: refabonne, which: fc.nat() })
  .map(({ which, ...variables }): Step => {
    return (bench, replies) => {
      const tokens = replies.flatMap(({ PORTEUR = '' }) => (PORTEUR === '' ? [] : [PORTEUR]));
      const PORTEUR = tokens[which % Math.max(1, tokens.length)] ?? 'AbCdEfGhIjK';
      return bench.ask({ ...variables, PORTEUR, DEVISE: '978', DATEVAL: '1299', REFERENCE: 'renewal' });
    };
  });

const looking: fc.Arbitrary<Step> = fc.record({ MONTANT: amount, REFERENCE: reference, RANG: rang }).map(
  (variables): Step =>
    (bench) =>
      bench.ask({ ...variables, TYPE: '00011', DEVISE: '978' }),
);

const importing: fc.Arbitrary<Step> = fc
  .record({ ahead: fc.integer({ min: -5, max: 15 }), status: fc.constantFrom('authorized', 'captured'), REFERENCE: reference })
  .map(({ ahead, ...payment }): Step => {
    const input = {
      ...payment,
      SITE: '1999888',
      RANG: '32',
      NUMTRANS: String(1_000_001 + ahead),
      NUMAPPEL: '9',
      MONTANT: 1000,
      DEVISE: '978',
    };
    return async (bench) => JSON.stringify((await bench.control('POST', '/payments', input)).body);
  });

const waiting: fc.Arbitrary<Step> = fc.constantFrom('PT6H', 'P1D', 'P8D').map(
  (by): Step =>
    async (bench) =>
      (await bench.control('POST', '/clock/advance', { by })).body.now,
);

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: opening },
    { weight: 5, arbitrary: following },
    { weight: 3, arbitrary: onSubscriber },
    { weight: 2, arbitrary: looking },
    { weight: 1, arbitrary: importing },
    { weight: 1, arbitrary: waiting },
  ),
  { minLength: 5, maxLength: 30, size: 'max' },
);

function benchAtNoon(options: SimulatorOptions): TestSimulator {
  const bench = openTestSimulator({ ...SETTINGS, ...options });
  bench.simulator.clock.set(NOON, true);
  return bench;
}

async function live(options: SimulatorOptions, life: readonly Step[]): Promise<unknown> {
  const bench = benchAtNoon(options);
  try {
    const seen: (Variables | string)[] = [];
    const replies: Variables[] = [];
    for (const step of life) {
      const answer = await step(bench, replies);
      seen.push(answer);
      if (typeof answer !== 'string') replies.push(answer);
    }
    const { content, ...rest } = await bench.simulator.gateway.snapshot();
    const sets = { questions: content.questions.map(String).sort(), cards: content.cards.map(String).sort() };
    const payments = [...content.payments].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { seen, listed: (await bench.control('GET', '/payments')).body, ...rest, content: { ...content, ...sets, payments } };
  } finally {
    await bench.simulator.close();
  }
}

const TIMEOUT = 120_000;

// A database of its own for each life takes a while.
const runs = (storage: string, count: number): number => (storage === 'PostgreSQL' ? Math.ceil(count / 3) : count);

test.each(SHARED_STORAGES)(
  'the same life leaves the same replies and the same state in memory and in $storage',
  { timeout: TIMEOUT },
  async ({ storage, options }) => {
    await fc.assert(
      fc.asyncProperty(steps, async (life) => {
        expect(await live(await options(), life)).toEqual(await live({}, life));
      }),
      { numRuns: runs(storage, 40) },
    );
  },
);

test.each(SHARED_STORAGES)(
  '$storage opened anew for every question, beside a simulator that holds it open, answers like one that stays open',
  { timeout: TIMEOUT },
  async ({ storage, options: fresh }) => {
    const reopening = (life: readonly Step[], options: SimulatorOptions): Step[] =>
      life.map((step) => async (_, replies) => {
        const bench = benchAtNoon(options);
        try {
          return await step(bench, replies);
        } finally {
          await bench.simulator.close();
        }
      });
    const timeless = fc.array(fc.oneof(opening, following, onSubscriber, looking, importing), { minLength: 3, maxLength: 12, size: 'max' });
    await fc.assert(
      fc.asyncProperty(timeless, async (life) => {
        const options = await fresh();
        const numbered = life.map(
          (step, n): Step =>
            (bench, replies) =>
              step({ ...bench, ask: (asking) => bench.ask({ NUMQUESTION: String(100 + n), ...asking }) }, replies),
        );
        expect(await live(options, reopening(numbered, options))).toEqual(await live({}, numbered));
      }),
      { numRuns: runs(storage, 15) },
    );
  },
);
