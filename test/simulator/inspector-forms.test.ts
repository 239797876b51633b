import { describe, expect, onTestFinished, test } from 'vitest';
import { numbersOf, type Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { PAY } from './storages.js';

const submit = ({ simulator }: TestSimulator, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  simulator.fetch(new Request(`http://localhost/_sim/${path}`, { method: 'POST', body: new URLSearchParams(fields), headers }));

describe('the form that sends a question', () => {
  test.each<readonly [fields: Record<string, string>, code: string]>([
    [{ operation: 'pay', MONTANT: '1000', DEVISE: '978', REFERENCE: 'T', PORTEUR: '1111222233334444' }, '00000'],
    [{ operation: 'pay', MONTANT: '1000', DEVISE: '978', REFERENCE: 'T', PORTEUR: '1111220000001519' }, '00151'],
    [{ operation: 'pay', account: '1999888/063', MONTANT: '1000', DEVISE: '978', REFERENCE: 'T', PORTEUR: '1111222233334444' }, '00000'],
    [{ operation: 'subscribers.register', MONTANT: '0', DEVISE: '978', REFABONNE: 'anna', PORTEUR: '1111222233334444' }, '00000'],
    [{ operation: 'subscribers.pay', MONTANT: '100', DEVISE: '978', REFERENCE: 'S', REFABONNE: 'bob', PORTEUR: '' }, '00000'],
    [{ operation: 'refund', MONTANT: '400', DEVISE: '978', NUMTRANS: '0001000001', NUMAPPEL: '0050000001' }, '00000'],
    [{ operation: 'inquire', NUMTRANS: '0001000001' }, '00000'],
    [{ operation: 'pay' }, '00014'],
    [{ operation: 'none such' }, '00009'],
  ])('%j is answered %s and redirects to the exchange', async (fields, code) => {
    const bench = openTestSimulator();
    await bench.ask(PAY);
    await bench.ask({ ...PAY, TYPE: '00056', MONTANT: '0', REFABONNE: 'bob' });
    const response = await submit(bench, 'ui/try', fields);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/_sim/ui/exchanges/3']);
    expect((await bench.simulator.journal({ limit: 1 }))[0]?.CODEREPONSE).toBe(code);
  });
});

describe('the next operation on a payment', () => {
  const AUTHORIZE = { ...PAY, TYPE: '00001' };

  type Ask = TestSimulator['ask'];
  const on = (paid: Variables, TYPE: string, MONTANT: string): Variables => ({ TYPE, MONTANT, DEVISE: '978', ...numbersOf(paid) });

  test.each<readonly [what: string, make: (ask: Ask, bench: TestSimulator) => Promise<unknown>, type: string]>([
    ['authorized', (ask) => ask(AUTHORIZE), '00002'],
    ['authorized without a REFERENCE of its own', (ask) => ask({ ...AUTHORIZE, REFERENCE: 'TRY-2' }), '00002'],
    ['authorized with RANG written in another way', (ask) => ask({ ...AUTHORIZE, RANG: '032' }), '00002'],
    ['authorized in yen', (ask) => ask({ ...AUTHORIZE, DEVISE: '392' }), '00002'],
    ['authorized on another account', (ask) => ask({ ...AUTHORIZE, RANG: '99' }), '00002'],
    ['paid', (ask) => ask(PAY), '00014'],
    ['captured in part', async (ask) => ask(on(await ask(AUTHORIZE), '00002', '400')), '00014'],
    ['refunded in part', async (ask) => ask(on(await ask(PAY), '00014', '300')), '00014'],
    ['refunded by half', async (ask) => ask(on(await ask(PAY), '00014', '500')), '00017'],
    ['refunded', async (ask) => ask(on(await ask(PAY), '00014', '1000')), '00017'],
    ['cancelled', async (ask) => ask(on(await ask(AUTHORIZE), '00005', '1000')), '00017'],
    ['credited', (ask) => ask({ ...PAY, TYPE: '00004' }), '00017'],
    ['refused', (ask) => ask({ ...PAY, PORTEUR: '1111220000001519' }), '00017'],
    ['of a new subscriber', (ask) => ask({ ...PAY, TYPE: '00056', MONTANT: '0', REFABONNE: 'bob' }), '00017'],
    [
      'remitted',
      async (ask, { simulator }) => {
        await ask(PAY);
        simulator.clock.advance('P2D');
      },
      '00014',
    ],
    [
      'expired',
      async (ask, { simulator }) => {
        await ask(AUTHORIZE);
        simulator.clock.advance('P9D');
      },
      '00017',
    ],
  ])('that is %s is accepted without a finding that blames it', async (_, make, type) => {
    const bench = openTestSimulator();
    await make(bench.ask, bench);
    const html = await (await bench.simulator.fetch(new Request('http://localhost/_sim/ui/payments/0001000001'))).text();
    const [, query = ''] = /href="[^"]*ui\/try\?([^"]*)"/.exec(html) ?? [];
    await submit(bench, 'ui/try', { ...Object.fromEntries(new URLSearchParams(query.replaceAll('&amp;', '&'))) });
    const [entry] = await bench.simulator.journal({ limit: 1 });
    expect(entry).toMatchObject({ TYPE: type, CODEREPONSE: '00000', findings: [] });
  });
});

describe('an invalid form is answered 400 with the reason and changes nothing', () => {
  test.each<readonly [path: string, fields: Record<string, string>, reason: string]>([
    ['ui/rules', {}, 'Select a response code, a fault or an effect on the authentication.'],
    ['ui/rules', { answer: '1234' }, 'answer:'],
    ['ui/rules', { answer: '00105', from: 'two' }, 'from:'],
    ['ui/rules', { http: '200' }, 'fault/http:'],
    ['ui/rules', { delay: '99999999' }, 'fault/delay'],
    ['ui/rules', { action: 'explode' }, 'Unknown action.'],
    ['ui/clock', { action: 'set', now: 'tomorrow' }, 'tomorrow'],
    ['ui/clock', { action: '__proto__' }, 'Unknown action.'],
    ['ui/payments', {}, 'Unknown action.'],
  ])('%s %j: %s', async (path, fields, reason) => {
    const bench = openTestSimulator();
    const response = await submit(bench, path, fields);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(reason);
    expect(bench.simulator.gateway.rules.list()).toEqual([]);
    expect(bench.simulator.clock.state().now).toContain('2026-06-10T12:00');
  });
});

describe('the inspector has the same access rules as the control API', () => {
  const PATHS = ['', 'ui/payments', 'ui/clock', 'events', 'assets/inspector.js'];

  test.each([
    ['Origin', 'https://attacker.example'],
    ['Origin', 'null'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Host', 'attacker.example'],
  ])('%s: %s is answered 403 on every path and changes nothing', async (header, value) => {
    const bench = openTestSimulator();
    onTestFinished(() => bench.simulator.close());
    const { hostname, port } = new URL(await bench.simulator.listen());
    const { request } = await import('node:http');
    const ask = (method: string, path: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { [header]: value, 'Content-Type': 'application/x-www-form-urlencoded' };
        const asked = request({ hostname, port, method, path: `/_sim/${path}`, headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        asked.on('error', reject);
        asked.end(method === 'POST' ? 'action=week' : undefined);
      });
    for (const path of PATHS) expect(await ask('GET', path), path).toBe(403);
    expect(await ask('POST', 'ui/clock')).toBe(403);
    expect(bench.simulator.clock.state().now).toContain('2026-06-10T12:00');
  });

  test('a refused request gets a message of the inspector', async () => {
    const headers = { Origin: 'https://attacker.example' };
    const response = await openTestSimulator().simulator.fetch(new Request('http://localhost/_sim/', { headers }));
    expect(await response.text()).toMatch(/^The inspector does not accept requests from web pages of another site\. .*\n$/);
  });

  test.each([{ 'Sec-Fetch-Site': 'none' }, { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://localhost', Host: 'localhost' }])(
    'a typed address, a link or a form of the inspector itself is accepted: %j',
    async (headers) => {
      const bench = openTestSimulator();
      expect((await bench.simulator.fetch(new Request('http://localhost/_sim/', { headers }))).status).toBe(200);
      expect((await submit(bench, 'ui/clock', { action: 'day' }, headers)).status).toBe(303);
      expect(bench.simulator.clock.state().now).toContain('2026-06-11T12:00');
    },
  );
});
