import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type AuthenticationParameters, type Client, type ClientOptions, minorUnits } from '../../client/index.js';
import { MPI_VARIABLES } from '../../contracts/index.js';
import { ACCOUNT, clientOf as clientOfAccount } from './support.js';

const clientOf = (url: string, more: Partial<ClientOptions> = {}): Client => clientOfAccount(url, { identifiant: '107904482', ...more });
const client = clientOf('http://localhost:8888');

const CARD = { number: '4012001037141112', expiry: '1249', cvv: '7391' };
const URLS = { server: 'https://shop.example/3ds/server?shop=1&lang=fr', browser: 'https://shop.example/3ds/return' };
const CUSTOMER = {
  email: 'ada@example.org',
  firstName: 'Ada',
  lastName: "O'Brien & Łukasz",
  address: '1 rue "Haute"',
  zipCode: '75001',
  city: 'Paris <1er>',
  country: '250',
  quantity: 3,
};
const VERSION_1 = { amount: minorUnits(1234, 'EUR'), card: CARD, session: 'SHOP-1' };
const VERSION_2 = { ...VERSION_1, urls: URLS, customer: CUSTOMER };

const fieldsOf = (parameters: AuthenticationParameters) => Object.fromEntries(client.authentication(parameters).fields());

test.each([
  ['https://ppps.paybox.com', 'https://tpeweb.paybox.com/cgi/RemoteMPI.cgi'],
  ['https://ppps1.paybox.com/PPPS.php', 'https://tpeweb1.paybox.com/cgi/RemoteMPI.cgi'],
  ['https://preprod-ppps.paybox.com', 'https://preprod-tpeweb.paybox.com/cgi/RemoteMPI.cgi'],
  ['https://PPPS.e-transactions.fr', 'https://tpeweb.e-transactions.fr/cgi/RemoteMPI.cgi'],
  ['https://ppps1.e-transactions.fr', 'https://tpeweb1.e-transactions.fr/cgi/RemoteMPI.cgi'],
  ['https://preprod-ppps.e-transactions.fr', 'https://preprod-tpeweb.e-transactions.fr/cgi/RemoteMPI.cgi'],
  ['https://recette-ppps.e-transactions.fr', 'https://recette-tpeweb.e-transactions.fr/cgi/RemoteMPI.cgi'],
  ['http://localhost:8888', 'http://localhost:8888/cgi/RemoteMPI.cgi'],
  ['http://localhost:8888/s/test/PPPS.php?x=1', 'http://localhost:8888/s/test/cgi/RemoteMPI.cgi'],
  ['http://localhost:8888/backup/PPPS.php', 'http://localhost:8888/backup/cgi/RemoteMPI.cgi'],
  ['https://ppps.example', 'https://ppps.example/cgi/RemoteMPI.cgi'],
])('the gateway %s has its RemoteMPI at %s', (url, expected) => {
  expect(clientOf(url).authentication(VERSION_1).url).toBe(expected);
});

test.each([
  ['https://mpi.example', 'https://mpi.example/cgi/RemoteMPI.cgi'],
  ['https://mpi.example/start', 'https://mpi.example/start'],
])('the option mpiUrl %s is used instead', (mpiUrl, expected) => {
  expect(clientOf('https://ppps.paybox.com', { mpiUrl }).authentication(VERSION_1).url).toBe(expected);
});

test.each([
  ['mpi.example', 'createClient: mpiUrl must be a URL, such as https://preprod-tpeweb.paybox.com.'],
  ['ftp://mpi.example', 'createClient: mpiUrl must start with https:// or http://'],
])('the option mpiUrl %s is refused', (mpiUrl, message) => {
  expect(() => clientOf('https://ppps.paybox.com', { mpiUrl })).toThrow(message);
});

test('an authentication of version 1 has the fields of the card and the account, in the order of the table', () => {
  expect(client.authentication(VERSION_1).fields()).toEqual([
    ['IdMerchant', '107904482'],
    ['IdSession', 'SHOP-1'],
    ['Amount', '1234'],
    ['Currency', '978'],
    ['CCNumber', '4012001037141112'],
    ['CCExpDate', '1249'],
    ['CVVCode', '7391'],
  ]);
});

