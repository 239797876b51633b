import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { RuleInput, Simulator, SimulatorOptions } from '../../simulator/index.js';
import { NOON, numbersOf, type Variables } from '../support/question.js';
import { control, openDeployment, sendQuestion } from './deployment.js';
import { HOSTED, PAY, SHARED_STORAGES } from './storages.js';

/** One action in one of the processes. `replies` are the replies to the earlier questions, `memory` passes a snapshot to later actions. */
type ProcessAction = (simulator: Simulator, replies: readonly Variables[], memory: { snapshot?: unknown }) => Promise<unknown>;

const SETTINGS: SimulatorOptions = {
  clock: NOON,
  accounts: [{ SITE: '1999888', RANG: '99', oneCardADay: true }],
  rules: [{ id: 'configured', match: { REFERENCE: 'cursed' }, times: 2, answer: '00151' }],
  payments: [HOSTED],
};

const path = fc.constantFrom('', '', '/s/a');
const REFERENCES = ['a', 'b', 'cursed'] as const;

const paying: fc.Arbitrary<ProcessAction> = fc
  .record({
    TYPE: fc.constantFrom('00001', '00003'),
    REFERENCE: fc.constantFrom(...REFERENCES),
    RANG: fc.constantFrom('32', '99', '7'),
    NUMQUESTION: fc.integer({ min: 1, max: 40 }).map(String),
    path,
  })
  .map(
    ({ path: where, ...variables }) =>
      (simulator) =>
        sendQuestion(simulator, { ...PAY, CLE: '1999888I', ...variables }, where),
  );

const following: fc.Arbitrary<ProcessAction> = fc
  .record({
    TYPE: fc.constantFrom('00002', '00005', '00014', '00017'),
    which: fc.nat(),
    NUMQUESTION: fc.integer({ min: 41, max: 80 }).map(String),
    path,
  })
  .map(({ which, path: where, ...variables }) => (simulator, replies) => {
    const numbers = numbersOf(replies[which % Math.max(1, replies.length)] ?? { NUMTRANS: '42', NUMAPPEL: '43' });
    return sendQuestion(simulator, { ...variables, MONTANT: '1000', DEVISE: '978', ...numbers }, where);
  });

const rule: fc.Arbitrary<RuleInput> = fc.record(
  {
    match: fc.constantFrom({ TYPE: 'pay' }, { REFERENCE: 'a' }, {}),
    times: fc.integer({ min: 0, max: 2 }),
    answer: fc.constantFrom('00105', '00003', '00000'),
    id: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['match', 'times', 'answer'] },
);

const call = (method: string, where: string, body?: unknown): ProcessAction => {
  return (simulator) => control(simulator, method, where, body);
};

const changing: fc.Arbitrary<ProcessAction> = fc.tuple(path, rule, fc.nat(3)).chain(([where, input, n]) =>
  fc.constantFrom<ProcessAction>(
    call('POST', `${where}/_sim/rules`, input),
    call('DELETE', `${where}/_sim/rules/rule-${n}`),
    call('DELETE', `${where}/_sim/rules/x`),
    call('DELETE', `${where}/_sim/rules`),
    call('PUT', `${where}/_sim/accounts/1999888/7`, { CLE: '1999888I', ceiling: n * 500 }),
    call('POST', `${where}/_sim/clock/advance`, { by: 'P1D' }),
    call('POST', `${where}/_sim/clock/remit`),
    call('PUT', `${where}/_sim/clock`, { now: NOON, frozen: true }),
    // In code, without waiting for the store: the next question of the same process sees the changes.
    async (simulator) => {
      const gateway = where === '' ? simulator.gateway : simulator.session('a');
      gateway.rules.clear();
      gateway.rules.add({ id: 'in code', times: 1, answer: '00157' });
      gateway.setAccount({ SITE: '1999888', RANG: '7', CLE: '1999888I', ceiling: n });
      const reply = await sendQuestion(simulator, { ...PAY, NUMQUESTION: String(90 + n) }, where);
      return [reply, gateway.rules.list(), gateway.account('1999888', '7')];
    },
  ),
);

