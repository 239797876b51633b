import { describe, expect, test } from 'vitest';
import { maskCard, TEST_CARDS } from '../../contracts/index.js';
import { createSimulator, type JournalEntry, type SimulatorOptions } from '../../simulator/index.js';
import { HEAD, NOON, CARD as TEST_CARD, type Variables } from '../support/question.js';
import { openTestSimulator } from '../support/test-simulator.js';

const CARD = '4012001037141112';
const MASK = '401200******1112';

async function journalOf(
  body: string,
  contentType = 'application/x-www-form-urlencoded',
  journal: SimulatorOptions['journal'] = {},
): Promise<JournalEntry> {
  const simulator = createSimulator({ clock: NOON, journal });
  const headers = { 'Content-Type': contentType };
  await simulator.fetch(new Request('http://localhost/PPPS.php', { method: 'POST', body, headers }));
  const [entry] = await simulator.journal();
  if (!entry) throw new Error('The journal is empty.');
  return entry;
}

const formOf = async (more: string): Promise<Record<string, string>> =>
  Object.fromEntries((await journalOf(`VERSION=00104&TYPE=00003&${more}`)).request);

describe('the journal shows the variables of a request unchanged, except:', () => {
  test('CVV and CLE are hidden; empty ones are shown as empty', async () => {
    expect(await formOf('CVV=739&CLE=1999888I')).toMatchObject({ CVV: '***', CLE: '***' });
    expect(await formOf('CVV=&CLE=')).toMatchObject({ CVV: '', CLE: '' });
  });

  test.each(['cvv', 'Cvv', 'CVC', 'cle', ' CVV', 'CVV ', 'data[CVV]', 'data[cle]', 'x-cvv', '%0ACVV'])('%j is hidden too', async (name) => {
    expect(Object.values(await formOf(`${name.replace(' ', '%20')}=7391999I`))).toContain('***');
    expect(JSON.stringify(await formOf(`${name.replace(' ', '%20')}=7391999I`))).not.toContain('7391999I');
  });

  test.each(TEST_CARDS.map(({ PORTEUR }) => PORTEUR))('the card number %s keeps its first six and last four digits', async (PORTEUR) => {
    const mask = `${PORTEUR.slice(0, 6)}******${PORTEUR.slice(-4)}`;
    expect(await formOf(`PORTEUR=${PORTEUR}`)).toMatchObject({ PORTEUR: mask });
    expect(await formOf(`porteur=${PORTEUR}`)).toMatchObject({ porteur: mask });
    expect(await formOf(`data[PORTEUR]=${PORTEUR}`)).toMatchObject({ 'data[PORTEUR]': mask });
  });

  test('a PORTEUR that is too short for a card number, or contains spaces, is masked in the middle too', async () => {
    expect(await formOf('PORTEUR=401200103714')).toMatchObject({ PORTEUR: '************' });
    expect((await formOf('PORTEUR=4012+0010+3714+1112')).PORTEUR).toMatch(/^4012 0\*+1112$/);
  });

  test('tokens and zeros, which are not card numbers, are shown', async () => {
    expect(await formOf('PORTEUR=AbCdEfGhIjK')).toMatchObject({ PORTEUR: 'AbCdEfGhIjK' });
    expect(await formOf('PORTEUR=000000000000000')).toMatchObject({ PORTEUR: '000000000000000' });
  });

  test('a card number repeated in another variable is masked there, also if a variable is repeated', async () => {
    const { request, REFERENCE, reply, findings } = await journalOf(
      `VERSION=00104&TYPE=00053&REFERENCE=a&REFABONNE=x${CARD}&PORTEUR=${CARD}&REFERENCE=${CARD}&PORTEUR=${CARD}&ARCHIVAGE=${CARD}`,
    );
    expect(request.slice(2).map(([, value]) => value)).toEqual(['a', `x${MASK}`, MASK, MASK, MASK, MASK]);
    expect(REFERENCE).toBe('a');
    expect(reply).toMatchObject({ REFABONNE: `x${MASK}`, PORTEUR: MASK });
    expect(findings.map(({ rule }) => rule)).toContain('card-number-exposed');
  });

  test.each(['VERSION', 'TYPE', 'SITE', 'RANG', 'NUMQUESTION', 'MONTANT', 'DATEQ', 'CLE', 'HASH', 'HMAC', 'NUMTRANS', 'ID3D'])(
    'a card number in %s is shown nowhere, whether or not it is also in PORTEUR',
    async (name) => {
      for (const more of ['', `&PORTEUR=${CARD}`]) {
        const entry = await journalOf(`${name}=${CARD}&VERSION=00104&TYPE=00003&SITE=1999888&RANG=32${more}`);
        expect(JSON.stringify(entry)).not.toContain(CARD);
      }
    },
  );

  test('of an unknown variable only the name and the length are shown, and of what is no name only the length', async () => {
    expect(await formOf(`note=card+${CARD}+of+Ann&tel=4012001037141113&a=&b=x&pan=4012-0010-3714-1112`)).toMatchObject({
      note: '(28 characters)',
      tel: '(16 characters)',
      a: '',
      b: '(1 character)',
      pan: '(19 characters)',
    });
    expect(Object.keys(await formOf(`${CARD}=x&CVV739=&kq7Zw2Xv9t&%22CVV%22:739=`)).slice(2)).toEqual([
      '(16 characters)',
      '(6 characters)',
      '(10 characters)',
      '(9 characters)',
    ]);
  });

  test.each(['order_id', 'orderId', 'tracking-number', 'cart[ref]', 'montant'])(
    'of the unknown variable %s, which names something harmless, the value is shown without card numbers',
    async (name) => {
      expect(await formOf(`${name}=A-7`)).toMatchObject({ [name]: 'A-7' });
      expect(await formOf(`${name}=A-7+${CARD}`)).toMatchObject({ [name]: `A-7 ${MASK}` });
    },
  );

  test('with showUnknown the values of unknown variables are shown, without card numbers and what follows the name of a secret', async () => {
    const body = `VERSION=00104&TYPE=00003&note=card+${CARD}+of+Ann&tel=4012001037141113&x=a+cvv:+739&CVVCode=739&api_key=kq7Zw2Xv9t`;
    const { request } = await journalOf(body, undefined, { showUnknown: true });
    expect(Object.fromEntries(request)).toMatchObject({
      note: `card ${MASK} of Ann`,
      tel: '401200******1113',
      x: 'a cvv: ***',
      CVVCode: '***',
      api_key: '***',
    });
  });

  test.each(['12', '123456789', '1111222233334', '0000000000000'])(
    'digits of the short or malformed PORTEUR %s are not masked in a longer number of another variable',
    async (PORTEUR) => {
      const MONTANT = `9${PORTEUR.slice(0, 8)}7`;
      const REFERENCE = `1${PORTEUR}20`;
      expect(await formOf(`PORTEUR=${PORTEUR}&MONTANT=${MONTANT}&REFERENCE=${REFERENCE}`)).toMatchObject({ MONTANT, REFERENCE });
    },
  );

  test('of a PORTEUR that is not only a card number nothing is shown: its end may be the CVV', async () => {
    for (const PORTEUR of [`${CARD} 739`, `${CARD}739`, `${CARD}x739`])
      expect(await formOf(`PORTEUR=${PORTEUR}`)).toMatchObject({ PORTEUR: '*'.repeat(PORTEUR.length) });
  });

  test('a number in a reference is masked if it is a card number of a scheme, and shown if it only has a valid Luhn digit', async () => {
    expect(await formOf(`REFERENCE=${CARD}`)).toMatchObject({ REFERENCE: maskCard(CARD) });
    expect(await formOf('REFERENCE=1795450292002')).toMatchObject({ REFERENCE: '1795450292002' });
  });

  test('long values are cut and followed by their length', async () => {
    expect((await formOf(`REFERENCE=${'x'.repeat(5000)}`)).REFERENCE).toMatch(/^x{1024}… \(5000 characters\)$/);
  });
});

