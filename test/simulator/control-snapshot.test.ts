import { expect, test } from 'vitest';
import { withAuthentications } from '../support/authentications.js';
import { follow, order, register } from './orders.js';
import { benchOn, PAY, STORAGES } from './storages.js';

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests damage
type Json = any;

type Damage = readonly [where: string, what: RegExp, damage: (snapshot: Json) => void];

/** A damage to the authentication at an index. */
const authentication = (index: number, property: string, what: RegExp, changes: object): Damage => [
  `content/authentications/${index}${property && `/${property}`}`,
  what,
  ({ content }) => Object.assign(content.authentications[index], changes),
];

const fault = (name: string, what: RegExp, value: unknown): Damage =>
  authentication(1, `faults/browser/${name}`, what, { faults: { browser: { [name]: value } } });

/** Damages to the authentications of {@link withAuthentications}. */
const AUTHENTICATION_DAMAGES: readonly Damage[] = [
  authentication(0, 'ID3D', /^must be 200 and ten digits$/, { ID3D: '1000001000005' }),
  authentication(0, 'ID3D', /^must be 200 and ten digits$/, { ID3D: 2000001000005 }),
  authentication(0, 'ID3D', /^0000000005 is below the first number of a gateway$/, { ID3D: '2000000000005' }),
  authentication(2, 'ID3D', /^0001000099 is above the last number that was given by content\/sequence, 00010000/, {
    ID3D: '2000001000099',
  }),
  [
    'content/authentications/1/ID3D',
    /is not above the ID3D of the authentication before$/,
    ({ content }) => content.authentications.reverse(),
  ],
  ['content/authentications/1/ID3D', /is not above/, ({ content }) => content.authentications.unshift(content.authentications[0])],
  ['content/authentications/2/ID3D', /is above the last number that was given/, ({ content }) => content.sequence--],
  authentication(0, 'account', /^must be an account, SITE\/RANG$/, { account: '1999888' }),
  authentication(0, 'IdSession', /^must be a text of 1 to 500 characters/, { IdSession: '' }),
  authentication(0, 'IdSession', /^must be a text of 1 to 500 characters/, { IdSession: 'x'.repeat(501) }),
  authentication(0, 'IdSession', /^must be a text of 1 to 500 characters/, { IdSession: '\ud800' }),
  [
    'content/authentications/2/IdSession',
    /^is the IdSession of 200000100000\d too$/,
    ({ content: { authentications } }) => Object.assign(authentications[2], { IdSession: authentications[0].IdSession }),
  ],
  [
    // Masked, both are 401200******1112.
    'content/authentications/2/IdSession',
    /^is the IdSession of 200000100000\d too$/,
    ({ content: { authentications } }) => {
      Object.assign(authentications[0], { IdSession: '4012001037141112' });
      Object.assign(authentications[2], { IdSession: '4012001090001112' });
    },
  ],
  authentication(0, 'MONTANT', /^must be an integer from 0/, { MONTANT: 1e10 }),
  authentication(0, 'DEVISE', /^must be three digits$/, { DEVISE: 'EUR' }),
  authentication(0, 'version', /^must be 1 or 2$/, { version: 3 }),
  authentication(0, 'URLHttpDirect', /^must be an address/, { URLHttpDirect: null }),
  authentication(0, 'URLHttpDirect', /^must be an address/, { URLHttpDirect: 'https://shop.example/\ud800' }),
  authentication(0, 'URLRetour', /^must be an address/, { URLRetour: 'javascript:alert(1)' }),
  authentication(0, 'URLRetour', /^must be an address/, { URLRetour: '\ud800' }),
  authentication(0, 'startedAt', /^must be milliseconds/, { startedAt: 8.64e15 }),
  authentication(0, 'expiresAt', /^must be milliseconds/, { expiresAt: 0.5 }),
  authentication(0, 'expiresAt', /^5 is before startedAt, \d+$/, { expiresAt: 5 }),
  authentication(0, 'outcome', /^must be one of \(empty\), authenticated, .*, error$/, { outcome: 'constructor' }),
  authentication(0, 'endedAt', /^must not be 0: the outcome is authenticated$/, { endedAt: 0 }),
  authentication(2, 'endedAt', /^must be 0: there is no outcome$/, { endedAt: 5 }),
  authentication(0, 'confirmed', /^must be one of authenticated, /, { confirmed: '' }),
  authentication(0, 'wrongCodes', /^must be an integer from 0 to 3$/, { wrongCodes: 4 }),
  authentication(0, 'order', /^must be one of server-first, browser-first, together$/, { order: 'drawn' }),
  authentication(0, 'card/sha1', /^must be a SHA-1/, { card: { mask: '', sha1: 'x', TYPECARTE: '', PAYS: '' } }),
  authentication(0, 'card', /^must be an object$/, { card: undefined }),
  authentication(0, 'forced', /^unknown name$/, { forced: { code: '00105' } }),
  authentication(1, 'faults', /^must be an object$/, { faults: [] }),
  authentication(1, 'faults/shop', /^unknown name$/, { faults: { shop: {} } }),
  authentication(1, 'faults/server', /^must be an object$/, { faults: { server: 'lost' } }),
  fault('lost', /^must be true or false$/, 'yes'),
  fault('late', /^must be an ISO 8601 duration/, '-PT2M'),
  fault('late', /^must be an ISO 8601 duration/, 'P270000Y'),
  fault('times', /^must be an integer from 1 to 100$/, 101),
  fault('times', /^must be an integer from 1 to 100$/, 0),
  fault('check', /^must be wrong$/, 'right'),
  fault('session', /^must be other$/, 'same'),
  fault('charset', /^must be utf-8$/, 'utf-16'),
  fault('__proto__x', /^unknown name$/, true),
  authentication(0, 'usedBy', /^must be an array$/, { usedBy: {} }),
  authentication(0, 'usedBy/0/at', /^is missing$/, { usedBy: [{ payment: '0001000001' }] }),
  authentication(0, 'usedBy/0/payment', /^there is no payment 0001000099$/, { usedBy: [{ payment: '0001000099', at: 1 }] }),
  ['content/authentications', /^must be an array$/, ({ content }) => Object.assign(content, { authentications: 'none' })],
  [
    'content/payments/0/ID3D',
    /^there is no authentication 2000001000099$/,
    ({ content }) => Object.assign(content.payments[0], { ID3D: '2000001000099' }),
  ],
  ['content/payments/0/ID3D', /^must be 200 and ten digits$/, ({ content }) => Object.assign(content.payments[0], { ID3D: null })],
  // A snapshot of an earlier version has no authentications, and its payments used none.
  ['content/payments/0/ID3D', /^there is no authentication/, ({ content }) => delete content.authentications],
];

