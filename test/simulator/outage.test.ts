import { expect, onTestFinished, test } from 'vitest';
import { createSimulator, ListenError } from '../../simulator/index.js';
import { disableTimeLimits, passTime } from '../support/fake-timers.js';

async function listen() {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  return { simulator, url: await simulator.listen() };
}

/** Requests the status page. Returns the HTTP status, or the code of the error. */
const statusOf = (url: string): Promise<string> =>
  fetch(`${url}/load.html`).then(
    ({ status }) => String(status),
    (error: unknown) => (error as { cause?: { code?: string } }).cause?.code ?? 'unknown',
  );

test('an outage refuses connections and closes kept-alive ones until its time is over', async () => {
  disableTimeLimits();
  const { simulator, url } = await listen();
  expect(await statusOf(url)).toBe('200');
  const over = simulator.outage(500);
  expect(await statusOf(url)).toMatch(/^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/);
  await passTime(499);
  expect(await statusOf(url)).toBe('ECONNREFUSED');
  await passTime(1);
  await over;
  expect(await statusOf(url)).toBe('200');
});

test('the control API starts an outage and returns when it ends', async () => {
  disableTimeLimits();
  const { url } = await listen();
  const response = await fetch(`${url}/_sim/outage`, { method: 'POST', body: '{"milliseconds": 500}', headers: { Connection: 'close' } });
  expect(await response.json()).toEqual({ until: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
  await passTime(499);
  expect(await statusOf(url)).toBe('ECONNREFUSED');
  await passTime(1);
  await expect.poll(() => statusOf(url)).toBe('200');
});

test('a simulator that is closed during an outage does not listen again', async () => {
  disableTimeLimits();
  const simulator = createSimulator();
  const url = await simulator.listen();
  const over = simulator.outage(20);
  await simulator.close();
  await passTime(20);
  await over;
  expect(await statusOf(url)).toBe('ECONNREFUSED');
});

test('outage() rejects if the simulator does not listen', async () => {
  await expect(createSimulator().outage(1)).rejects.toThrow(ListenError);
});
