import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';
import { order } from './orders.js';
import { PAY } from './storages.js';

test('adds, lists in order, counts and removes rules', async () => {
  const { ask, control } = openTestSimulator();
  const first = await control('POST', '/rules', { answer: '00105', match: { REFERENCE: { pattern: '^x' } }, times: 1 });
  await control('POST', '/rules', { id: 'second', answer: '00151', match: { TYPE: 'pay', REFERENCE: ['x1', 'x2'] } });
  const codes = [];
  for (const REFERENCE of ['x1', 'x2', 'x3', 'y']) codes.push((await ask({ ...PAY, REFERENCE })).CODEREPONSE);

  expect(codes).toEqual(['00105', '00151', '00000', '00000']);
  const { rules } = (await control('GET', '/rules')).body;
  expect(rules.map(({ id, calls }: { id: string; calls: number }) => [id, calls])).toEqual([
    [first.body.id, 3],
    ['second', 2],
  ]);
  expect((await control('GET', '/rules/second')).body.match).toEqual({ TYPE: '00003', REFERENCE: ['x1', 'x2'] });
  expect((await control('DELETE', '/rules/second')).status).toBe(204);
  expect((await ask({ ...PAY, REFERENCE: 'x2' })).CODEREPONSE).toBe('00000');
  expect((await control('DELETE', '/rules')).status).toBe(204);
  expect((await control('GET', '/rules')).body).toEqual({ rules: [] });
});

test('a rule for a card number shows its mask and still matches the card', async () => {
  const { ask, control } = openTestSimulator();
  const { body } = await control('POST', '/rules', { match: { PORTEUR: '5555555555554444' }, answer: '00157' });
  expect(JSON.stringify(body)).not.toContain('5555555555554444');
  expect(JSON.stringify(body)).toContain('555555******4444');
  expect((await ask({ ...PAY, PORTEUR: '5555555555554444' })).CODEREPONSE).toBe('00157');
  expect((await ask(PAY)).CODEREPONSE).toBe('00000');
});

test.each([
  ['REFERENCE', 'ORDER 7 4012001037141112'],
  ['ID3D', '74012001037141112123'],
])('a rule for a %s that contains a card number shows it masked and still matches', async (name, value) => {
  const { ask, control } = openTestSimulator({
    accounts: [{ SITE: '1999888', RANG: '32', id3d: { '74012001037141112123': 'authenticated' } }],
  });
  const { body } = await control('POST', '/rules', { match: { [name]: [value, 'other'] }, answer: '00157' });
  expect(body.match[name]).toHaveLength(2);
  expect(JSON.stringify(body)).not.toContain('4012001037141112');
  expect((await ask({ ...PAY, [name]: value })).CODEREPONSE).toBe('00157');
});

test.each<readonly [where: string, rule: object]>([
  ['id', { id: '4012001037141112', answer: '00105' }],
  ['comment', { answer: { code: '00105', comment: 'card 4012 0010 3714 1112' } }],
  ['comment', { answer: { code: '00105', comment: 'cvv=739' } }],
  ['NUMQUESTION', { fault: { echo: { NUMQUESTION: '4012001037141112' } } }],
  ['REFERENCE', { answer: '00105', match: { REFERENCE: { pattern: '^4012[ -]?0010 ?3714 ?1112$' } } }],
])('a rule with a card number or a CVV in %s, which is shown as it is, is refused: %j', async (where, rule) => {
  const { control } = openTestSimulator();
  const { status, body } = await control('POST', '/rules', rule);
  expect(status).toBe(400);
  expect(body.error).toMatch(new RegExp(`^${where}: .*must not contain a card number`));
  expect((await control('GET', '/rules')).body).toEqual({ rules: [] });
});

test.each<readonly [rule: object, error: RegExp]>([
  [{ id: 'r', answer: '00105' }, /^id: there is a rule r already; delete it first\.$/],
  [{ answer: '00105', match: { REFERENCE: { pattern: '(' } } }, /^REFERENCE: .*Unterminated group/],
  [{ answer: '00105', payment: { NUMTRANS: { pattern: '[' } } }, /^NUMTRANS: .*character class/],
  [{ match: { TYPE: '1' } }, /^A rule has an answer \(a CODEREPONSE\), a fault, an authentication or a checkout\.$/],
])('%j is refused with the reason', async (rule, error) => {
  const { control } = openTestSimulator({ rules: [{ id: 'r', answer: '00151' }] });
  const { status, body } = await control('POST', '/rules', rule);
  expect(status).toBe(400);
  expect(body.error).toMatch(error);
  expect((await control('GET', '/rules')).body.rules).toHaveLength(1);
});

test.each<readonly [rule: object, where: string, what: RegExp]>([
  [{ answer: '00105', fault: { reply: 'lost' } }, 'fault/reply', /^must be one of drop, never, half/],
  [{ answer: '9999' }, 'answer', /five digits or letters .*`paybox-sim codes`/],
  [{ answer: { code: '0015' } }, 'answer/code', /^Five digits or letters/],
  [{ answer: { comment: 'x' } }, 'answer', /^code is missing/],
  [{ answer: { code: '00105', commentaire: 'x' } }, 'answer/commentaire', /^unknown name "commentaire"; known here: code, comment/],
  [{ answer: '00105', from: 0 }, 'from', />= 1/],
  [{ answer: '00105', match: { REFERENCE: [] } }, 'match/REFERENCE', /fewer than 1 items/],
  [{ answer: '00105', match: { REFERENCE: { regex: 'x' } } }, 'match/REFERENCE', /^A value, a list of values/],
  [{ answer: '00105', payment: { MONTANT: '1' } }, 'payment/MONTANT', /^unknown name "MONTANT"; known here: REFERENCE, REFABONNE/],
  [{ answer: '00105', id: 'a b' }, 'id', /pattern/],
])('%j is refused with the place of the problem', async (rule, where, what) => {
  const { status, body } = await openTestSimulator().control('POST', '/rules', rule);
  expect(status).toBe(400);
  expect(body.problems).toContainEqual({ where, what: expect.stringMatching(what) });
});

