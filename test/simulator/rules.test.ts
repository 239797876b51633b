import { RE2JS } from 're2js';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { magicCard } from '../../contracts/index.js';
import { RuleError, type RuleInput } from '../../simulator/index.js';
import type { Variables } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { follow, inquire, ORDER, onSubscriber, order, register } from './orders.js';
import { SHARED_STORAGES } from './storages.js';

const benchWith = (...rules: RuleInput[]): TestSimulator => openTestSimulator({ rules });
const USA = '4012001037141112';

describe('a condition of a rule on the request', () => {
  test.each<[string, RuleInput['match'], Variables, Variables]>([
    ['one value', { REFERENCE: 'order-1' }, { REFERENCE: 'order-1' }, { REFERENCE: 'order-10' }],
    ['several values', { REFERENCE: ['order-1', 'order-2'] }, { REFERENCE: 'order-2' }, { REFERENCE: 'order-3' }],
    ['a pattern', { REFERENCE: { pattern: '^web-\\d+$' } }, { REFERENCE: 'web-12' }, { REFERENCE: 'web-x' }],
    ['present', { CVV: { present: true } }, { CVV: '123' }, {}],
    ['present but empty', { ARCHIVAGE: { present: true } }, { ARCHIVAGE: '' }, {}],
    ['absent', { ARCHIVAGE: { present: false } }, {}, { ARCHIVAGE: 'a' }],
    ['a number with leading zeros', { MONTANT: '01000' }, { MONTANT: '1000' }, { MONTANT: '100' }],
    ['TYPE by number', { TYPE: '3' }, { TYPE: '00003' }, { TYPE: '00001' }],
    ['TYPE by name', { TYPE: 'authorize' }, { TYPE: '1' }, { TYPE: '00003' }],
    ['TYPE by number or name', { TYPE: ['pay', '00012'] }, { TYPE: '12' }, { TYPE: '00001' }],
    ['a card number', { PORTEUR: USA }, { PORTEUR: USA }, { PORTEUR: '4012001038443335' }],
    ['several card numbers', { PORTEUR: ['5555555555554444', USA] }, { PORTEUR: USA }, { PORTEUR: '4012001038443335' }],
    ['the first digits of a card', { PORTEUR: { pattern: '^4' } }, { PORTEUR: USA }, { PORTEUR: '5555555555554444' }],
    ['several conditions', { REFERENCE: 'order-1', MONTANT: '500' }, { MONTANT: '500' }, { MONTANT: '501' }],
  ])('%s', async (_, match, matching, other) => {
    const bench = benchWith({ match: match ?? {}, answer: '00105' });
    const question = { TYPE: '00003', MONTANT: '1000', DEVISE: '978', REFERENCE: 'order-1', PORTEUR: '1111222233334444', DATEVAL: '1299' };
    expect((await bench.ask({ ...question, ...matching })).CODEREPONSE).toBe('00105');
    expect((await bench.ask({ ...question, ...other })).CODEREPONSE).toBe('00000');
  });

  test('none: the rule matches every question', async () => {
    const bench = benchWith({ answer: '00001' });
    expect((await order(bench)).CODEREPONSE).toBe('00001');
    expect((await inquire(bench, { NUMTRANS: '1', NUMAPPEL: '1' })).CODEREPONSE).toBe('00001');
  });
});

describe('a condition of a rule on the named payment', () => {
  const refusesRefunds = (payment: RuleInput['payment']): RuleInput => ({
    match: { TYPE: 'refund' },
    payment: payment ?? {},
    answer: '00003',
  });

  test.each<[string, RuleInput['payment'], Variables]>([
    ['REFERENCE', { REFERENCE: 'order-2' }, { REFERENCE: 'order-2' }],
    ['REFERENCE by pattern', { REFERENCE: { pattern: '2$' } }, { REFERENCE: 'order-2' }],
    ['PORTEUR', { PORTEUR: USA }, { PORTEUR: USA }],
    ['PORTEUR by pattern of the mask', { PORTEUR: { pattern: '^401200' } }, { PORTEUR: USA }],
    ['NUMTRANS', { NUMTRANS: '1000002' }, {}],
  ])('%s', async (_, payment, variables) => {
    const bench = benchWith(refusesRefunds(payment));
    const other = await order(bench);
    const named = await order(bench, variables);
    expect((await follow(bench, '00014', named, '1000')).CODEREPONSE).toBe('00003');
    expect((await follow(bench, '00014', other, '1000')).CODEREPONSE).toBe('00000');
  });

  test('REFABONNE', async () => {
    const bench = benchWith(refusesRefunds({ REFABONNE: 'alice' }));
    const paid = await bench.ask({ TYPE: '00053', ...onSubscriber(await register(bench)) });
    expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00003');
    expect((await follow(bench, '00014', await order(bench), '1000')).CODEREPONSE).toBe('00000');
  });

  test('numbers of any transaction of the payment', async () => {
    const bench = openTestSimulator();
    const authorized = await order(bench, { TYPE: '00001' });
    const captured = await follow(bench, '00002', authorized, '1000');
    bench.simulator.gateway.rules.add(refusesRefunds({ NUMAPPEL: captured.NUMAPPEL ?? '' }));
    expect((await follow(bench, '00014', authorized, '1000')).CODEREPONSE).toBe('00003');
  });

  test('the rule does not match a question that names no payment', async () => {
    const bench = benchWith({ payment: { REFERENCE: { present: false } }, answer: '00003' });
    expect((await order(bench)).CODEREPONSE).toBe('00000');
  });
});