/** Damages to a snapshot, and the place and the message of the fault that is reported. */
const DAMAGES: readonly Damage[] = [
  ...AUTHENTICATION_DAMAGES,
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
  const { body: written } = await bench.control('GET', '/snapshot');
  const snapshot = withAuthentications(written);
  expect((await bench.control('PUT', '/snapshot', snapshot)).status).toBe(204);
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

test.each(STORAGES)('the IdSession and the addresses of a snapshot are masked before they are stored in $storage', async (kind) => {
  const bench = await benchOn(kind);
  await order(bench);
  const snapshot = withAuthentications((await bench.control('GET', '/snapshot')).body);
  const [used] = snapshot.content.authentications;
  Object.assign(used, {
    IdSession: 'order 4012001037141112',
    URLHttpDirect: 'https://shop.example/direct?card=4012001037141112&cvv=739',
    URLRetour: 'https://shop.example/return/4012001037141112',
  });
  expect((await bench.control('PUT', '/snapshot', snapshot)).status).toBe(204);
  const { content } = (await bench.control('GET', '/snapshot')).body;
  expect(content.authentications).toEqual([
    {
      ...used,
      IdSession: 'order 401200******1112',
      URLHttpDirect: 'https://shop.example/direct?card=401200******1112&cvv=***',
      URLRetour: 'https://shop.example/return/401200******1112',
    },
    ...snapshot.content.authentications.slice(1),
  ]);
  expect(content.payments[0].ID3D).toBe(used.ID3D);
});

test.each(STORAGES)('an authorization and an authentication of before 1970 are restored in $storage', async (kind) => {
  const bench = await benchOn(kind, { clock: '1960-06-10T12:00' });
  await bench.ask({ ...PAY, TYPE: '00001', DATEQ: '10061960' });
  const snapshot = withAuthentications((await bench.control('GET', '/snapshot')).body);
  const startedAt = snapshot.content.payments[0].transactions[0].at;
  Object.assign(snapshot.content.authentications[2], { startedAt, expiresAt: startedAt + 300_000 });
  expect(snapshot.content.payments[0].expiresAt).toBeLessThan(0);
  expect(await bench.control('PUT', '/snapshot', snapshot)).toEqual({ status: 204, body: undefined });
  expect((await bench.control('GET', '/snapshot')).body).toEqual(snapshot);
});