test.each(['GET', 'DELETE'])('%s of an unknown rule is answered 404 with its id', async (method) => {
  const answer = await openTestSimulator().control(method, '/rules/nobody');
  expect(answer).toEqual({ status: 404, body: { error: 'Rule not found: nobody. GET /_sim/rules lists the rules.' } });
});

test.each([
  [{ code: '00105', comment: 'Refus & co' }, /^comment: a reply cannot carry "&"/],
  [{ code: '00105', comment: '12 €' }, /^comment: a reply cannot carry "€"/],
  [{ code: '00105', comment: 'a\nb' }, /^comment: a reply cannot carry "\\n"/],
  [{ code: '00000', comment: 'Bravo' }, /^comment: with 00000 the question gets its ordinary reply/],
])('an answer %j is refused, because the reply could not have it', async (answer, error) => {
  const { status, body } = await openTestSimulator().control('POST', '/rules', { answer });
  expect(status).toBe(400);
  expect(body.error).toMatch(error);
});

test('a comment is sent as it is written, also with = and accents', async () => {
  const bench = openTestSimulator();
  await bench.control('POST', '/rules', { answer: { code: '00105', comment: 'Refusé : motif=12' } });
  expect((await order(bench)).COMMENTAIRE).toBe('Refusé : motif=12');
});

test.each(['__proto__', 'constructor', 'toString'])('a condition on %s, which is no variable, is refused', async (name) => {
  const { simulator } = openTestSimulator();
  const values = ['"x"', '["x"]', '{"pattern":"x"}', '{"present":true}'];
  for (const value of values) {
    const response = await simulator.fetch(
      new Request('http://localhost/_sim/rules', { method: 'POST', body: `{"match":{"${name}":${value}},"answer":"00105"}` }),
    );
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(`${name} is not a variable of the gateway`)]);
  }
});

test.each(['.', '..'])('the id %s, which no path can hold, is refused', async (id) => {
  const { status, body } = await openTestSimulator().control('POST', '/rules', { id, answer: '00105' });
  expect([status, body.error]).toEqual([400, `id: ${id} cannot be the name of a rule.`]);
});

/** Patterns that earlier versions supported, and the reasons why this one does not. */
const UNSUPPORTED: readonly (readonly [pattern: string, reason: RegExp])[] = [
  ['(a)\\1', /^REFERENCE: references to a group \(\\1\) are not supported\.$/],
  ['(?<=a)b', /^REFERENCE: \(\?<= is supported only at the start/],
  ['a{2000}', /^REFERENCE: the counts in \{\} add up to more than 1000\.$/],
  ['^(?=a)b|c', /^REFERENCE: after a lookahead, write alternatives in a group/],
  ['(a{100}){100}', /^REFERENCE: .*repeat/],
  ['x'.repeat(600), /^REFERENCE: a pattern has at most 500 characters\.$/],
];

describe.each(UNSUPPORTED)('a stored rule with the pattern %s, which is not supported any more,', (pattern, reason) => {
  const REFERENCE = `aab ${pattern.slice(0, 100)} c`;

  /** A simulator on a file in which an earlier version stored the rule, and another rule. */
  async function openEarlier(): Promise<TestSimulator> {
    const db = join(await tempFolder(), 'state.db');
    const earlier = openTestSimulator({ db });
    await earlier.control('POST', '/rules', { id: 'old', match: { REFERENCE: { pattern: 'PATTERN' } }, answer: '00105' });
    await earlier.control('POST', '/rules', { id: 'other', match: { MONTANT: '777' }, answer: '00151' });
    await earlier.simulator.close();
    const database = new Database(db);
    database.prepare('UPDATE gateways SET shared = replace(shared, \'"PATTERN"\', ?)').run(JSON.stringify(pattern));
    database.close();
    return openTestSimulator({ db });
  }

  test('matches nothing, and is shown as disabled', async () => {
    const { ask, control, simulator } = await openEarlier();
    expect((await ask({ ...PAY, REFERENCE })).CODEREPONSE).toBe('00000');
    expect((await ask({ ...PAY, MONTANT: '777' })).CODEREPONSE).toBe('00151');
    const disabled = expect.stringMatching(reason);
    const { rules } = (await control('GET', '/rules')).body;
    expect(rules).toMatchObject([{ id: 'old', calls: 0, disabled }, { id: 'other' }]);
    expect(rules[1]).not.toHaveProperty('disabled');
    expect((await control('GET', '/rules/old')).body).toEqual(rules[0]);
    expect(await simulator.gateway.disabledRules()).toEqual(new Map([['old', disabled]]));
    const page = await (await simulator.fetch(new Request('http://localhost/_sim/ui/rules'))).text();
    expect(page.match(/disabled<\/span>/g)).toHaveLength(1);
  });

  test('is in the snapshot, which can be restored', async () => {
    const { ask, control } = await openEarlier();
    const { body: snapshot } = await control('GET', '/snapshot');
    const other = openTestSimulator();
    expect((await other.control('PUT', '/snapshot', snapshot)).status).toBe(204);
    expect((await other.ask({ ...PAY, REFERENCE })).CODEREPONSE).toBe('00000');
    expect((await other.control('GET', '/rules')).body).toEqual((await control('GET', '/rules')).body);
    expect((await ask({ ...PAY, REFERENCE })).CODEREPONSE).toBe('00000');
  });
});
