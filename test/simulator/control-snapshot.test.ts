import { expect, test } from 'vitest';
import { follow, order, register } from './orders.js';
import { benchOn, STORAGES } from './storages.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests damage
type Json = any;

/** Damages to a snapshot, and the place and the message of the fault that is reported. */
const DAMAGES: readonly (readonly [where: string, what: RegExp, damage: (snapshot: Json) => void])[] = [
  ['content/journal/0/seq', /^must be an integer from 0/, ({ content }) => Object.assign(content.journal[0], { seq: -1 })],
  [
    'content/journal/0/seq',
    /^0 does not follow the start of the journal, 1$/,
    ({ content }) => Object.assign(content.journal[0], { seq: 0 }),
  ],
  ['content/journal/2/seq', /^4 does not follow 2$/, ({ content }) => Object.assign(content.journal[2], { seq: 4 })],
  ['content/journal/1/findings/0', /^must be an object$/, ({ content }) => Object.assign(content.journal[1], { findings: [1] })],
  ['content/journal/1/request/0', /^must have 2 items$/, ({ content }) => Object.assign(content.journal[1], { request: [['A']] })],
  ['content/sequence', /^must be an integer/, ({ content }) => Object.assign(content, { sequence: 2.5 })],
  ['content/sequence', /^must be an integer/, ({ content }) => Object.assign(content, { sequence: 1e21 })],
  [
    'content/payments/0/transactions/0/NUMTRANS',
    /above the last number that was given/,
    ({ content }) => Object.assign(content, { sequence: 0 }),
  ],
  ['content/payments/1/id', /is not above the id of the payment before$/, ({ content }) => content.payments.reverse()],
  ['content/payments/1/id', /is not above/, ({ content }) => Object.assign(content.payments[1], { id: content.payments[0].id })],
  [
    'content/payments/0/transactions/0/NUMTRANS',
    /^must be the id/,
    ({ content }) => Object.assign(content.payments[0].transactions[0], { NUMTRANS: '0000000009' }),
  ],
  [
    'content/payments/1/transactions/0/NUMAPPEL',
    /is a number of the payment 0001000001 too$/,
    ({ content }) => Object.assign(content.payments[1].transactions[0], { NUMAPPEL: content.payments[0].transactions[0].NUMAPPEL }),
  ],
  ['content/payments/0/transactions', /^is empty$/, ({ content }) => Object.assign(content.payments[0], { transactions: [] })],
  [
    'content/payments/0/transactions/0/kind',
    /^no payment begins with .* refund$/,
    ({ content }) => content.payments[0].transactions.shift(),
  ],
  [
    'content/payments/0/transactions/1/MONTANT',
    /^1001 is not possible/,
    ({ content }) => Object.assign(content.payments[0].transactions[1], { MONTANT: 1001 }),
  ],
  [
    'content/payments/0/transactions/1/kind',
    /^a transaction of the kind payment/,
    ({ content }) => Object.assign(content.payments[0].transactions[1], { kind: 'payment' }),
  ],
  [
    'content/payments/0/transactions/0/at',
    /^must be milliseconds/,
    ({ content }) => Object.assign(content.payments[0].transactions[0], { at: 8.64e15 }),
  ],
  [
    'content/payments/0/transactions/0/CODEREPONSE',
    /^must be a response code/,
    ({ content }) => Object.assign(content.payments[0].transactions[0], { CODEREPONSE: '1' }),
  ],
  ['content/payments/0/REFERENCE', /^must be a text/, ({ content }) => Object.assign(content.payments[0], { REFERENCE: '\ud800' })],
  ['content/payments/0/card/sha1', /^must be a SHA-1/, ({ content }) => Object.assign(content.payments[0].card, { sha1: 'x' })],
  ['content/payments/0/colour', /^unknown name$/, ({ content }) => Object.assign(content.payments[0], { colour: 'red' })],
  ['content/subscribers/1', /^is there twice$/, ({ content }) => content.subscribers.push(content.subscribers[0])],
  ['content/questions/0/2', /^must be one to ten digits$/, ({ content }) => Object.assign(content.questions[0], { 2: '-1' })],
  ['content/questions/0', /^must have 4 items$/, ({ content }) => content.questions[0].pop()],
  ['content/tokens/0/1', /^must be a SHA-1/, ({ content }) => Object.assign(content.tokens[0], { 1: 'a\nb' })],
  ['content/cards', /^must be an array$/, ({ content }) => Object.assign(content, { cards: {} })],
  ['content/journal', /^is missing$/, ({ content }) => delete content.journal],
  ['content/journal/0/reply', /^must be an object$/, ({ content }) => Object.assign(content.journal[0], { reply: null })],
  ['content/journal/0/reply', /^must be an object$/, ({ content }) => Object.assign(content.journal[0], { reply: [] })],
  ['content/journal/0/reply', /^must be an object$/, ({ content }) => Object.assign(content.journal[0], { reply: 'SITE=1' })],
  ['accounts/0/authorizationDays', /^must be <= 100000$/, ({ accounts }) => Object.assign(accounts[0], { authorizationDays: 1e9 })],
  ['accounts/0', /^SITE is missing$/, (snapshot) => Object.assign(snapshot.accounts, { 0: { id: 'x', SITE: undefined, RANG: '1' } })],
  ['accounts/1/id', /^is there twice$/, ({ accounts }) => Object.assign(accounts[1], { id: accounts[0].id })],
  ['rules/0/calls', /^must be an integer/, ({ rules }) => Object.assign(rules[0], { calls: -1 })],
  ['rules/0/match/REFERENCE', /Unterminated group/, ({ rules }) => Object.assign(rules[0], { match: { REFERENCE: { pattern: '(' } } })],
  [
    'rules/0/match/__proto__',
    /is not a variable of the gateway/,
    ({ rules }) => Object.assign(rules[0], { match: JSON.parse('{"__proto__":"x"}') }),
  ],
  [
    'content/payments/0/transactions/0/kind',
    /^no payment begins with a transaction of the kind constructor$/,
    ({ content }) => Object.assign(content.payments[0].transactions[0], { kind: 'constructor' }),
  ],
  [
    'content/payments/0/transactions/1/kind',
    /^a transaction of the kind __proto__ cannot follow here$/,
    ({ content }) => Object.assign(content.payments[0].transactions[1], { kind: '__proto__' }),
  ],
  ['rules/1/id', /^is there twice$/, ({ rules }) => rules.push(rules[0])],
  ['clock', /^is not the position of a clock$/, (snapshot) => Object.assign(snapshot, { clock: '{"value":1e300,"frozen":true}' })],
];

test.each(STORAGES)('a damaged snapshot is refused with the place of the fault, and changes nothing stored in $storage', async (kind) => {
  const bench = await benchOn(kind, { rules: [{ id: 'never', match: { REFERENCE: 'never' }, answer: '00105' }] });
  await follow(bench, '00014', await order(bench), '400');
  await register(bench);
  const { body: snapshot } = await bench.control('GET', '/snapshot');
  for (const [where, what, damage] of DAMAGES) {
    const damaged = structuredClone(snapshot);
    damage(damaged);
    const { status, body } = await bench.control('PUT', '/snapshot', damaged);
    expect({ status, ...body }).toEqual({
      status: 400,
      error: expect.stringContaining(`The snapshot is damaged: ${where}: `),
      problems: [{ where, what: expect.stringMatching(what) }],
    });
  }
  expect((await bench.control('GET', '/snapshot')).body).toEqual(snapshot);
  expect((await bench.control('PUT', '/snapshot', snapshot)).status).toBe(204);
  expect((await order(bench)).CODEREPONSE).toBe('00000');
});
