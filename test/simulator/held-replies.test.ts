import { afterEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../simulator/engine/fault.js';
import { CARD } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

const PAY = { ...CARD, TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1' };

let bench: TestSimulator;

afterEach(() => bench.simulator.close());

function serve(fault: Fault): void {
  bench = openTestSimulator();
  bench.simulator.gateway.rules.add({ fault, times: 1 });
}

/** Asks, and notes when the reply arrives. */
async function note(order: string[], name: string): Promise<void> {
  await bench.ask({ ...PAY, REFERENCE: name });
  order.push(name);
}

describe('a rule that holds the reply', () => {
  test('sends it after as many further questions as it says', async () => {
    serve({ hold: 2 });
    const order: string[] = [];
    const held = note(order, 'first');
    await note(order, 'second');
    expect(await bench.simulator.gateway.payments()).toHaveLength(2);
    await Promise.all([held, note(order, 'third')]);
    expect(order[0]).toBe('second');
    expect(order).toContain('first');
  });

  test('sends it when the control API says so', async () => {
    serve({ hold: 1000 });
    const order: string[] = [];
    const held = note(order, 'first');
    await note(order, 'second');
    expect(order).toEqual(['second']);
    expect(await bench.control('POST', '/release')).toMatchObject({ status: 204 });
    await held;
    expect(order).toEqual(['second', 'first']);
  });

  test('sends it when the control API names its rule', async () => {
    bench = openTestSimulator();
    for (const from of [1, 2]) bench.simulator.gateway.rules.add({ id: `hold-${from}`, from, times: 1, fault: { hold: 1000 } });
    const order: string[] = [];
    const held = [note(order, 'first'), note(order, 'second')];
    await note(order, 'third');
    await bench.control('POST', '/release', { rule: 'hold-2' });
    await held[1];
    expect(order).toEqual(['third', 'second']);
    await bench.control('POST', '/release', { rule: 'hold-1' });
    await Promise.all(held);
  });

  test('sends it when the simulator closes', async () => {
    serve({ hold: 1000 });
    const held = note([], 'first');
    await note([], 'second');
    await bench.simulator.close();
    await held;
  });
});

describe('a rule that moves the clock', () => {
  test.each([
    ['remit', '2026-06-11T03:30:00.000+02:00'],
    ['midnight', '2026-06-11T00:00:00.000+02:00'],
    ['P1D', '2026-06-11T12:00:00.000+02:00'],
  ])('%s: moves it after the question and before the reply', async (clock, now) => {
    serve({ clock });
    await bench.ask(PAY);
    expect(bench.simulator.clock.state().now).toBe(now);
    const [entry] = await bench.simulator.journal();
    expect(new Date(entry?.at ?? 0).toISOString()).toBe('2026-06-10T10:00:00.000Z');
    expect(entry?.findings).toContainEqual(
      expect.objectContaining({ rule: 'fault-staged', message: expect.stringContaining(`clock: ${clock}`) }),
    );
  });

  test('answers although the clock is at its end', async () => {
    serve({ clock: 'remit' });
    bench.simulator.clock.set('9999-12-29T12:00', true);
    expect(await bench.ask(PAY)).toHaveProperty('CODEREPONSE');
  });
});
