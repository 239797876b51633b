import { describe, expect, test } from 'vitest';
import { CONTROL_ROUTES } from '../../simulator/control/routes.js';
import { SCHEMAS } from '../../simulator/schemas/schemas.js';
import { type Bench, makeBench } from '../support/question.js';
import { askSession, PAY } from './storages.js';

interface Call {
  readonly path?: string;
  readonly body?: unknown;
  readonly status?: number;
  /** What the answer holds at least. */
  readonly holds?: object;
}

const HOSTED = {
  SITE: '1999888',
  RANG: '32',
  NUMTRANS: '42',
  NUMAPPEL: '43',
  MONTANT: 1,
  DEVISE: '978',
  REFERENCE: 'h',
  status: 'captured',
};

/** A call of every route that goes as it should, on a gateway with one payment and the rule `r`. */
const CALLS: Readonly<Record<string, Call>> = {
  'get /health': { holds: { status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/), store: 'memory' } },
  'get /sessions': { holds: { sessions: ['a'] } },
  'delete /sessions/{name}': { path: '/sessions/a', status: 204 },
  // In process there is no port to refuse connections at; `outage.test.ts` has one.
  'post /outage': { body: { milliseconds: 1 }, status: 400, holds: { error: expect.stringContaining('does not listen on a port') } },
  'get /journal': { holds: { entries: [expect.objectContaining({ seq: 1 })] } },
  'get /payments': { holds: { payments: [expect.objectContaining({ id: '0001000001' })] } },
  'post /payments': { body: HOSTED, holds: { id: '0000000042', origin: 'system' } },
  'get /payments/{NUMTRANS}': { path: '/payments/1000001', holds: { id: '0001000001', REFERENCE: 'order-1' } },
  'get /subscribers': { holds: { subscribers: [] } },
  'get /rules': { holds: { rules: [expect.objectContaining({ id: 'r' })] } },
  'post /rules': { body: { answer: '00105' }, holds: { answer: '00105', from: 1, times: 0, calls: 0 } },
  'delete /rules': { status: 204 },
  'get /rules/{id}': { path: '/rules/r', holds: { id: 'r', calls: 0 } },
  'delete /rules/{id}': { path: '/rules/r', status: 204 },
  'get /clock': { holds: { now: expect.stringContaining('2026-06-10T12:00'), frozen: true } },
  'put /clock': { body: { now: '2030-01-01T00:00' }, holds: { now: '2030-01-01T00:00:00.000+01:00' } },
  'post /clock/advance': { body: { by: 'P1D' }, holds: { now: expect.stringContaining('2026-06-11T12:00') } },
  'post /clock/remit': { holds: { now: expect.stringContaining('2026-06-11T03:30') } },
  'post /reset': { status: 204 },
  'get /snapshot': { holds: { kind: 'paybox-direct-simulator snapshot' } },
  'put /snapshot': { status: 204 },
  'post /seed': { body: { payments: 2 }, holds: { payments: 2 } },
  'get /accounts': { holds: { accounts: expect.arrayContaining([expect.objectContaining({ id: '1999888/032' })]) } },
  'put /accounts/{SITE}/{RANG}': { path: '/accounts/7/1', body: {}, holds: { id: '7/001' } },
};

async function busyBench(): Promise<Bench> {
  const bench = makeBench({ rules: [{ id: 'r', match: { REFERENCE: 'none' }, answer: '00105' }] });
  await bench.ask(PAY);
  await askSession(bench, 'a', PAY);
  return bench;
}

test('this table calls every route there is, and no other', () => {
  expect(Object.keys(CALLS).sort()).toEqual(CONTROL_ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test.each(CONTROL_ROUTES)('$method /_sim$path goes as it should', async ({ method, path }) => {
  const bench = await busyBench();
  const { path: called = path, body, status = 200, holds } = CALLS[`${method} ${path}`] ?? {};
  const sent = method === 'put' && path === '/snapshot' ? (await bench.control('GET', '/snapshot')).body : body;

  const answer = await bench.control(method.toUpperCase(), called, sent);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  if (holds) expect(answer.body).toMatchObject(holds);
  else expect(answer.body).toBeUndefined();
});

describe.each(CONTROL_ROUTES.filter(({ body }) => body !== undefined))(
  '$method /_sim$path refuses',
  ({ method, path, body, bodyOptional }) => {
    const send = async (text: string | undefined) => {
      const { simulator } = await busyBench();
      const { path: called = path } = CALLS[`${method} ${path}`] ?? {};
      const init = { method: method.toUpperCase(), ...(text !== undefined && { body: text }) };
      const response = await simulator.fetch(new Request(`http://localhost/_sim${called}`, init));
      return { status: response.status, text: await response.text() };
    };

    test('what is no JSON, and says where to look', async () => {
      const { status, text } = await send('{"now": 2026-');
      expect(status).toBe(400);
      expect(JSON.parse(text).error).toMatch(/^The body is no JSON: .*\. GET \/_sim\/openapi\.json shows what it may hold\.$/);
    });

    test.each(['[]', '"text"', '7', 'null'])('%s, and says where and what', async (json) => {
      const { status, text } = await send(json);
      expect(status).toBe(400);
      expect(JSON.parse(text).problems).toContainEqual({ where: '(body)', what: 'must be object' });
    });

    if (!bodyOptional)
      test('no body', async () => {
        expect((await send(undefined)).status).toBe(400);
      });

    if (body !== 'snapshot')
      test('a name it does not know, and says which it knows', async () => {
        const { status, text } = await send('{"nwo": 1}');
        expect(status).toBe(400);
        const known = Object.keys((SCHEMAS[body ?? 'snapshot'] as { properties?: object }).properties ?? {}).join(', ');
        expect(JSON.parse(text).problems).toContainEqual({ where: 'nwo', what: `unknown name "nwo"; known here: ${known}` });
      });
  },
);

test.each([
  ['GET', '/sessionz'],
  ['POST', '/journal'],
  ['GET', '/rules/r/calls'],
  ['PUT', '/'],
  ['GET', '/ui-of-another'],
])('%s /_sim%s is no route: 404, with those there are', async (method, path) => {
  const { status, body } = await makeBench().control(method, path);
  expect(status).toBe(404);
  for (const route of CONTROL_ROUTES) expect(body.error).toContain(`/_sim${route.path}`);
});