test('with a customer it has the fields of version 2, and with addresses those', () => {
  const fields = client.authentication(VERSION_2).fields();
  expect(fields.map(([name]) => name)).toEqual(MPI_VARIABLES.map(({ name }) => name));
  expect(fields.slice(7)).toEqual([
    ['URLHttpDirect', 'https://shop.example/3ds/server?shop=1&lang=fr'],
    ['URLRetour', 'https://shop.example/3ds/return'],
    ['EmailPorteur', 'ada@example.org'],
    ['FirstName', 'Ada'],
    ['LastName', "O'Brien & Łukasz"],
    ['Address1', '1 rue "Haute"'],
    ['ZipCode', '75001'],
    ['City', 'Paris <1er>'],
    ['CountryCode', '250'],
    ['TotalQuantity', '3'],
  ]);
  expect(Object.keys(fieldsOf({ ...VERSION_1, urls: { browser: URLS.browser } }))).not.toContain('URLHttpDirect');
});

test('a change of the returned fields does not change the authentication', () => {
  const authentication = client.authentication(VERSION_1);
  const [first] = authentication.fields() as [string, string][];
  if (first) first[1] = 'changed';
  expect(authentication.fields()[0]).toEqual(['IdMerchant', '107904482']);
});

test('the HTML form escapes every value and posts to RemoteMPI', () => {
  const html = client.authentication(VERSION_2).html();
  expect(html).toMatch(
    /^<form id="authentication" method="post" action="http:\/\/localhost:8888\/cgi\/RemoteMPI\.cgi" accept-charset="utf-8"/,
  );
  expect(html).toContain('<input type="hidden" name="IdSession" value="SHOP-1">');
  expect(html).toContain('value="https://shop.example/3ds/server?shop=1&amp;lang=fr"');
  expect(html).toContain('value="O&#39;Brien &amp; Łukasz"');
  expect(html).toContain('value="1 rue &quot;Haute&quot;"');
  expect(html).toContain('value="Paris &lt;1er&gt;"');
  expect(html).toContain('<button type="submit">Continue</button>');
  expect(html.match(/<input /g)).toHaveLength(MPI_VARIABLES.length);
  expect(html).not.toMatch(/<script|style=/);
  const other = client.authentication(VERSION_1).html({ id: 'a"b', button: 'Payer <maintenant>' });
  expect(other).toContain('<form id="a&quot;b"');
  expect(other).toContain('>Payer &lt;maintenant&gt;</button>');
});

test('the card and the customer are shown by fields and html only', () => {
  const authentication = client.authentication({ ...VERSION_2, session: 'order 4012001037141112' });
  const shown = [
    inspect(authentication, { depth: 10, showHidden: true }),
    JSON.stringify(authentication),
    JSON.stringify({ ...authentication }),
    String(authentication),
    Object.values(authentication).join(),
  ].join('\n');
  for (const secret of [CARD.number, CARD.cvv, CARD.expiry, CUSTOMER.email, CUSTOMER.lastName, CUSTOMER.address, CUSTOMER.zipCode])
    expect(shown).not.toContain(secret);
  expect(authentication.toJSON()).toMatchObject({
    url: 'http://localhost:8888/cgi/RemoteMPI.cgi',
    fields: { IdMerchant: '107904482', Amount: '1234', Currency: '978', CCNumber: '401200******1112', CVVCode: '***', City: '***' },
  });
});

