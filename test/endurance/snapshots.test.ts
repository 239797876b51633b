import { expect, onTestFinished } from 'vitest';
import { benchOn, PAY, STORAGES } from '../simulator/storages.js';
import { CARD, type Variables } from '../support/question.js';
import type { TestSimulator } from '../support/test-simulator.js';
import { campaign } from './campaign.js';
import { Random } from './random.js';

/** Returns a random question: a new payment, a later operation on one of the newest, a subscriber, or a repeated question number. */
async function question({ simulator }: TestSimulator, random: Random, n: number): Promise<Variables> {
  const common = { MONTANT: '100', DEVISE: '978' };
  const payments = await simulator.gateway.payments({ limit: 50 });
  const payment = payments[random.below(payments.length)];
  const numbers = { NUMTRANS: payment?.id ?? '', NUMAPPEL: payment?.transactions[0].NUMAPPEL ?? '' };
  const kinds: readonly Variables[] = [
    { ...PAY, TYPE: random.onceIn(2) ? '00001' : '00003', REFERENCE: `order-${n}` },
    { ...common, ...numbers, TYPE: random.onceIn(2) ? '00002' : '00014' },
    { ...CARD, ...common, TYPE: random.onceIn(3) ? '00058' : '00056', REFABONNE: `subscriber-${random.below(20)}` },
    { ...PAY, TYPE: '00001', NUMQUESTION: String(random.between(1, n)) },
  ];
  return kinds[random.below(kinds.length)] as Variables;
}

/** Snapshots between two resets: the longer a snapshot, the more questions are asked while it is read, and the longer the next one. */
const SNAPSHOTS_PER_RESET = 20;

for (const kind of STORAGES) {
  campaign(
    {
      name: `snapshots of ${kind.storage} that are read while questions are answered show one instant`,
      unit: 'snapshots',
      short: 4,
      long: 300,
    },
    async (count, seed) => {
      const random = new Random(seed);
      const bench = await benchOn(kind);
      let asked = 0;
      const ask = async (times: number): Promise<void> => {
        for (let i = 0; i < times; i++) await bench.ask(await question(bench, random, ++asked));
      };
      for (let n = 0; n < count; n++) {
        if (n % SNAPSHOTS_PER_RESET === 0) {
          await bench.simulator.gateway.reset();
          await ask(150);
        }
        const before = await bench.simulator.gateway.snapshot();
        const pieces = bench.simulator.gateway.snapshotText();
        onTestFinished(() => void pieces.return());
        let text = '';
        for await (const piece of pieces) {
          text += piece;
          await ask(random.between(1, 4));
        }
        expect(JSON.parse(text)).toEqual(before);
        await ask(3);
      }
      return `${asked} questions`;
    },
  );
}
