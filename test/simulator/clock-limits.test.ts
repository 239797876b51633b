import { describe, expect, test } from 'vitest';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { HOSTED, PAY } from './storages.js';

const PAGES = ['', 'ui/payments', 'ui/exchanges/1', 'ui/subscribers', 'ui/clock', 'ui/rules', 'ui/try', '?since=0001-01-01'];
const LISTS = ['/clock', '/journal', '/payments', '/subscribers', '/snapshot'];

let imported = 0;

async function expectWorks({ ask, control, simulator }: TestSimulator): Promise<void> {
  const isLast = simulator.clock.now() > Date.parse('9000-01-01');
  // No card is valid in the year 9999: DATEVAL has two digits for the year.
  expect((await ask({ ...PAY, DIFFERE: '999' })).CODEREPONSE).toBe(isLast ? '00008' : '00000');
  const hosted = { ...HOSTED, NUMTRANS: `${++imported}`, NUMAPPEL: `${imported}`, status: 'authorized' };
  expect((await control('POST', '/payments', hosted)).status).toBe(200);
  const numbers = { NUMTRANS: hosted.NUMTRANS, NUMAPPEL: hosted.NUMAPPEL };
  expect((await ask({ TYPE: '00002', MONTANT: '1000', DEVISE: '978', DIFFERE: '999', ...numbers })).CODEREPONSE).toBe('00000');
  expect((await ask({ TYPE: '00017', ...numbers })).CODEREPONSE).toBe('00000');
  for (const path of [...LISTS, `/payments/${imported}`]) expect((await control('GET', path)).status, path).toBe(200);
  for (const page of [...PAGES, `ui/payments/${String(imported).padStart(10, '0')}`])
    for (const language of ['en', 'fr']) {
      const request = new Request(`http://localhost/_sim/${page}`, { headers: { 'Accept-Language': language } });
      expect((await simulator.fetch(request)).status, page).toBe(200);
    }
}

describe.each([
  ['first', '0001-01-02T00:00Z', '-P1D'],
  ['last', '9999-12-30T00:00Z', 'P1D'],
])('at the %s time of the clock', (_, now, beyond) => {
  test('pages, listings and payments work', async () => {
    const bench = openTestSimulator({ clock: now });
    await expectWorks(bench);
  });

  test('it is moved no further, and says which times it has', async () => {
    const { control, simulator } = openTestSimulator({ clock: now });
    const { body: before } = await control('GET', '/clock');
    const refused = { status: 400, body: { error: 'The clock cannot show this time. Times are from 0001-01-02 to 9999-12-30.' } };
    expect(await control('POST', '/clock/advance', { by: beyond })).toEqual(refused);
    expect(await control('GET', '/clock')).toEqual({ status: 200, body: before });
    const form = new Request('http://localhost/_sim/ui/clock', {
      method: 'POST',
      body: new URLSearchParams({ action: 'set', now: '+012345-01-01T00:00' }),
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect((await simulator.fetch(form)).status).toBe(400);
    expect(await control('POST', '/reset')).toEqual({ status: 204, body: undefined });
  });
});

test.each(['P9000Y', '-P3000Y', 'P270000Y', 'PT99999999999H', 'P99999999999D'])('an advance by %s is answered 400', async (by) => {
  const { control } = openTestSimulator();
  expect(await control('POST', '/clock/advance', { by })).toEqual({ status: 400, body: { error: expect.stringMatching(/\S/) } });
});

test.each(['+275760-09-12', '-271821-04-20T00:00Z', '-000001-01-01', '10000-01-01'])('the time %s is answered 400', async (now) => {
  const { control } = openTestSimulator();
  expect((await control('PUT', '/clock', { now })).status).toBe(400);
  expect((await control('POST', '/payments', { ...HOSTED, at: now })).status).toBe(400);
});

test.each([8.64e15, -8.64e15, 9e15, Number.MIN_SAFE_INTEGER])(
  'a clock that an earlier version stopped at %d shows the nearest time',
  async (value) => {
    const bench = openTestSimulator();
    const { body: snapshot } = await bench.control('GET', '/snapshot');
    for (const frozen of [true, false]) {
      const clock = JSON.stringify({ value, frozen });
      expect(await bench.control('PUT', '/snapshot', { ...snapshot, clock })).toEqual({ status: 204, body: undefined });
      await expectWorks(bench);
    }
  },
);