const misuses: [string, AuthenticationParameters, string][] = [
  // @ts-expect-error amount must be made by minorUnits
  ['a plain number as amount', { ...VERSION_1, amount: 1234 }, "amount: use minorUnits(1234, 'EUR'), not a number"],
  // @ts-expect-error the security code is required
  ['no security code', { ...VERSION_1, card: { number: CARD.number, expiry: '1249' } }, 'card.cvv is missing (CVVCode)'],
  // @ts-expect-error the card is required
  ['no card', { amount: VERSION_1.amount, session: 'S' }, 'card.number is missing (CCNumber)'],
  // @ts-expect-error card is an object
  ['a text as card', { ...VERSION_1, card: CARD.number }, 'card must be an object'],
  [
    'a card number with spaces',
    { ...VERSION_1, card: { ...CARD, number: '4012 0010 3714 1112' } },
    'card.number must have 12 to 19 digits',
  ],
  ['a card number of 20 digits', { ...VERSION_1, card: { ...CARD, number: '4'.repeat(20) } }, 'card.number must have 12 to 19 digits'],
  ['an expiry with a slash', { ...VERSION_1, card: { ...CARD, expiry: '12/49' } }, 'card.expiry must have 4 digits (CCExpDate)'],
  ['a short security code', { ...VERSION_1, card: { ...CARD, cvv: '73' } }, 'card.cvv must have 3 to 4 digits (CVVCode)'],
  // @ts-expect-error cvv is a string
  ['a number as security code', { ...VERSION_1, card: { ...CARD, cvv: 7391 } }, 'card.cvv must be a string (CVVCode)'],
  // @ts-expect-error session is required
  ['no session', { amount: VERSION_1.amount, card: CARD }, 'session is missing (IdSession)'],
  ['an empty session', { ...VERSION_1, session: '' }, 'session must have 1 to 250 characters (IdSession)'],
  ['a long session', { ...VERSION_1, session: 'x'.repeat(251) }, 'session must have 1 to 250 characters (IdSession)'],
  ['a session that the result cannot repeat', { ...VERSION_1, session: '€' }, 'session must be printable characters of ISO-8859-1'],
  ['a session with a separator', { ...VERSION_1, session: 'a&b' }, 'session must be printable characters of ISO-8859-1 without &'],
  ['a session with a line end', { ...VERSION_1, session: 'a\n' }, 'session must be printable'],
  ['a relative address', { ...VERSION_1, urls: { server: '/3ds' } }, 'urls.server must be an address that starts with https://'],
  ['an address of a script', { ...VERSION_1, urls: { browser: 'javascript:alert(1)' } }, 'urls.browser must be an address'],
  ['a long address', { ...VERSION_1, urls: { browser: `https://shop.example/${'x'.repeat(1024)}` } }, 'urls.browser must have 1 to 1024'],
  ['no e-mail address', { ...VERSION_2, customer: { ...CUSTOMER, email: 'ada at example' } }, 'customer.email must be an e-mail address'],
  ['a short e-mail address', { ...VERSION_2, customer: { ...CUSTOMER, email: 'a@b.c' } }, 'customer.email must have 6 to 120 characters'],
  ['a country in letters', { ...VERSION_2, customer: { ...CUSTOMER, country: 'FR' } }, 'customer.country must be the code of ISO 3166'],
  ['a country of zeros', { ...VERSION_2, customer: { ...CUSTOMER, country: '000' } }, 'customer.country must be the code of ISO 3166'],
  ['no articles', { ...VERSION_2, customer: { ...CUSTOMER, quantity: 0 } }, 'customer.quantity must be an integer from 1 to 99'],
  ['too many articles', { ...VERSION_2, customer: { ...CUSTOMER, quantity: 100 } }, 'customer.quantity must be an integer from 1 to 99'],
  ['half an article', { ...VERSION_2, customer: { ...CUSTOMER, quantity: 1.5 } }, 'customer.quantity must be an integer'],
  ['a long first name', { ...VERSION_2, customer: { ...CUSTOMER, firstName: 'x'.repeat(46) } }, 'customer.firstName must have 1 to 45'],
  ['a name with a line end', { ...VERSION_2, customer: { ...CUSTOMER, city: 'a\nb' } }, 'customer.city must not contain control'],
  [
    'half a customer',
    // @ts-expect-error a customer is complete
    { ...VERSION_2, customer: { email: CUSTOMER.email } },
    'customer.firstName is missing (FirstName)',
  ],
  // @ts-expect-error there is no such parameter
  ['an unknown parameter', { ...VERSION_1, reference: 'R' }, 'does not accept reference; it accepts session, amount, card, urls, customer'],
  [
    'an unknown member',
    // @ts-expect-error there is no such member
    { ...VERSION_1, urls: { return: 'https://shop.example' } },
    'urls does not accept return; it accepts server, browser',
  ],
];

describe('MisuseError', () => {
  test.each(misuses)('%s', (_, parameters, message) => {
    const act = () => client.authentication(parameters);
    expect(act).toThrow(expect.objectContaining({ name: 'MisuseError', message: expect.stringContaining(`authentication: ${message}`) }));
  });

  test('no parameters', () => {
    expect(() => client.authentication(undefined as never)).toThrow('authentication: the parameters must be an object.');
  });

  test.each([undefined, '', '1234567890', 'abc'])('the identifiant %j', (identifiant) => {
    const without = clientOfAccount('http://localhost', { ...ACCOUNT, identifiant } as never);
    expect(() => without.authentication(VERSION_1)).toThrow('set identifiant in the options of createClient');
  });

  test.each([
    ['number', `${CARD.number} 999`],
    ['expiry', '12497'],
    ['cvv', '73917'],
  ])('does not show a wrong card.%s', (member, value) => {
    let thrown: unknown;
    try {
      client.authentication({ ...VERSION_1, card: { ...CARD, [member]: value } });
    } catch (error) {
      thrown = error;
    }
    const shown = inspect(thrown, { showHidden: true });
    expect(shown).toContain(`card.${member} must have`);
    for (const secret of [value, ...Object.values(CARD)]) expect(shown).not.toContain(secret);
  });
});
