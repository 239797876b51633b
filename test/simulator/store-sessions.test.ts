import { describe, expect, test } from 'vitest';
import { askSession, benchOn, PAY, STORAGES } from './storages.js';

describe.each(STORAGES)('separate gateways in $storage', (kind) => {
  test('do not share payments, numbers, question numbers, subscribers or journal', async () => {
    const bench = await benchOn(kind);
    const replies = await Promise.all(['a', 'b', 'c'].map((name) => askSession(bench, name, { ...PAY, REFERENCE: name })));
    const main = await bench.ask({ ...PAY, NUMQUESTION: '1' });

    for (const reply of [...replies, main]) expect(reply).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
    for (const name of ['a', 'b', 'c']) {
      const gateway = bench.simulator.session(name);
      expect((await gateway.payments({ limit: 10 })).map(({ REFERENCE }) => REFERENCE)).toEqual([name]);
      expect((await gateway.journal({ limit: 10 })).map(({ REFERENCE }) => REFERENCE)).toEqual([name]);
    }
  });

  test('are listed and deleted by name, without effect on the others', async () => {
    const bench = await benchOn(kind);
    for (const name of ['b', 'a']) await askSession(bench, name, PAY);
    expect((await bench.control('GET', '/sessions')).body).toEqual({ sessions: ['a', 'b'] });

    expect((await bench.control('DELETE', '/sessions/a')).status).toBe(204);
    expect((await bench.control('GET', '/sessions')).body).toEqual({ sessions: ['b'] });
    expect((await bench.control('DELETE', '/sessions/a')).status).toBe(404);

    expect(await askSession(bench, 'a', PAY)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
    expect((await askSession(bench, 'b', PAY)).CODEREPONSE).toBe('00005');
  });

  test('never include the main gateway, which cannot be dropped', async () => {
    const bench = await benchOn(kind);
    await bench.ask(PAY);
    expect((await bench.control('GET', '/sessions')).body).toEqual({ sessions: [] });

    const { status, body } = await bench.control('DELETE', '/sessions/main');
    expect(status).toBe(404);
    expect(body.error).toContain('/s/main');
    expect(await bench.simulator.journal()).toHaveLength(1);
    expect((await bench.ask(PAY)).NUMTRANS).toBe('0001000002');
  });

  test('start again with their first number after a reset', async () => {
    const bench = await benchOn(kind);
    await askSession(bench, 'a', PAY);
    await askSession(bench, 'b', PAY);
    await bench.simulator.session('a').reset();

    expect(await askSession(bench, 'a', PAY)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
    expect((await askSession(bench, 'b', { ...PAY, NUMQUESTION: '2' })).NUMTRANS).toBe('0001000002');
  });
});
