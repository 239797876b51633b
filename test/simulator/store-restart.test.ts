import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import { Gateway } from '../../simulator/gateway/gateway.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { openStorage } from '../../simulator/store/open-storage.js';
import { HEAD, NOON } from '../support/question.js';
import { tempFolder } from '../support/temp-folder.js';
import { control, sendQuestion } from './deployment.js';
import { PAY } from './storages.js';

const ids = async (simulator: Simulator): Promise<string[]> =>
  (await control(simulator, 'GET', '/_sim/rules')).rules.map(({ id }: { id: string }) => id);

const accountOf = async (simulator: Simulator, RANG: string) =>
  (await control(simulator, 'GET', '/_sim/accounts')).accounts.find((account: { RANG: string }) => account.RANG === RANG);

/** Returns a function that starts a simulator, always on the same file, and closes it after the work. */
async function makeStarts() {
  const db = join(await tempFolder(), 'state.db');
  return async (options: SimulatorOptions, work: (simulator: Simulator) => Promise<void>): Promise<void> => {
    const simulator = createSimulator({ db, ...options });
    try {
      await work(simulator);
    } finally {
      await simulator.close();
    }
  };
}

describe('after a restart on the same file', () => {
  test('rules, their calls and accounts are restored, whether they came from the control API or from code', async () => {
    const start = await makeStarts();
    await start({}, async (simulator) => {
      await control(simulator, 'POST', '/_sim/rules', { times: 1, match: { REFERENCE: 'a' }, answer: '00105' });
      simulator.gateway.rules.add({ id: 'in code', match: { REFERENCE: 'b' }, answer: '00151' });
      simulator.gateway.setAccount({ SITE: '1999888', RANG: '7', CLE: '1999888I' });
      expect((await sendQuestion(simulator, { ...PAY, REFERENCE: 'a' })).CODEREPONSE).toBe('00105');
    });
    await start({}, async (simulator) => {
      expect(await ids(simulator)).toEqual(['rule-1', 'in code']);
      expect((await sendQuestion(simulator, { ...PAY, REFERENCE: 'a', NUMQUESTION: '2' })).CODEREPONSE).toBe('00000');
      expect((await sendQuestion(simulator, { ...PAY, RANG: '7', REFERENCE: 'b', NUMQUESTION: '3' })).CODEREPONSE).toBe('00151');
    });
  });

  test('a change that the caller did not wait for is restored', async () => {
    const start = await makeStarts();
    await start({}, async (simulator) => {
      simulator.session('a').rules.add({ id: 'x', answer: '00105' });
    });
    await start({}, async (simulator) => {
      expect((await sendQuestion(simulator, PAY, '/s/a')).CODEREPONSE).toBe('00105');
    });
  });

  test('rules of the options replace those of the start before; rules that were added later stay after them', async () => {
    const start = await makeStarts();
    const once = { match: { TYPE: 'pay' }, times: 1, answer: '00105' };
    await start({ rules: [once, { id: 'named', answer: '00000' }] }, async (simulator) => {
      expect(await ids(simulator)).toEqual(['rule-1', 'named']);
      expect((await sendQuestion(simulator, PAY)).CODEREPONSE).toBe('00105');
      await control(simulator, 'POST', '/_sim/rules', { answer: '00003' });
    });
    await start({ rules: [{ answer: '00000', match: { TYPE: 'capture' } }, once] }, async (simulator) => {
      expect(await ids(simulator)).toEqual(['rule-1', 'rule-3', 'rule-2']);
      expect((await sendQuestion(simulator, { ...PAY, NUMQUESTION: '2' })).CODEREPONSE).toBe('00105');
      expect((await sendQuestion(simulator, { ...PAY, NUMQUESTION: '3' })).CODEREPONSE).toBe('00003');
    });
    await start({}, async (simulator) => expect(await ids(simulator)).toEqual(['rule-1', 'rule-3', 'rule-2']));
    await start({ rules: [] }, async (simulator) => expect(await ids(simulator)).toEqual(['rule-2']));
  });

  test('a rule of the options replaces a rule that was added with the same id', async () => {
    const start = await makeStarts();
    await start({}, async (simulator) => {
      await control(simulator, 'POST', '/_sim/rules', { id: 'x', answer: '00105' });
    });
    await start({ rules: [{ id: 'x', answer: '00151' }] }, async (simulator) => {
      expect((await sendQuestion(simulator, PAY)).CODEREPONSE).toBe('00151');
    });
  });

  test('a rule added in code before the file was read is added to the stored rules, and is found by its id', async () => {
    const start = await makeStarts();
    await start({}, async (simulator) => {
      await control(simulator, 'POST', '/_sim/rules', { match: { TYPE: 'capture' }, answer: '00003' });
    });
    await start({}, async (simulator) => {
      const { id } = simulator.gateway.rules.add({ match: { TYPE: 'pay' }, answer: '00105' });
      expect((await sendQuestion(simulator, PAY)).CODEREPONSE).toBe('00105');
      expect(await ids(simulator)).toEqual(['rule-1', id]);
      expect(simulator.gateway.rules.remove(id)).toBe(true);
      expect((await sendQuestion(simulator, { ...PAY, NUMQUESTION: '2' })).CODEREPONSE).toBe('00000');
    });
  });

  test('account settings in the options win; other stored settings stay', async () => {
    const start = await makeStarts();
    await start({ accounts: [{ SITE: '1999888', RANG: '7', CLE: 'KEY', ceiling: 5 }] }, async (simulator) => {
      await control(simulator, 'PUT', '/_sim/accounts/1999888/7', { ceiling: 9, cvvRequired: true });
      await control(simulator, 'PUT', '/_sim/accounts/1999888/8', { CLE: 'KEY' });
    });
    await start({ accounts: [{ SITE: '1999888', RANG: '7', ceiling: 6 }] }, async (simulator) => {
      expect(await accountOf(simulator, '7')).toMatchObject({ CLE: 'KEY', ceiling: 6, cvvRequired: true });
      expect(await accountOf(simulator, '8')).toMatchObject({ CLE: 'KEY' });
    });
  });

  test('a reset restores the options of this start', async () => {
    const start = await makeStarts();
    await start({ rules: [{ id: 'first', answer: '00105' }], clock: '2030-01-01T12:00' }, async () => {});
    await start({ clock: NOON }, async (simulator) => {
      simulator.clock.freeze();
      await control(simulator, 'POST', '/_sim/reset');
      expect(await ids(simulator)).toEqual([]);
      expect(await control(simulator, 'GET', '/_sim/clock')).toMatchObject({
        frozen: false,
        now: expect.stringContaining('2026-06-10T12:00'),
      });
    });
  });
});

test('a change that cannot be written is reverted and reported to saved(), or to the next question', async () => {
  const db = join(await tempFolder(), 'state.db');
  const storage = openStorage(db);
  const store = storage.open('main');
  const gateway = new Gateway('main', store, {});
  await gateway.ready();
  const { changeShared } = store;
  store.changeShared = async () => {
    throw new Error('disk on fire');
  };
  const pay = async (NUMQUESTION: string) => {
    const { reply } = await gateway.answer({ body: encodeForm(Object.entries({ ...HEAD, ...PAY, NUMQUESTION })) });
    return reply.CODEREPONSE;
  };
  gateway.rules.add({ answer: '00105' });
  await expect(gateway.saved()).rejects.toThrow('disk on fire');
  expect(gateway.rules.list()).toEqual([]);
  gateway.rules.add({ answer: '00105' });
  expect(await pay('1')).toBe('00003');
  store.changeShared = changeShared;
  expect(await pay('2')).toBe('00000');
  await storage.close();
});
