import { expect, test } from 'vitest';
import { ACTIVITY_CODES } from '../../client/card.js';
import { minorUnits, numTrans } from '../../client/index.js';
import { ACTIVITIES, magicCard, OPERATIONS, TEST_HMAC_KEY } from '../../contracts/index.js';
import { CARD, clientOf, expectKind, order, startProxy, startReplyServer, startSimulator } from './support.js';

const eur = (value: number) => minorUnits(value, 'EUR');

test('there is one method for each operation of the table, and no other', () => {
  const client = clientOf('http://localhost');
  const { subscribers, send, authentication, readAuthentication, checkout, readReturn, endSubscription, ...methods } = client;
  const names = [...Object.keys(methods), ...Object.keys(subscribers).map((name) => `subscribers.${name}`)];
  expect(names.sort()).toEqual(OPERATIONS.map(({ name }) => name).sort());
});

test('every ACTIVITE has a name', () => {
  expect(new Set(Object.values(ACTIVITY_CODES))).toEqual(ACTIVITIES);
});

test('an authorization is partially captured, inquired about and refunded', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const authorized = expectKind(await client.authorize({ ...order('A-1'), activity: 'internet', deferral: 0 }), 'approved');
  expect(authorized).toMatchObject({ code: '00000', authorization: 'XXXXXX', recovered: false });
  const captured = expectKind(await client.capture({ amount: eur(600), transaction: authorized.transaction }), 'approved');
  expect(captured.transaction).toEqual(authorized.transaction);
  const found = expectKind(await client.inquire({ transaction: { numtrans: authorized.transaction.numtrans } }), 'found');
  expect(found).toMatchObject({ state: 'Capturé', remittance: undefined, transaction: authorized.transaction });
  const refunded = expectKind(await client.refund({ amount: eur(600), transaction: captured.transaction }), 'approved');
  expect(refunded.transaction.numtrans).not.toBe(captured.transaction.numtrans);
  expect(refunded.transaction.numappel).toBe(captured.transaction.numappel);
  simulator.clock.advance('P2D');
  const { state, remittance } = expectKind(await client.inquire({ transaction: captured.transaction }), 'found');
  expect(state).toBe('Remboursé');
  expect(remittance).toMatch(/^\d{1,9}$/);
});

test('an authorization is lowered and cancelled', async () => {
  const client = clientOf((await startSimulator()).url);
  const { transaction } = expectKind(await client.authorize(order('B-1')), 'approved');
  expectKind(await client.changeAmount({ amount: eur(700), transaction }), 'approved');
  expectKind(await client.cancel({ amount: eur(700), transaction, reference: 'B-1' }), 'approved');
  expect(expectKind(await client.inquire({ transaction }), 'found').state).toBe('Annulé');
});

test('payment, credit, forced transaction and existence check are approved', async () => {
  const client = clientOf((await startSimulator()).url);
  const { transaction } = expectKind(await client.pay(order('C-1')), 'approved');
  expectKind(await client.credit(order('C-2')), 'approved');
  expectKind(await client.force({ ...order('C-3'), authorization: '123456' }), 'approved');
  expect(expectKind(await client.exists({ amount: eur(1000), reference: 'C-1' }), 'found').transaction).toEqual(transaction);
  expectKind(await client.exists({ amount: eur(1001), reference: 'C-1' }), 'not-found');
});

test('every subscriber operation is approved, from registration to deletion', async () => {
  const { subscribers } = clientOf((await startSimulator()).url);
  const subscriber = 'S-1';
  const registered = expectKind(await subscribers.register({ amount: eur(0), subscriber, card: CARD }), 'approved');
  expect(registered).toMatchObject({ subscriber });
  expect(registered.token).toMatch(/^[A-Za-z]{11}$/);
  const card = { token: registered.token ?? '', expiry: '1299' };
  const paid = expectKind(await subscribers.pay({ amount: eur(500), reference: 'R-1', subscriber, card }), 'approved');
  const held = expectKind(await subscribers.authorize({ amount: eur(500), reference: 'R-2', subscriber, card }), 'approved');
  expectKind(await subscribers.capture({ amount: eur(500), subscriber, transaction: held.transaction }), 'approved');
  expectKind(await subscribers.cancel({ amount: eur(500), subscriber, transaction: paid.transaction, card }), 'approved');
  expectKind(await subscribers.credit({ amount: eur(5), reference: 'R-3', subscriber, transaction: held.transaction }), 'approved');
  expectKind(await subscribers.force({ amount: eur(5), reference: 'R-4', subscriber, card }), 'approved');
  expectKind(await subscribers.modify({ amount: eur(0), subscriber, card: { ...CARD, expiry: '1298' } }), 'approved');
  expectKind(await subscribers.unsubscribe({ subscriber }), 'approved');
  expect(expectKind(await subscribers.unsubscribe({ subscriber }), 'refused').code).toBe('00017');
});