const whole: fc.Arbitrary<ProcessAction> = fc.constantFrom<ProcessAction>(
  call('POST', '/_sim/reset'),
  call('POST', '/s/a/_sim/reset'),
  call('DELETE', '/_sim/sessions/a'),
  call('GET', '/_sim/sessions'),
  async (simulator, _, memory) => {
    memory.snapshot = await control(simulator, 'GET', '/_sim/snapshot');
    return memory.snapshot;
  },
  (simulator, _, memory) => control(simulator, 'PUT', '/_sim/snapshot', memory.snapshot ?? {}),
);

const actionLists = fc.array(
  fc.tuple(
    fc.nat(),
    fc.oneof(
      { weight: 6, arbitrary: paying },
      { weight: 3, arbitrary: following },
      { weight: 5, arbitrary: changing },
      { weight: 2, arbitrary: whole },
    ),
  ),
  { minLength: 5, maxLength: 30, size: 'max' },
);

const LISTS = ['/rules', '/accounts', '/clock', '/payments', '/subscribers', '/journal'];

/** Returns what the control API of a process shows for both gateways. */
async function stateOf(simulator: Simulator): Promise<unknown[]> {
  const paths = LISTS.flatMap((list) => [`/_sim${list}`, `/s/a/_sim${list}`]);
  return Promise.all(paths.map((where) => control(simulator, 'GET', where)));
}

async function runActions(simulators: readonly Simulator[], actions: readonly (readonly [number, ProcessAction])[]): Promise<unknown> {
  const replies: Variables[] = [];
  const memory = {};
  const results: unknown[] = [];
  for (const [n, action] of actions) {
    const result = await action(simulators[n % simulators.length] as Simulator, replies, memory);
    results.push(result);
    if ((result as Variables | undefined)?.NUMTRANS) replies.push(result as Variables);
  }
  return { results, state: await stateOf(simulators[0] as Simulator) };
}

const SETS = /^(questions|cards|payments)$/;

/** Sorts lists whose order is undefined. */
function sortSets(value: unknown): unknown {
  const rank = (item: unknown): string => (item as { id?: string }).id ?? String(item);
  const sorted = (name: string, part: unknown): unknown =>
    SETS.test(name) ? [...(part as unknown[])].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)) : part;
  return JSON.parse(JSON.stringify(value), sorted);
}

test.each(SHARED_STORAGES)(
  'gateways of two processes on one $storage behave like one gateway in memory',
  { timeout: 120_000 },
  async ({ storage, options }) => {
    // Running clocks show the same time in both deployments.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-06-10T10:00:00Z') });
    onTestFinished(() => void vi.useRealTimers());
    await fc.assert(
      fc.asyncProperty(actionLists, async (actions) => {
        const two = openDeployment(2, { ...SETTINGS, ...(await options()) });
        const one = openDeployment(1, SETTINGS);
        const [got, expected] = [await runActions(two, actions), await runActions(one, actions)];
        expect(sortSets(got)).toEqual(sortSets(expected));
        expect(sortSets(await stateOf(two[1] as Simulator))).toEqual(sortSets((got as { state: unknown }).state));
        for (const simulator of [...two, ...one]) await simulator.close();
      }),
      { numRuns: storage === 'PostgreSQL' ? 6 : 12 },
    );
  },
);

