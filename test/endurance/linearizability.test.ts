import { expect } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { STORAGES, type StorageKind } from '../simulator/storages.js';
import { CARD, HEAD, NOON, numbersOf, type Variables } from '../support/question.js';
import { campaign } from './campaign.js';
import { linearize, type TimedCall } from './linearize.js';
import { type PaymentQuestion, type PaymentReply, paymentObject } from './payment-object.js';
import { Random } from './random.js';

const AUTHORIZED = 1000;
/** Payments that are tested at the same time. */
const PAYMENTS = 25;
/** Clients of one payment, and questions that each of them sends, one after the other. */
const CLIENTS = 4;
const QUESTIONS = 4;

const TYPES = { capture: '00002', cancel: '00005', changeAmount: '00013', refund: '00014', inquire: '00017' } as const;
const EUROS: Variables = { DEVISE: '978' };

function randomQuestion(random: Random): PaymentQuestion {
  const kind = random.pick(['capture', 'capture', 'cancel', 'changeAmount', 'refund', 'refund', 'refund', 'inquire', 'inquire'] as const);
  const amounts = {
    capture: [1000, 1000, 700, 500],
    cancel: [1000, 700, 500],
    changeAmount: [700, 500, 1001],
    refund: [300, 250, 500],
    inquire: [0],
  };
  return { kind, amount: random.pick(amounts[kind]) };
}

type SendQuestion = (variables: Variables) => Promise<Variables>;

function makeClient(url: string): SendQuestion {
  let questions = 0;
  return async (variables) => {
    const form = { ...HEAD, ...EUROS, NUMQUESTION: String(++questions), ...variables };
    const response = await fetch(`${url}/PPPS.php`, { method: 'POST', body: encodeForm(Object.entries(form)) });
    return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
  };
}

/** Lets several clients change one payment at the same time. Returns the history of their questions. */
async function recordHistory(
  ask: SendQuestion,
  tick: () => number,
  random: Random,
  REFERENCE: string,
): Promise<TimedCall<PaymentQuestion, PaymentReply>[]> {
  const authorization = await ask({ ...CARD, TYPE: '00001', MONTANT: String(AUTHORIZED), REFERENCE });
  expect(authorization.CODEREPONSE).toBe('00000');
  const history: TimedCall<PaymentQuestion, PaymentReply>[] = [];
  const client = async (): Promise<void> => {
    for (let n = 0; n < QUESTIONS; n++) {
      const input = randomQuestion(random);
      const from = tick();
      const reply = await ask({ TYPE: TYPES[input.kind], MONTANT: String(input.amount), ...numbersOf(authorization) });
      history.push({ input, output: { code: reply.CODEREPONSE ?? '', STATUS: reply.STATUS }, from, to: tick() });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return history;
}

async function checkOn({ options }: StorageKind, histories: number, seed: number): Promise<string> {
  const random = new Random(seed);
  const simulator = createSimulator({ ...(await options()), clock: NOON });
  simulator.clock.set(NOON, true);
  const ask = makeClient(await simulator.listen());
  let time = 0;
  const codes = new Map<string, number>();
  try {
    for (let checked = 0; checked < histories; checked += PAYMENTS) {
      const recordings = Array.from({ length: Math.min(PAYMENTS, histories - checked) }, (_, n) =>
        recordHistory(ask, () => ++time, random, `order-${checked + n}`),
      );
      for (const history of await Promise.all(recordings)) {
        const order = linearize(history, paymentObject(AUTHORIZED));
        expect(order, `not linearizable: ${JSON.stringify(history)}`).toBeDefined();
        for (const { output } of history) codes.set(output.code, (codes.get(output.code) ?? 0) + 1);
      }
    }
  } finally {
    await simulator.close();
  }
  expect([...codes.keys()].sort()).toEqual(['00000', '00011', '00015']);
  return [...codes].map(([code, times]) => `${times} × ${code}`).join(', ');
}

for (const kind of STORAGES) {
  campaign(
    {
      name: `concurrent histories over HTTP, stored in ${kind.storage}, are linearizable`,
      unit: 'payments',
      short: 50,
      long: 5000,
    },
    (histories, seed) => checkOn(kind, histories, seed),
  );
}