describe('the calls for which a rule takes effect', () => {
  test.each([
    [{ from: 2 }, ['00000', '00105', '00105', '00105']],
    [{ times: 2 }, ['00105', '00105', '00000', '00000']],
    [{ from: 2, times: 2 }, ['00000', '00105', '00105', '00000']],
    [{ times: 0 }, ['00105', '00105', '00105', '00105']],
  ])('are limited by %o', async (limits, codes) => {
    const bench = benchWith({ id: 'r', match: { TYPE: 'pay' }, answer: '00105', ...limits });
    const answers: (string | undefined)[] = [];
    for (const _ of codes) {
      await order(bench, { TYPE: '00001' });
      answers.push((await order(bench)).CODEREPONSE);
    }
    expect(answers).toEqual(codes);
    expect(bench.simulator.gateway.rules.get('r')?.calls).toBe(codes.length);
  });

  test('do not include questions with a repeated number or a malformed variable', async () => {
    const bench = benchWith({ id: 'r', match: { TYPE: 'pay' }, answer: '00000' });
    await order(bench, { NUMQUESTION: '7' });
    await order(bench, { NUMQUESTION: '7' });
    await order(bench, { MONTANT: '0' });
    expect(bench.simulator.gateway.rules.get('r')?.calls).toBe(1);
  });
});

describe('several rules', () => {
  test('are evaluated in their order, and the first with an answer takes effect', async () => {
    const bench = benchWith({ answer: '00105', times: 1 }, { answer: '00151', times: 2 }, { answer: '00159' });
    const answers = [await order(bench), await order(bench), await order(bench)];
    expect(answers.map(({ CODEREPONSE }) => CODEREPONSE)).toEqual(['00105', '00151', '00159']);
  });

  test('have no effect after they are removed', async () => {
    const bench = benchWith({ id: 'a', answer: '00105' }, { id: 'b', answer: '00151' });
    expect(bench.simulator.gateway.rules.remove('a')).toBe(true);
    expect((await order(bench)).CODEREPONSE).toBe('00151');
    bench.simulator.gateway.rules.clear();
    expect((await order(bench)).CODEREPONSE).toBe('00000');
  });
});

describe('an answer of 00000', () => {
  test('gives the question its ordinary answer and overrides later rules, the account, magic cards and amounts', async () => {
    const bench = benchWith({ match: { REFERENCE: 'vip' }, answer: '00000' }, { answer: '00105' });
    bench.simulator.gateway.setAccount({ SITE: '1999888', RANG: '32', answer: '00003' });
    const vip = await order(bench, { REFERENCE: 'vip', PORTEUR: magicCard('00151'), MONTANT: '9900154' });
    expect(vip.CODEREPONSE).toBe('00000');
    expect((await order(bench)).CODEREPONSE).toBe('00105');
  });

  test('does not prevent refusals of the gateway', async () => {
    expect((await order(benchWith({ answer: '00000' }), { DATEVAL: '0120' })).CODEREPONSE).toBe('00008');
  });
});

test('a rule overrides a magic card, and ERRORCODETEST overrides a rule', async () => {
  const bench = benchWith({ answer: '00105' });
  expect((await order(bench, { PORTEUR: magicCard('00151') })).CODEREPONSE).toBe('00105');
  expect((await order(bench, { ERRORCODETEST: '00097' })).CODEREPONSE).toBe('00097');
});