describe.each(SHARED_STORAGES)('concurrently, gateways of several processes on one $storage', ({ options }) => {
  const processes = async (more: SimulatorOptions = {}) => openDeployment(3, { clock: NOON, ...(await options()), ...more });
  const spread = <Result>(all: readonly Simulator[], count: number, work: (simulator: Simulator, n: number) => Promise<Result> | Result) =>
    Promise.all(Array.from({ length: count }, (_, n) => work(all[n % all.length] as Simulator, n)));

  test('apply a rule with times: 1 once, and count all its calls', async () => {
    const all = await processes({ rules: [{ id: 'once', times: 1, answer: '00105' }] });
    const replies = await spread(all, 90, (simulator, n) => sendQuestion(simulator, { ...PAY, NUMQUESTION: String(n + 1) }));
    expect(replies.filter(({ CODEREPONSE }) => CODEREPONSE === '00105')).toHaveLength(1);
    expect(replies.filter(({ CODEREPONSE }) => CODEREPONSE === '00000')).toHaveLength(89);
    for (const simulator of all) expect((await control(simulator, 'GET', '/_sim/rules/once')).calls).toBe(90);
  });

  test('add rules in code and through the control API: none is lost, and all have different ids', async () => {
    const all = await processes();
    await spread(all, 30, async (simulator, n) => {
      if (n % 2 === 0) simulator.gateway.rules.add({ answer: '00105' });
      else await control(simulator, 'POST', '/_sim/rules', { answer: '00105' });
      await simulator.gateway.saved();
    });
    for (const simulator of all) {
      const { rules } = await control(simulator, 'GET', '/_sim/rules');
      expect(new Set(rules.map(({ id }: { id: string }) => id)).size).toBe(30);
    }
  });

  test('accept one of several rules with the same id, and reject the others', async () => {
    const all = await processes();
    const answers = await spread(all, 6, (simulator) => control(simulator, 'POST', '/_sim/rules', { id: 'x', answer: '00105' }));
    expect(answers.filter(({ id }) => id === 'x')).toHaveLength(1);
    expect(answers.filter(({ error }) => /there is a rule x already/.test(error ?? ''))).toHaveLength(5);
  });

  test('advance the clock by the sum of all requests', async () => {
    const all = await processes();
    for (const simulator of all) await simulator.gateway.ready();
    await spread(all, 12, (simulator) => control(simulator, 'POST', '/_sim/clock/advance', { by: 'PT1H' }));
    for (const simulator of all) expect((await control(simulator, 'GET', '/_sim/clock')).now).toMatch(/^2026-06-11T00:0/);
  });

  test('change different settings of one account', async () => {
    const all = await processes();
    const settings = [{ ceiling: 5 }, { cvvRequired: true }, { oneCardADay: true }];
    await spread(all, 3, (simulator, n) => control(simulator, 'PUT', '/_sim/accounts/1999888/32', settings[n]));
    for (const simulator of all) {
      const { accounts } = await control(simulator, 'GET', '/_sim/accounts');
      expect(accounts[0]).toMatchObject({ id: '1999888/032', ceiling: 5, cvvRequired: true, oneCardADay: true });
    }
  });

  test('import the payments of their settings once', async () => {
    const all = await processes({ payments: [HOSTED] });
    const lists = await spread(all, 3, (simulator) => control(simulator, 'GET', '/s/a/_sim/payments'));
    expect(lists.map(({ payments }) => payments.length)).toEqual([1, 1, 1]);
  });
});

test.each(SHARED_STORAGES)(
  'a question is admitted again after another process changed the configuration ($storage)',
  async ({ options }) => {
    const [left, right] = openDeployment(2, await options()) as [Simulator, Simulator];
    await sendQuestion(right, { ...PAY, NUMQUESTION: '1' });
    await control(left, 'PUT', '/_sim/accounts/1999888/7', { CLE: '1999888I' });
    expect((await sendQuestion(right, { ...PAY, RANG: '7', NUMQUESTION: '2' })).CODEREPONSE).toBe('00000');
    await control(left, 'PUT', '/_sim/clock', { now: '2030-01-01T12:00', frozen: true });
    await sendQuestion(right, { ...PAY, NUMQUESTION: '3' });
    expect((await right.journal({ limit: 1 }))[0]?.at).toBe(Date.parse('2030-01-01T12:00+01:00'));
  },
);

test.each(SHARED_STORAGES)(
  'a session that another process deleted starts again, with the payments of the settings ($storage)',
  async ({ options }) => {
    const [left, right] = openDeployment(2, { ...SETTINGS, ...(await options()) }) as [Simulator, Simulator];
    await sendQuestion(right, { ...PAY, NUMQUESTION: '1' }, '/s/a');
    await control(right, 'POST', '/s/a/_sim/rules', { answer: '00105' });
    expect(await control(left, 'DELETE', '/_sim/sessions/a')).toBeUndefined();
    expect(await control(right, 'GET', '/_sim/sessions')).toEqual({ sessions: [] });

    expect(await sendQuestion(right, { ...PAY, NUMQUESTION: '1' }, '/s/a')).toMatchObject({ CODEREPONSE: '00000', NUMTRANS: '0001000001' });
    expect((await sendQuestion(left, { TYPE: '00017', NUMTRANS: '42', NUMQUESTION: '2' }, '/s/a')).CODEREPONSE).toBe('00000');
    expect((await control(left, 'GET', '/s/a/_sim/rules')).rules.map(({ id }: { id: string }) => id)).toEqual(['configured']);
  },
);