test('the outcome has the card details requested with ask', async () => {
  const client = clientOf((await startSimulator()).url);
  const paid = await client.pay(
    { ...order('D-1'), card: { ...CARD, number: '4012001038443335' } },
    { ask: ['country', 'cardType', 'cardSha1'] },
  );
  const { country, cardType, cardSha1 } = expectKind(paid, 'approved');
  expect({ country, cardType }).toEqual({ country: 'USA', cardType: 'VISA' });
  expect(cardSha1).toMatch(/^[0-9A-F]{40}$/);
});

test('a refusal states who refused and the meaning of the code', async () => {
  const client = clientOf((await startSimulator()).url);
  const byIssuer = await client.pay({ ...order('E-1'), card: { ...CARD, number: magicCard('00151') } });
  expect(byIssuer).toMatchObject({ kind: 'refused', code: '00151', by: 'issuer', meaning: { en: 'insufficient funds' } });
  const byGateway = await client.pay({ ...order('E-2'), card: { ...CARD, number: '9999999999999999' } });
  expect(byGateway).toMatchObject({ kind: 'refused', code: '00004', by: 'gateway', comment: 'PAYBOX : Numéro de porteur invalide' });
});

test.each([
  ['00005', 'PAYBOX : Numéro de question invalide', true],
  ['00039', 'PAYBOX : Numéro de question déjà traité', true],
  ['00005', 'PAYBOX : Autre chose', false],
  ['00004', 'PAYBOX : Numéro de question invalide', false],
])('a refusal %s with the text %s says whether the question number was used: %s', async (CODEREPONSE, COMMENTAIRE, isUsed) => {
  const server = await startReplyServer(() => ({ CODEREPONSE, COMMENTAIRE }));
  expect(expectKind(await clientOf(server.url).credit(order('E-4')), 'refused').isQuestionNumberUsed).toBe(isUsed);
});

test.each([
  ['001A1', true],
  ['00112', true],
  ['00151', false],
  ['00040', false],
])('a refusal %s says whether an authentication is wanted: %s', async (ERRORCODETEST, isWanted) => {
  const client = clientOf((await startSimulator()).url);
  const outcome = await client.pay(order('E-11'), { extra: { ERRORCODETEST } });
  expect(outcome).toMatchObject({ kind: 'refused', code: ERRORCODETEST, needsAuthentication: isWanted });
});

test('a soft decline is a refusal of the issuer', async () => {
  const server = await startReplyServer(() => ({ CODEREPONSE: '001A1', COMMENTAIRE: 'Authentification requise' }));
  expect(await clientOf(server.url).pay(order('E-12'))).toMatchObject({ kind: 'refused', by: 'issuer', needsAuthentication: true });
});

test('the authentication of the cardholder is sent with payments, authorizations, captures and registrations', async () => {
  const server = await startReplyServer(() => ({ NUMTRANS: '0000000001', NUMAPPEL: '0000000001', CODEREPONSE: '00000' }));
  const client = clientOf(server.url, { precheck: false });
  const { subscribers } = client;
  const id3d = '20000000000000001234';
  const subscribed = { amount: eur(500), subscriber: 'I-3', card: { token: 'SLDLrcsLMPC', expiry: '1299' }, id3d };
  const { transaction } = expectKind(await client.authorize({ ...order('I-1'), id3d }), 'approved');
  await client.capture({ amount: eur(1000), transaction, id3d });
  await client.pay({ ...order('I-2'), id3d });
  await subscribers.authorize({ ...subscribed, reference: 'I-4' });
  await subscribers.pay({ ...subscribed, reference: 'I-5' });
  await subscribers.register({ amount: eur(0), subscriber: 'I-3', card: CARD, id3d });
  expect(server.receivedTypes()).toEqual(['00001', '00002', '00003', '00051', '00053', '00056']);
  expect(server.received.map(({ ID3D }) => ID3D)).toEqual(Array(6).fill(id3d));
});

test('a question number that was used before is refused, and the next call takes a new one', async () => {
  const numbers = [7, 7, 8];
  const client = clientOf((await startSimulator()).url, { questionNumber: () => numbers.shift() ?? 0 });
  expectKind(await client.pay(order('E-5')), 'approved');
  expect(await client.pay(order('E-6'))).toMatchObject({ kind: 'refused', code: '00005', isQuestionNumberUsed: true });
  expectKind(await client.pay(order('E-6')), 'approved');
});