describe('a value that the gateway looks up or reads stays what it is, also if its digits look like a card number:', () => {
  const paymentWith = (variables: Variables): Variables => ({
    ...HEAD,
    ...TEST_CARD,
    TYPE: '00003',
    MONTANT: '1000',
    DEVISE: '978',
    ...variables,
  });

  test('an ID3D', async () => {
    const id3d = `7${CARD}123`;
    const bench = openTestSimulator({ accounts: [{ SITE: '1999888', RANG: '32', id3d: { [id3d]: 'authenticated' } }] });
    expect(await bench.ask(paymentWith({ REFERENCE: 'a', ID3D: id3d }))).toMatchObject({ CODEREPONSE: '00000' });
    expect(JSON.stringify(await bench.simulator.journal())).not.toContain(CARD);
  });

  test('a DATEQ', async () => {
    const bench = openTestSimulator({ clock: '2026-03-05T19:51:13' });
    expect(await bench.ask(paymentWith({ REFERENCE: 'a', DATEQ: '05032026195113' }))).toMatchObject({ CODEREPONSE: '00000' });
    const [entry] = await bench.simulator.journal();
    expect(Object.fromEntries(entry?.request ?? [])).toMatchObject({ DATEQ: '05032026195113' });
    expect(entry?.findings).toEqual([]);
  });

  test('a REFERENCE with a card number, by which a payment is found and a second one recognized', async () => {
    const bench = openTestSimulator();
    const { NUMTRANS = '' } = await bench.ask(paymentWith({ REFERENCE: `ORDER 7 ${CARD}` }));
    const ask = { TYPE: '00011', REFERENCE: `ORDER 7 ${CARD}`, MONTANT: '1000', DEVISE: '978' };
    expect(await bench.ask(ask)).toMatchObject({ CODEREPONSE: '00000', NUMTRANS });
    await bench.ask(paymentWith({ REFERENCE: `ORDER 7 ${CARD}` }));
    const [entry] = await bench.simulator.journal({ limit: 1 });
    expect(entry?.findings.map(({ rule }) => rule)).toContain('paid-twice');
    const { body } = await bench.control('GET', `/payments?REFERENCE=${encodeURIComponent(`ORDER 7 ${CARD}`)}`);
    expect(body.payments).toHaveLength(2);
    expect(JSON.stringify(body)).not.toContain(CARD);
  });
});

