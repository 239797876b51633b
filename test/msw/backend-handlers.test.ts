import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createClient, minorUnits, type Outcome } from '../../client/index.js';
import { type BackendCall, backendHandlers, type MockedGateway, mapping, payboxHandlers } from '../../simulator/testing/msw/index.js';
import '../../simulator/testing/vitest/index.js';

const server = setupServer();
const ORIGIN = 'http://shop.example.test';

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

interface Checkout {
  readonly order: string;
  readonly euros: number;
  readonly card: string;
}

/** Milliseconds until the shop's client gives up waiting for a reply. */
const TIMEOUT = 10_000;

/** Mocks the back end of a shop over a new gateway, for one test. */
function mockBackend(): MockedGateway {
  const paybox = payboxHandlers();
  const client = createClient({ ...paybox.clientOptions, timeout: TIMEOUT, askAfter: [0] });
  const transactions = new Map<string, Extract<Outcome, { kind: 'approved' }>['transaction']>();
  const handlers = backendHandlers(
    {
      '/api/pay': mapping({
        send: ({ body }: BackendCall<Checkout>) =>
          client.pay({
            amount: minorUnits(body.euros * 100, 'EUR'),
            reference: body.order,
            card: { number: body.card, expiry: '1249', cvv: '123' },
          }),
        answer: (outcome, { body }) => {
          if (outcome.kind !== 'approved') return { paid: false, reason: outcome.kind === 'refused' ? outcome.code : outcome.kind };
          transactions.set(body.order, outcome.transaction);
          return { paid: true, recovered: outcome.recovered };
        },
      }),
      'POST /api/orders/:order/refund': mapping({
        send: ({ params: { order = '' }, body }: BackendCall<{ euros: number }>) => {
          const transaction = transactions.get(order);
          return transaction && client.refund({ amount: minorUnits(body.euros * 100, 'EUR'), transaction });
        },
        answer: (outcome) => (outcome ? { refunded: outcome.kind === 'approved' } : new Response(null, { status: 404 })),
      }),
      'GET /api/echo/:word': mapping({
        send: ({ params, query, body }) => ({ word: params.word, colour: query.get('colour'), body: body ?? null }),
        answer: (echo) => echo,
      }),
      'PUT /api/nothing': mapping({ send: () => undefined, answer: (nothing) => nothing }),
      'DELETE /api/broken': mapping({
        send: () => {
          throw new Error('the back end broke');
        },
        answer: () => ({}),
      }),
    },
    { origin: ORIGIN },
  );
  server.resetHandlers(...handlers);
  return paybox;
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(ORIGIN + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const pay = (order: string, card = '1111222233334444') => call('POST', '/api/pay', { order, euros: 10, card });

describe('the mocked back end answers', () => {
  test('a payment', async () => {
    const paybox = mockBackend();
    expect(await pay('ORDER-1')).toEqual({ status: 200, body: { paid: true, recovered: false } });
    await expect(paybox).toHaveCharged({ times: 1, amount: 1000, reference: 'ORDER-1' });
  });

  test('a payment that the gateway refuses', async () => {
    const paybox = mockBackend();
    expect((await pay('ORDER-1', '1111220000001055')).body).toEqual({ paid: false, reason: '00105' });
    await expect(paybox).toHaveCharged({ times: 0 });
  });

  test('a payment whose reply is lost, after an inquiry', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const paybox = mockBackend();
    paybox.fault({ reply: 'never' }, { match: { TYPE: 'pay' }, times: 1 });
    const paid = pay('ORDER-1');
    await expect.poll(() => paybox.journal()).toHaveLength(1);
    vi.advanceTimersByTime(TIMEOUT);
    expect((await paid).body).toEqual({ paid: true, recovered: true });
    await expect(paybox).toHaveCharged({ times: 1 });
  });

  test('a refund', async () => {
    const paybox = mockBackend();
    await pay('ORDER-1');
    expect((await call('POST', '/api/orders/ORDER-1/refund', { euros: 4 })).body).toEqual({ refunded: true });
    await expect(paybox).toHaveCharged({ times: 1, refunded: 400 });
  });

  test('with the Response that a mapping returns', async () => {
    mockBackend();
    expect((await call('POST', '/api/orders/NONE/refund', { euros: 4 })).status).toBe(404);
  });
});

describe('a mapping receives', () => {
  test('the parameters of the path and the query', async () => {
    mockBackend();
    expect((await call('GET', '/api/echo/hello?colour=blue')).body).toEqual({ word: 'hello', colour: 'blue', body: null });
  });

  test('the fields of a form', async () => {
    mockBackend();
    const body = new URLSearchParams({ order: 'ORDER-1', euros: '10', card: '1111222233334444' });
    const response = await fetch(`${ORIGIN}/api/pay`, { method: 'POST', body });
    expect(await response.json()).toEqual({ paid: true, recovered: false });
  });
});

describe('backendHandlers()', () => {
  test('answers 400 to a body that is not valid JSON', async () => {
    mockBackend();
    const response = await fetch(`${ORIGIN}/api/pay`, { method: 'POST', body: '{"order":' });
    expect([response.status, await response.json()]).toEqual([400, { error: expect.stringContaining('not valid JSON') }]);
  });

  test('answers 500 if a mapping throws, and logs the error', async () => {
    mockBackend();
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(await call('DELETE', '/api/broken')).toEqual({ status: 500, body: { error: 'the back end broke' } });
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });

  test('sends null if a mapping returns undefined', async () => {
    mockBackend();
    expect(await call('PUT', '/api/nothing')).toEqual({ status: 200, body: null });
  });

  test.each([
    ['api/pay', 'api/pay is neither a path nor a URL. A path begins with /'],
    ['FETCH /api/pay', 'FETCH is not a method. Write a path, or one of GET, POST'],
    ['/api/pay', "Set it: backendHandlers(…, { origin: 'http"],
  ])('throws for the key %s in Node.js without an origin', (key, message) => {
    expect(() => backendHandlers({ [key]: mapping({ send: () => 1, answer: () => 1 }) })).toThrow(message);
  });
});