test('a country of spaces is unknown, and absent if it was not requested', async () => {
  const numbers = { NUMTRANS: '0000000001', NUMAPPEL: '0000000001', CODEREPONSE: '00000' };
  const server = await startReplyServer(({ PAYS }) => ({ ...numbers, ...(PAYS !== undefined && { PAYS: '   ' }) }));
  const options = { precheck: false };
  expect(expectKind(await clientOf(server.url, options).pay(order('E-7'), { ask: ['country'] }), 'approved').country).toBe('???');
  expect(expectKind(await clientOf(server.url, options).pay(order('E-8')), 'approved').country).toBeUndefined();
});

test('a padded token is read as the token, and zeros as none', async () => {
  const { subscribers } = clientOf((await startSimulator()).url);
  const registered = await subscribers.register({ amount: eur(0), subscriber: 'S-2', card: CARD });
  const { token = '' } = expectKind(registered, 'approved');
  const card = { token: token.padEnd(19), expiry: '1299' };
  const paid = expectKind(await subscribers.pay({ amount: eur(500), reference: 'R-5', subscriber: 'S-2', card }), 'approved');
  expect(paid.reply.get('PORTEUR')).toBe(token.padEnd(19));
  expect(paid.token).toBe(token);
  const { transaction } = paid;
  const zeros = { token: '000000000000000', expiry: '0000' };
  const cancelled = await subscribers.cancel({ amount: eur(500), subscriber: 'S-2', transaction, card: zeros });
  expect(expectKind(cancelled, 'approved').token).toBeUndefined();
});

test('the results of an external 3-D Secure 2 server are sent and judged', async () => {
  const simulator = await startSimulator();
  const client = clientOf(simulator.url);
  const extra = {
    VERSION3DS: '2.1.0',
    DSTRANSID: '3b1c6f2e-5b0a-4c57-9d7a-8a5f6f0c1d11',
    ACSTRANSID: '9a2b7d1c-0e4f-4b6a-8c3d-1f2e3d4c5b6a',
    NOMMARCHANDAUTHENT: 'Shop',
    ADRESSEIPAUTHENT: '192.0.2.1',
    TYPEAUTH3DS: 'FD',
    TYPOLOGIETRANS3DS: '01',
    SOUHAITAUTH3DS: '01',
    TYPEPREUVE3DS: '01',
    ADRESSEPORTEUR: 'NA',
    CODEPOSTALPORTEUR: 'NA',
    ADRESSELIVRAISON: 'NA',
    CODEPOSTALLIVRAISON: 'NA',
    PAYSLIVRAISON: 'NA',
    NBARTICLES: '1',
    SHOPPINGCART: 'NA',
    '3DSTATUS': 'Y',
  };
  expectKind(await client.pay(order('E-9'), { extra }), 'approved');
  const [payment] = await simulator.journal({ TYPE: '00003' });
  expect(payment?.findings).toEqual([]);
  const refused = await client.pay(order('E-10'), { extra: { ...extra, '3DSTATUS': 'N' } });
  expect(refused).toMatchObject({ kind: 'refused', code: '00017', comment: 'Statut PARes 3DS invalide' });
});

test('ERRORCODETEST requests a refusal from a test platform', async () => {
  const client = clientOf((await startSimulator()).url);
  const outcome = await client.pay(order('E-3'), { extra: { ERRORCODETEST: '00022' } });
  expect(outcome).toMatchObject({ kind: 'refused', code: '00022' });
});

test('an unknown transaction is not found', async () => {
  const client = clientOf((await startSimulator()).url);
  expect(await client.inquire({ transaction: { numtrans: numTrans('42') } })).toMatchObject({ kind: 'not-found', code: '00018' });
});

test.each(['SHA512', 'SHA224', 'SHA256', 'SHA384', 'RIPEMD160'] as const)('a client signs with %s', async (hash) => {
  const proxy = await startProxy(await startSimulator(), () => false);
  const client = clientOf(proxy.url, { rang: '63', cle: undefined, hmacKey: TEST_HMAC_KEY, hash } as never);
  expectKind(await client.pay(order('Commande n° 7 & été €')), 'approved');
  expect(proxy.received[0]?.HASH).toBe(hash);
});

test('a wrong key is refused', async () => {
  const client = clientOf((await startSimulator()).url, { rang: '63', cle: undefined, hmacKey: 'AB'.repeat(64) } as never);
  expect(await client.pay(order('F-1'))).toMatchObject({ kind: 'refused', code: '00006' });
});

test('RANG is sent verbatim', async () => {
  const client = clientOf((await startSimulator()).url, { rang: '032', identifiant: '107904482' });
  expect(expectKind(await client.pay(order('G-1')), 'approved').reply.get('RANG')).toBe('032');
});

test('a URL with a path is used unchanged', async () => {
  const simulator = await startSimulator();
  const client = clientOf(`${simulator.url}/s/other/PPPS.php`);
  expectKind(await client.pay(order('H-1')), 'approved');
  expect(await simulator.session('other').journal()).toHaveLength(1);
});
