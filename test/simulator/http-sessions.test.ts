import { describe, expect, test } from 'vitest';
import { CARD } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';
import { askSession, PAY } from './storages.js';

const load = (path: string): Request => new Request(`http://localhost${path}`);

test.each(['/load.html', '/s/a/load.html'])('GET %s says OK in the element server_status', async (path) => {
  const response = await openTestSimulator().simulator.fetch(load(path));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await response.text()).toMatch(/<div id="server_status"[^>]*>OK<\/div>/);
});

describe('the gateway at /s/<name>', () => {
  test('keeps tests that run at the same time apart, numbers, question numbers and subscribers alike', async () => {
    const bench = openTestSimulator();
    const register = { ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'alice' };
    const live = async (name: string) => [
      await askSession(bench, name, PAY),
      await askSession(bench, name, { ...register, NUMQUESTION: '2' }),
      await askSession(bench, name, { TYPE: '00011', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1', NUMQUESTION: '3' }),
    ];
    const lives = await Promise.all(['a', 'b', 'c', 'd'].map(live));

    expect(lives[0]?.map(({ CODEREPONSE, NUMTRANS }) => [CODEREPONSE, NUMTRANS])).toEqual([
      ['00000', '0001000001'],
      ['00000', '0001000002'],
      ['00000', '0001000001'],
    ]);
    for (const life of lives) expect(life).toEqual(lives[0]);
    expect(await bench.simulator.journal()).toEqual([]);
  });

  test('has a clock of its own', async () => {
    const bench = openTestSimulator();
    const at = async (prefix: string) => (await (await bench.simulator.fetch(load(`${prefix}/_sim/clock`))).json()) as { now: string };
    const advance = { method: 'POST', body: '{"by":"P1D"}' };
    await bench.simulator.fetch(new Request('http://localhost/s/a/_sim/clock/advance', advance));

    expect((await at('/s/a')).now).toContain('2026-06-11T12:00');
    expect((await at('/s/b')).now).toContain('2026-06-10T12:00');
    expect((await at('')).now).toContain('2026-06-10T12:00');
  });

  test('has rules and accounts of its own, beside those of the options', async () => {
    const bench = openTestSimulator({ rules: [{ id: 'all', match: { REFERENCE: 'cursed' }, answer: '00151' }] });
    const toA = (method: string, path: string, body: object) =>
      bench.simulator.fetch(new Request(`http://localhost/s/a/_sim${path}`, { method, body: JSON.stringify(body) }));
    await toA('POST', '/rules', { answer: '00105', match: { TYPE: 'pay' } });
    await toA('PUT', '/accounts/7654321/1', { CLE: 'SECRETKEY' });
    const own = { ...PAY, SITE: '7654321', RANG: '1', CLE: 'SECRETKEY' };

    expect((await askSession(bench, 'a', PAY)).CODEREPONSE).toBe('00105');
    expect((await askSession(bench, 'b', PAY)).CODEREPONSE).toBe('00000');
    expect((await askSession(bench, 'b', { ...PAY, REFERENCE: 'cursed', NUMQUESTION: '2' })).CODEREPONSE).toBe('00151');
    expect((await askSession(bench, 'a', own)).CODEREPONSE).toBe('00105');
    expect((await askSession(bench, 'b', own)).CODEREPONSE).toBe('00006');
    expect((await bench.ask(PAY)).CODEREPONSE).toBe('00000');
  });

  test('is the same gateway in code, over HTTP and with or without PPPS.php in the path', async () => {
    const bench = openTestSimulator();
    await askSession(bench, 'a', PAY);
    const body = `${new URLSearchParams({ TYPE: '00017' })}`;
    for (const path of ['/s/a', '/s/a/']) await bench.simulator.fetch(new Request(`http://localhost${path}`, { method: 'POST', body }));

    expect(bench.simulator.session('a')).toBe(bench.simulator.session('a'));
    expect(await bench.simulator.session('a').journal()).toHaveLength(3);
  });

  test('is emptied by DELETE /_sim/sessions/<name>, clock and rules included', async () => {
    const bench = openTestSimulator();
    await askSession(bench, 'a', PAY);
    bench.simulator.session('a').clock.advance('P1D');
    bench.simulator.session('a').rules.add({ answer: '00105' });

    expect(await bench.control('DELETE', '/sessions/a')).toEqual({ status: 204, body: undefined });
    expect(bench.simulator.session('a').clock.state().now).toContain('2026-06-10T12:00');
    expect(await askSession(bench, 'a', PAY)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
  });

  test.each(['a', 'A-1_b.c', '7', 'x'.repeat(64)])('may be called %s', async (name) => {
    expect((await askSession(openTestSimulator(), name, PAY)).CODEREPONSE).toBe('00000');
  });

  test.each(['.hidden', '-a', 'a%20b', 'a%2Fb', '%C3%A9', 'x'.repeat(65), '..%2F..'])('may not be called %s', async (name) => {
    const { simulator } = openTestSimulator();
    const post = { method: 'POST', body: 'TYPE=00003' };
    const gateway = await simulator.fetch(new Request(`http://localhost/s/${name}/PPPS.php`, post));
    const control = await simulator.fetch(load(`/s/${name}/_sim/health`));

    expect([gateway.status, control.status]).toEqual([404, 404]);
    expect(await gateway.text()).toMatch(/1 to 64 letters, digits, dots, hyphens or underscores/);
    expect(((await control.json()) as { error: string }).error).toMatch(/1 to 64 letters, digits, dots, hyphens or underscores/);
    expect(() => simulator.session(decodeURIComponent(name))).toThrow(RangeError);
  });

  test('has no list of gateways of its own', async () => {
    const response = await openTestSimulator().simulator.fetch(load('/s/a/_sim/sessions'));
    expect(response.status).toBe(404);
  });
});
