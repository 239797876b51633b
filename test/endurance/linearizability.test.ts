import { expect } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { createSimulator } from '../../simulator/index.js';
import { STORAGES, type StorageKind } from '../simulator/storages.js';
import { CARD, HEAD, NOON, numbersOf, type Variables } from '../support/question.js';
import { campaign } from './campaign.js';
import { linearize, type Operation } from './linearize.js';
import { type PaymentQuestion, type PaymentReply, paymentObject } from './payment-object.js';
import { Random } from './random.js';

const AUTHORIZED = 1000;
/** Payments that are worked on at once. */
const PAYMENTS = 25;
/** Customers of one payment, and what each asks, one thing after the other. */
const CLIENTS = 4;
const QUESTIONS = 4;

const TYPES = { capture: '00002', cancel: '00005', changeAmount: '00013', refund: '00014', inquire: '00017' } as const;
const EUROS: Variables = { DEVISE: '978' };

function question(random: Random): PaymentQuestion {
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

type Ask = (variables: Variables) => Promise<Variables>;

function asker(url: string): Ask {
  let questions = 0;
  return async (variables) => {
    const form = { ...HEAD, ...EUROS, NUMQUESTION: String(++questions), ...variables };
    const response = await fetch(`${url}/PPPS.php`, { method: 'POST', body: encodeForm(Object.entries(form)) });
    return Object.fromEntries(decodeReply(new Uint8Array(await response.arrayBuffer())));
  };
}

/** Several clients at one payment; answers what they asked and were told. */
async function workOn(
  ask: Ask,
  tick: () => number,
  random: Random,
  REFERENCE: string,
): Promise<Operation<PaymentQuestion, PaymentReply>[]> {
  const authorization = await ask({ ...CARD, TYPE: '00001', MONTANT: String(AUTHORIZED), REFERENCE });
  expect(authorization.CODEREPONSE).toBe('00000');
  const history: Operation<PaymentQuestion, PaymentReply>[] = [];
  const client = async (): Promise<void> => {
    for (let n = 0; n < QUESTIONS; n++) {
      const asked = question(random);
      const from = tick();
      const reply = await ask({ TYPE: TYPES[asked.kind], MONTANT: String(asked.amount), ...numbersOf(authorization) });
      history.push({ asked, told: { code: reply.CODEREPONSE ?? '', STATUS: reply.STATUS }, from, to: tick() });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return history;
}

async function checkOn({ options }: StorageKind, histories: number, seed: number): Promise<string> {
  const random = new Random(seed);
  const simulator = createSimulator({ ...(await options()), clock: NOON });
  simulator.clock.set(NOON, true);
  const ask = asker(await simulator.listen());
  let now = 0;
  const codes = new Map<string, number>();
  try {
    for (let checked = 0; checked < histories; checked += PAYMENTS) {
      const works = Array.from({ length: Math.min(PAYMENTS, histories - checked) }, (_, n) =>
        workOn(ask, () => ++now, random, `order-${checked + n}`),
      );
      for (const history of await Promise.all(works)) {
        const order = linearize(history, paymentObject(AUTHORIZED));
        expect(order, `no order explains ${JSON.stringify(history)}`).toBeDefined();
        for (const { told } of history) codes.set(told.code, (codes.get(told.code) ?? 0) + 1);
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
      name: `concurrent histories over HTTP, kept in ${kind.storage}, have an order the model allows`,
      unit: 'payments',
      short: 50,
      long: 5000,
    },
    (histories, seed) => checkOn(kind, histories, seed),
  );
}