test('a refusal of the issuer by a rule makes a refused payment', async () => {
  const bench = benchWith({ answer: '00105' });
  const refused = await order(bench);
  bench.simulator.gateway.rules.clear();
  expect((await inquire(bench, refused)).STATUS).toBe('Refusé');
});

test('a rule does not store card numbers', () => {
  const bench = benchWith(
    { match: { PORTEUR: USA }, answer: '00105' },
    { payment: { PORTEUR: [USA, '5555555555554444'] }, answer: '00105' },
  );
  const stored = JSON.stringify(bench.simulator.gateway.rules.list());
  expect(stored).toContain('401200******1112');
  expect(stored).not.toMatch(/4012001037141112|5555555555554444/);
});

// With JavaScript's engine of regular expressions, these tests do not end.
describe('a pattern that takes exponential time in other engines is matched at once', () => {
  const endless = { pattern: '^(a+)+$' };
  const REFERENCE = `${'a'.repeat(200)}!`;

  test('of the request', async () => {
    const { ask, control } = openTestSimulator();
    expect((await control('POST', '/rules', { match: { REFERENCE: endless }, answer: '00105' })).status).toBe(200);
    expect((await ask({ ...ORDER, TYPE: '00003', REFERENCE })).CODEREPONSE).toBe('00000');
    expect((await ask({ ...ORDER, TYPE: '00003', REFERENCE: 'aaa' })).CODEREPONSE).toBe('00105');
  });

  test('of the named payment, in the settings', async () => {
    const bench = benchWith({ match: { TYPE: 'refund' }, payment: { REFERENCE: endless }, answer: '00105' });
    const paid = await order(bench, { REFERENCE });
    expect((await follow(bench, '00014', paid, '1000')).CODEREPONSE).toBe('00000');
  });

  test('restored from a snapshot', async () => {
    const { ask, control } = openTestSimulator();
    await control('POST', '/rules', { match: { REFERENCE: { pattern: 'x' } }, answer: '00105' });
    const { body: snapshot } = await control('GET', '/snapshot');
    const restored = { ...snapshot, rules: [{ ...snapshot.rules[0], match: { REFERENCE: endless } }] };
    expect((await control('PUT', '/snapshot', restored)).status).toBe(204);
    expect((await ask({ ...ORDER, TYPE: '00003', REFERENCE })).CODEREPONSE).toBe('00000');
  });
});

test.each(SHARED_STORAGES)('the patterns of many rules are compiled once in $storage', async ({ options }) => {
  const db = await options();
  const deployment = 'patterns';
  const rules = Array.from({ length: 250 }, (_, n): RuleInput => ({ match: { REFERENCE: { pattern: `^many-${n}$` } }, answer: '00105' }));
  const [bench, other] = [1, 2].map(() => openTestSimulator({ ...db, deployment, rules })) as [TestSimulator, TestSimulator];
  let questions = 0;
  const pay = ({ ask }: TestSimulator, REFERENCE: string) => ask({ ...ORDER, TYPE: '00003', REFERENCE, NUMQUESTION: String(++questions) });
  for (const each of [bench, other]) await pay(each, 'other');
  const compile = vi.spyOn(RE2JS, 'compile');
  onTestFinished(() => compile.mockRestore());
  // Each answer changes the number of calls of a rule, which the other simulator reads.
  for (const each of [bench, other, bench]) expect((await pay(each, 'many-200')).CODEREPONSE).toBe('00105');
  expect(compile).not.toHaveBeenCalled();
});

test.each<[string, RuleInput]>([
  ['a reference to a group in a pattern', { match: { REFERENCE: { pattern: '(a)\\1' } }, answer: '00105' }],
  ['a lookbehind in a pattern', { match: { REFERENCE: { pattern: '(?<=a)b' } }, answer: '00105' }],
  ['a delay whose minimum is above its maximum', { fault: { delay: { min: 2, max: 1 } } }],
  ['a code of four digits', { answer: '1234' }],
  ['an invalid pattern', { match: { REFERENCE: { pattern: '(' } }, answer: '00105' }],
  ['an invalid pattern for the payment', { payment: { REFERENCE: { pattern: '[' } }, answer: '00105' }],
  ['a card number in a pattern', { match: { PORTEUR: { pattern: '^4012001037141112$' } }, answer: '00105' }],
  ['an id that exists', { id: 'taken', answer: '00105' }],
])('a rule with %s cannot be added', (_, rule) => {
  const bench = benchWith({ id: 'taken', answer: '00000' });
  expect(() => bench.simulator.gateway.rules.add(rule)).toThrow(RuleError);
  expect(bench.simulator.gateway.rules.list()).toHaveLength(1);
});
