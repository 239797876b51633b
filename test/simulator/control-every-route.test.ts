import { describe, expect, test } from 'vitest';
import { TEST_PUBLIC_KEY } from '../../contracts/index.js';
import { CONTROL_ROUTES } from '../../simulator/control/routes/index.js';
import { SCHEMAS } from '../../simulator/schemas/schemas.js';
import { postToMpi } from '../support/cardholder.js';
import { checkOut } from '../support/customer.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { askSession, PAY } from './storages.js';

interface Call {
  readonly path?: string;
  readonly body?: unknown;
  readonly status?: number;
  /** Part of the expected response body; omitted: the response has no body. */
  readonly contains?: object;
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

/** A successful call of every route, on a gateway with one payment, one authentication, one checkout and the rule `r`. */
const CALLS: Readonly<Record<string, Call>> = {
  'get /health': {
    contains: {
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      store: 'memory',
      limits: { journal: 100_000, transactions: 2_000_000, authentications: 500_000, checkouts: 200_000, sessions: 100_000 },
    },
  },
  'get /sessions': { contains: { sessions: ['a'] } },
  'delete /sessions/{name}': { path: '/sessions/a', status: 204 },
  // A simulator in process does not listen on a port. `outage.test.ts` tests one that does.
  'post /outage': { body: { milliseconds: 1 }, status: 400, contains: { error: expect.stringContaining('does not listen on a port') } },
  'get /journal': {
    contains: {
      entries: [
        { operation: 'notification' },
        { operation: 'attempt' },
        { operation: 'checkout' },
        { operation: 'authenticate' },
        { seq: 1 },
      ],
    },
  },
  'get /payments': {
    contains: { payments: [expect.objectContaining({ origin: 'system' }), expect.objectContaining({ id: '0001000001' })] },
  },
  'post /payments': { body: HOSTED, contains: { id: '0000000042', origin: 'system' } },
  'get /payments/{NUMTRANS}': { path: '/payments/1000001', contains: { id: '0001000001', REFERENCE: 'order-1' } },
  'get /subscribers': { contains: { subscribers: [] } },
  'post /subscribers': {
    body: { SITE: '1999888', RANG: '32', REFABONNE: 'anna', token: 'TokenOfAnna', DATEVAL: '1230' },
    contains: { REFABONNE: 'anna', PORTEUR: 'TokenOfAnna', card: '' },
  },
  'get /authentications': {
    contains: {
      authentications: [expect.objectContaining({ checkout: '0001000003' }), expect.objectContaining({ ID3D: '2000001000002' })],
    },
  },
  'get /authentications/{ID3D}': { path: '/authentications/2000001000002', contains: { IdSession: 'session-1', outcome: '' } },
  'get /checkouts': { contains: { checkouts: [expect.objectContaining({ id: '0001000003', REFERENCE: 'ORDER-1' })] } },
  'get /checkouts/{id}': { path: '/checkouts/1000003', contains: { PORTEUR: '111122******4444', state: 'paid' } },
  'post /checkouts/{id}/notify': {
    path: '/checkouts/1000003/notify',
    contains: { status: null, answer: '', problem: expect.stringContaining('is a host of the gateway') },
  },
  'get /public-key.pem': { contains: { text: TEST_PUBLIC_KEY } },
  'post /check': { body: { charged: { times: 2 }, received: ['pay'] }, contains: { pass: true, message: '' } },
  'get /rules': { contains: { rules: [expect.objectContaining({ id: 'r' })] } },
  'post /rules': { body: { answer: '00105' }, contains: { answer: '00105', from: 1, times: 0, calls: 0 } },
  'delete /rules': { status: 204 },
  'post /release': { body: { rule: 'r' }, status: 204 },
  'get /rules/{id}': { path: '/rules/r', contains: { id: 'r', calls: 0 } },
  'delete /rules/{id}': { path: '/rules/r', status: 204 },
  'get /clock': { contains: { now: expect.stringContaining('2026-06-10T12:00'), frozen: true } },
  'put /clock': { body: { now: '2030-01-01T00:00' }, contains: { now: '2030-01-01T00:00:00.000+01:00' } },
  'post /clock/advance': { body: { by: 'P1D' }, contains: { now: expect.stringContaining('2026-06-11T12:00') } },
  'post /clock/remit': { contains: { now: expect.stringContaining('2026-06-11T03:30') } },
  'post /reset': { status: 204 },
  'get /snapshot': { contains: { kind: 'paybox-direct-simulator snapshot' } },
  'put /snapshot': { status: 204 },
  'post /seed': { body: { payments: 2 }, contains: { payments: 2 } },
  'get /accounts': { contains: { accounts: expect.arrayContaining([expect.objectContaining({ id: '1999888/032' })]) } },
  'put /accounts/{SITE}/{RANG}': { path: '/accounts/7/1', body: {}, contains: { id: '7/001' } },
};

async function busyBench(): Promise<TestSimulator> {
  const bench = openTestSimulator({
    accounts: [{ SITE: '1999888', RANG: '32', resultOrder: 'server-first' }],
    rules: [{ id: 'r', match: { REFERENCE: 'none' }, answer: '00105' }],
  });
  await bench.ask(PAY);
  await postToMpi(bench.simulator);
  await checkOut(bench, { PBX_REPONDRE_A: 'https://tpeweb.paybox.com/ipn' });
  await bench.simulator.gateway.idle();
  await askSession(bench, 'a', PAY);
  return bench;
}

test('the table of calls contains exactly the routes of the control API', () => {
  expect(Object.keys(CALLS).sort()).toEqual(CONTROL_ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test.each(CONTROL_ROUTES)('$method /_sim$path returns the documented response', async ({ method, path }) => {
  const bench = await busyBench();
  const { path: called = path, body, status = 200, contains } = CALLS[`${method} ${path}`] ?? {};
  const sent = method === 'put' && path === '/snapshot' ? (await bench.control('GET', '/snapshot')).body : body;

  const answer = await bench.control(method.toUpperCase(), called, sent);
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  if (contains) expect(answer.body).toMatchObject(contains);
  else expect(answer.body).toBeUndefined();
});

describe.each(CONTROL_ROUTES.filter(({ body }) => body !== undefined))(
  '$method /_sim$path answers 400 to',
  ({ method, path, body, bodyOptional }) => {
    const send = async (text: string | undefined) => {
      const { simulator } = await busyBench();
      const { path: called = path } = CALLS[`${method} ${path}`] ?? {};
      const init = { method: method.toUpperCase(), ...(text !== undefined && { body: text }) };
      const response = await simulator.fetch(new Request(`http://localhost/_sim${called}`, init));
      return { status: response.status, text: await response.text() };
    };

    test('invalid JSON, and names the documentation', async () => {
      const { status, text } = await send('{"now": 2026-');
      expect(status).toBe(400);
      expect(JSON.parse(text).error).toMatch(
        /^The body is not valid JSON: .*\. GET \/_sim\/openapi\.json describes the body of each route\.$/,
      );
    });

    test.each(['[]', '"text"', '7', 'null'])('%s, and reports the problem with its place', async (json) => {
      const { status, text } = await send(json);
      expect(status).toBe(400);
      expect(JSON.parse(text).problems).toContainEqual({ where: '(body)', what: 'must be object' });
    });

    if (!bodyOptional)
      test('a missing body', async () => {
        expect((await send(undefined)).status).toBe(400);
      });

    if (body !== 'snapshot')
      test('an unknown name, and lists the known ones', async () => {
        const { status, text } = await send('{"nwo": 1}');
        expect(status).toBe(400);
        const known = Object.keys((SCHEMAS[body ?? 'snapshot'] as { properties?: object }).properties ?? {}).join(', ');
        expect(JSON.parse(text).problems).toContainEqual({ where: 'nwo', what: `unknown name "nwo"; known here: ${known}` });
      });
  },
);

test.each(CONTROL_ROUTES)('$method /_sim$path answers 400 to an unknown query parameter, and lists the known ones', async (route) => {
  const { method, path, query = {}, body } = route;
  const { path: called = path } = CALLS[`${method} ${path}`] ?? {};
  const { control } = await busyBench();
  const answer = await control(method.toUpperCase(), `${called}?REFERENC=x&foo=1`, body === undefined ? undefined : {});
  const known = Object.keys(query).join(', ') || 'none';
  expect(answer).toEqual({
    status: 400,
    body: { error: `Unknown query parameter: REFERENC, foo. /_sim${called} has: ${known}.` },
  });
});

test.each([
  ['GET', '/_sim/clock/remit', 'POST', 'POST'],
  ['POST', '/_sim/journal', 'GET', 'GET'],
  ['PATCH', '/_sim/clock', 'GET, PUT', 'GET or PUT'],
  ['PUT', '/_sim/rules/r', 'GET, DELETE', 'GET or DELETE'],
  ['POST', '/_sim/openapi.json', 'GET', 'GET'],
  ['GET', '/_sim/outage', 'POST', 'POST'],
  ['GET', '/s/a/_sim/clock/advance', 'POST', 'POST'],
])('%s %s is answered 405 with the methods of the path', async (method, path, allow, use) => {
  const response = await openTestSimulator().simulator.fetch(new Request(`http://localhost${path}`, { method }));
  expect({ status: response.status, allow: response.headers.get('allow'), body: await response.json() }).toEqual({
    status: 405,
    allow,
    body: { error: `${path} does not accept ${method}: use ${use}.` },
  });
});

test('the paths of the whole simulator are answered 404 in a session, with any method', async () => {
  const { simulator } = openTestSimulator();
  for (const [method, path] of [
    ['POST', 'outage'],
    ['GET', 'outage'],
    ['POST', 'sessions'],
  ] as const) {
    expect((await simulator.fetch(new Request(`http://localhost/s/a/_sim/${path}`, { method }))).status).toBe(404);
  }
});

test.each([
  ['GET', '/sessionz'],
  ['GET', '/rules/r/calls'],
  ['PUT', '/'],
  ['GET', '/ui-of-another'],
])('%s /_sim%s is answered 404 with a list of the routes', async (method, path) => {
  const { status, body } = await openTestSimulator().control(method, path);
  expect(status).toBe(404);
  for (const route of CONTROL_ROUTES) expect(body.error).toContain(`/_sim${route.path}`);
});
