import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SimulatorOptions } from '../../simulator/index.js';
import { NOON, numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { SHARED_STORAGES } from './storages.js';

/** One action on a gateway. `replies` are the replies to the earlier questions. */
type GatewayAction = (bench: TestSimulator, replies: readonly Variables[]) => Promise<Variables | string>;

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
const withNumber = (NUMQUESTION: string | undefined): Variables => (NUMQUESTION === undefined ? {} : { NUMQUESTION });

const opening: fc.Arbitrary<GatewayAction> = fc
  .record({
    TYPE: fc.constantFrom('00001', '00003', '00004', '00012', '00056', '00057'),
    MONTANT: amount,
    REFERENCE: reference,
    REFABONNE: refabonne,
    PORTEUR: card,
    RANG: rang,
    NUMQUESTION: number,
  })
  .map(({ NUMQUESTION, ...variables }): GatewayAction => {
    const question = { ...variables, DEVISE: '978', DATEVAL: '1299', PAYS: '', TYPECARTE: '', 'SHA-1': '' };
    return (bench) => bench.ask({ ...question, ...withNumber(NUMQUESTION) });
  });

const following: fc.Arbitrary<GatewayAction> = fc
  .record({
    TYPE: fc.constantFrom('00002', '00005', '00013', '00014', '00017', '00052', '00055'),
    MONTANT: amount,
    REFABONNE: refabonne,
    RANG: rang,
    which: fc.nat(),
    confused: fc.constantFrom('no', 'no', 'swapped', 'mixed'),
    NUMQUESTION: number,
  })
  .map(({ which, confused, NUMQUESTION, ...variables }): GatewayAction => {
    return (bench, replies) => {
      const { NUMTRANS = '1', NUMAPPEL = '1' } = numbersOf(replies[which % Math.max(1, replies.length)] ?? {});
      const numbers = confused === 'swapped' ? { NUMTRANS: NUMAPPEL, NUMAPPEL: NUMTRANS } : { NUMTRANS, NUMAPPEL };
      const named = confused === 'mixed' ? { ...numbers, NUMAPPEL: '50000001' } : numbers;
      return bench.ask({ ...variables, DEVISE: '978', ...named, ...withNumber(NUMQUESTION) });
    };
  });

const onSubscriber: fc.Arbitrary<GatewayAction> = fc
  .record({ TYPE: fc.constantFrom('00051', '00053', '00054', '00058', '00061'), MONTANT: amount, REFABONNE: refabonne, which: fc.nat() })
  .map(({ which, ...variables }): GatewayAction => {
    return (bench, replies) => {
      const tokens = replies.flatMap(({ PORTEUR = '' }) => (PORTEUR === '' ? [] : [PORTEUR]));
      const PORTEUR = tokens[which % Math.max(1, tokens.length)] ?? 'AbCdEfGhIjK';
      return bench.ask({ ...variables, PORTEUR, DEVISE: '978', DATEVAL: '1299', REFERENCE: 'renewal' });
    };
  });

const looking: fc.Arbitrary<GatewayAction> = fc.record({ MONTANT: amount, REFERENCE: reference, RANG: rang }).map(
  (variables): GatewayAction =>
    (bench) =>
      bench.ask({ ...variables, TYPE: '00011', DEVISE: '978' }),
);

const importing: fc.Arbitrary<GatewayAction> = fc
  .record({
    ahead: fc.integer({ min: -5, max: 15 }),
    callAhead: fc.integer({ min: -5, max: 15 }),
    status: fc.constantFrom('authorized', 'captured'),
    REFERENCE: reference,
  })
  .map(({ ahead, callAhead, ...payment }): GatewayAction => {
    const input = {
      ...payment,
      SITE: '1999888',
      RANG: '32',
      NUMTRANS: String(1_000_001 + ahead),
      NUMAPPEL: String(50_000_001 + callAhead),
      MONTANT: 1000,
      DEVISE: '978',
    };
    return async (bench) => JSON.stringify((await bench.control('POST', '/payments', input)).body);
  });

const waiting: fc.Arbitrary<GatewayAction> = fc.constantFrom('PT6H', 'P1D', 'P8D').map(
  (by): GatewayAction =>
    async (bench) =>
      (await bench.control('POST', '/clock/advance', { by })).body.now,
);

const actionLists = fc.array(
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

async function runActions(options: SimulatorOptions, actions: readonly GatewayAction[]): Promise<unknown> {
  const bench = benchAtNoon(options);
  try {
    const results: (Variables | string)[] = [];
    const replies: Variables[] = [];
    for (const action of actions) {
      const result = await action(bench, replies);
      results.push(result);
      if (typeof result !== 'string') replies.push(result);
    }
    const { content, ...rest } = await bench.simulator.gateway.snapshot();
    const sets = { questions: content.questions.map(String).sort(), cards: content.cards.map(String).sort() };
    const payments = [...content.payments].sort((a, b) => (a.id < b.id ? -1 : 1));
    return { results, listed: (await bench.control('GET', '/payments')).body, ...rest, content: { ...content, ...sets, payments } };
  } finally {
    await bench.simulator.close();
  }
}

const TIMEOUT = 120_000;

// Creating a PostgreSQL database for each run is slow.
const runs = (storage: string, count: number): number => (storage === 'PostgreSQL' ? Math.ceil(count / 3) : count);

test.each(SHARED_STORAGES)(
  'the same actions give the same replies and the same state in memory and in $storage',
  { timeout: TIMEOUT },
  async ({ storage, options }) => {
    await fc.assert(
      fc.asyncProperty(actionLists, async (actions) => {
        expect(await runActions(await options(), actions)).toEqual(await runActions({}, actions));
      }),
      { numRuns: runs(storage, 20) },
    );
  },
);

test.each(SHARED_STORAGES)(
  'a $storage that is reopened for each question, while another simulator has it open, answers like one that stays open',
  { timeout: TIMEOUT },
  async ({ storage, options: emptyStorage }) => {
    const reopening = (actions: readonly GatewayAction[], options: SimulatorOptions): GatewayAction[] =>
      actions.map((action) => async (_, replies) => {
        const bench = benchAtNoon(options);
        try {
          return await action(bench, replies);
        } finally {
          await bench.simulator.close();
        }
      });
    const withoutClock = fc.array(fc.oneof(opening, following, onSubscriber, looking, importing), {
      minLength: 3,
      maxLength: 12,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(withoutClock, async (actions) => {
        const options = await emptyStorage();
        const numbered = actions.map(
          (action, n): GatewayAction =>
            (bench, replies) =>
              action({ ...bench, ask: (variables) => bench.ask({ NUMQUESTION: String(100 + n), ...variables }) }, replies),
        );
        expect(await runActions(options, reopening(numbered, options))).toEqual(await runActions({}, numbered));
      }),
      { numRuns: runs(storage, 8) },
    );
  },
);
