import { expect, onTestFinished, test } from 'vitest';
import { createSimulator, ListenError } from '../../simulator/index.js';

async function serve() {
  const simulator = createSimulator();
  onTestFinished(() => simulator.close());
  return { simulator, url: await simulator.listen() };
}

const answers = (url: string): Promise<string> =>
  fetch(`${url}/load.html`).then(
    ({ status }) => String(status),
    (error: unknown) => (error as { cause?: { code?: string } }).cause?.code ?? 'unknown',
  );

test('an outage refuses connections, kept-alive ones too, and ends', async () => {
  const { simulator, url } = await serve();
  expect(await answers(url)).toBe('200');
  const over = simulator.outage(500);
  expect(await answers(url)).toMatch(/^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/);
  expect(await answers(url)).toBe('ECONNREFUSED');
  await over;
  expect(await answers(url)).toBe('200');
});

test('the control API begins an outage and says until when', async () => {
  const { url } = await serve();
  const response = await fetch(`${url}/_sim/outage`, { method: 'POST', body: '{"milliseconds": 500}', headers: { Connection: 'close' } });
  expect(await response.json()).toEqual({ until: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
  expect(await answers(url)).toBe('ECONNREFUSED');
  await expect.poll(() => answers(url), { timeout: 5000 }).toBe('200');
});

test('a simulator that ends during an outage stays down', async () => {
  const simulator = createSimulator();
  const url = await simulator.listen();
  const over = simulator.outage(20);
  await simulator.close();
  await over;
  expect(await answers(url)).toBe('ECONNREFUSED');
});

test('a simulator that does not listen has no outage', async () => {
  await expect(createSimulator().outage(1)).rejects.toThrow(ListenError);
});