describe('of a body that is not a form the journal shows the length, the type and the names of variables:', () => {
  const fields = { TYPE: '00003', PORTEUR: CARD, CVV: '739', CLE: '1999888I', REFERENCE: 'order-1' };
  const boundary = 'b';
  const multipart = Object.entries(fields)
    .map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('');

  test.each<readonly [what: string, contentType: string, body: string]>([
    ['JSON', 'application/json', JSON.stringify(fields)],
    ['indented JSON', 'application/json', JSON.stringify(fields, undefined, 4)],
    ['JSON with lower-case names', 'application/json', JSON.stringify(fields).toLowerCase()],
    ['JSON in a form', 'application/x-www-form-urlencoded', encodeURIComponent(JSON.stringify(fields))],
    ['multipart', `multipart/form-data; boundary=${boundary}`, multipart],
    ['XML', 'text/xml', `<q><PORTEUR>${CARD}</PORTEUR><CVV>739</CVV><CLE>1999888I</CLE><REFERENCE>order-1</REFERENCE></q>`],
    ['an empty CVV', 'application/x-www-form-urlencoded', `REFERENCE=order-1&PORTEUR=${CARD}&CVV=&CLE=1999888I`],
    ['a CLE with other characters', 'application/json', JSON.stringify({ ...fields, CLE: 'a.1999888i' })],
    ['lower-case names', 'application/x-www-form-urlencoded', `reference=order-1&porteur=${CARD}&cvv=739&cle=1999888I`],
    ['text', 'text/plain', `REFERENCE order-1: PORTEUR 4012 0010 3714 1112, CVV 739, CLE: 1999888I`],
  ])('%s', async (_, contentType, body) => {
    const [shown, ...rest] = (await journalOf(body, contentType)).request;
    expect(rest).toEqual([]);
    expect(shown?.[0]).toBe('(body)');
    expect(shown?.[1]).toMatch(new RegExp(`^\\d+ characters of ${contentType.split(';')[0]} with [A-Z, ]+$`, 'i'));
    for (const name of ['PORTEUR', 'CVV', 'CLE', 'REFERENCE']) expect(shown?.[1]?.toUpperCase()).toContain(name);

    const [whole] = (await journalOf(body, contentType, { showUnknown: true })).request;
    expect(whole?.[1]).toContain(MASK);
    expect(whole?.[1]).toContain('order-1');
    expect(whole?.[1]).not.toMatch(/739|1999888i/i);
  });

  test('with showUnknown at most 2 KiB of it', async () => {
    const [shown] = (await journalOf(`{${'x'.repeat(60_000)}`, 'application/json', { showUnknown: true })).request;
    expect(shown?.[1]).toMatch(/^\{x{2047}… \(60001 characters\)$/);
  });
});

test.each([
  ['percent-encoded', [...CARD].map((digit) => `%3${digit}`).join(''), 'GET /pay/401200******1112'],
  ['as it is', CARD, 'GET /pay/401200******1112'],
  ['no card, but an encoded character', 'a%20b', 'GET /pay/a%20b'],
])('the path of a request that met no route: a card number %s', async (_, path, shown) => {
  const shownEntries: string[] = [];
  const simulator = createSimulator({ onExchange: (entry) => shownEntries.push(JSON.stringify(entry)) });
  await simulator.gateway.recordMissed(`GET /pay/${path}`, 404);
  expect(shownEntries).toEqual([expect.stringContaining(`"${shown}"`)]);
});
