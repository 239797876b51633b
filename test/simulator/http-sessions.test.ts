import { describe, expect, test } from 'vitest';
import { CARD } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { askSession, PAY } from './storages.js';

const getRequest = (path: string): Request => new Request(`http://localhost${path}`);

test.each(['/load.html', '/s/a/load.html'])('GET %s returns a page with OK in the element server_status', async (path) => {
  const response = await openTestSimulator().simulator.fetch(getRequest(path));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await response.text()).toMatch(/<div id="server_status"[^>]*>OK<\/div>/);
});

describe('the gateway at /s/<name>', () => {
  test('has its own payments, numbers, question numbers and subscribers', async () => {
    const tested = openTestSimulator();
    const register = { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' };
    const askAll = async (name: string) => [
      await askSession(tested, name, PAY),
      await askSession(tested, name, { ...register, NUMQUESTION: '2' }),
      await askSession(tested, name, { TYPE: '00011', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1', NUMQUESTION: '3' }),
    ];
    const replies = await Promise.all(['a', 'b', 'c', 'd'].map(askAll));

    expect(replies[0]?.map(({ CODEREPONSE, NUMTRANS }) => [CODEREPONSE, NUMTRANS])).toEqual([
      ['00000', '0001000001'],
      ['00000', '0001000002'],
      ['00000', '0001000001'],
    ]);
    for (const replyList of replies) expect(replyList).toEqual(replies[0]);
    expect(await tested.simulator.journal()).toEqual([]);
  });

  test('has its own clock', async () => {
    const tested = openTestSimulator();
    const clockOf = async (prefix: string) =>
      (await (await tested.simulator.fetch(getRequest(`${prefix}/_sim/clock`))).json()) as { now: string };
    const advance = { method: 'POST', body: '{"by":"P1D"}' };
    await tested.simulator.fetch(new Request('http://localhost/s/a/_sim/clock/advance', advance));

    expect((await clockOf('/s/a')).now).toContain('2026-06-11T12:00');
    expect((await clockOf('/s/b')).now).toContain('2026-06-10T12:00');
    expect((await clockOf('')).now).toContain('2026-06-10T12:00');
  });

  test('has its own rules and accounts, in addition to those of the options', async () => {
    const tested = openTestSimulator({ rules: [{ id: 'all', match: { REFERENCE: 'cursed' }, answer: '00151' }] });
    const controlA = (method: string, path: string, body: object) =>
      tested.simulator.fetch(new Request(`http://localhost/s/a/_sim${path}`, { method, body: JSON.stringify(body) }));
    await controlA('POST', '/rules', { answer: '00105', match: { TYPE: 'pay' } });
    await controlA('PUT', '/accounts/7654321/1', { CLE: 'SECRETKEY' });
    const own = { ...PAY, SITE: '7654321', RANG: '1', CLE: 'SECRETKEY' };

    expect((await askSession(tested, 'a', PAY)).CODEREPONSE).toBe('00105');
    expect((await askSession(tested, 'b', PAY)).CODEREPONSE).toBe('00000');
    expect((await askSession(tested, 'b', { ...PAY, REFERENCE: 'cursed', NUMQUESTION: '2' })).CODEREPONSE).toBe('00151');
    expect((await askSession(tested, 'a', own)).CODEREPONSE).toBe('00105');
    expect((await askSession(tested, 'b', own)).CODEREPONSE).toBe('00006');
    expect((await tested.ask(PAY)).CODEREPONSE).toBe('00000');
  });

  test('is also session(name), and needs no PPPS.php in the path', async () => {
    const tested = openTestSimulator();
    await askSession(tested, 'a', PAY);
    const body = `${new URLSearchParams({ TYPE: '00017' })}`;
    for (const path of ['/s/a', '/s/a/']) await tested.simulator.fetch(new Request(`http://localhost${path}`, { method: 'POST', body }));

    expect(tested.simulator.session('a')).toBe(tested.simulator.session('a'));
    expect(await tested.simulator.session('a').journal()).toHaveLength(3);
  });

  test('loses its state, clock and rules by DELETE /_sim/sessions/<name>', async () => {
    const tested = openTestSimulator();
    await askSession(tested, 'a', PAY);
    tested.simulator.session('a').clock.advance('P1D');
    tested.simulator.session('a').rules.add({ answer: '00105' });

    expect(await tested.control('DELETE', '/sessions/a')).toEqual({ status: 204, body: undefined });
    expect(tested.simulator.session('a').clock.state().now).toContain('2026-06-10T12:00');
    expect(await askSession(tested, 'a', PAY)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
  });

  test.each(['a', 'A-1_b.c', '7', 'x'.repeat(64), '40120010-3714-4112-8444-401200103714'])('can have the name %s', async (name) => {
    expect((await askSession(openTestSimulator(), name, PAY)).CODEREPONSE).toBe('00000');
  });

  test.each(['.hidden', '-a', 'a%20b', 'a%2Fb', '%C3%A9', 'x'.repeat(65), '..%2F..', '4012001037141112', 'a-4012-0010-3714-1112'])(
    'cannot have the name %s',
    async (name) => {
      const { simulator } = openTestSimulator();
      const post = { method: 'POST', body: 'TYPE=00003' };
      const gateway = await simulator.fetch(new Request(`http://localhost/s/${name}/PPPS.php`, post));
      const control = await simulator.fetch(getRequest(`/s/${name}/_sim/health`));

      expect([gateway.status, control.status]).toEqual([404, 404]);
      expect(await gateway.text()).toMatch(/1 to 64 letters, digits, dots, hyphens or underscores/);
      expect(((await control.json()) as { error: string }).error).toMatch(/1 to 64 letters, digits, dots, hyphens or underscores/);
      expect(() => simulator.session(decodeURIComponent(name))).toThrow(RangeError);
    },
  );

  test('answers 404 at /_sim/sessions', async () => {
    const response = await openTestSimulator().simulator.fetch(getRequest('/s/a/_sim/sessions'));
    expect(response.status).toBe(404);
  });
});
