import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CheckoutParameters, type Client, type ClientOptions, DEFAULT_RESULT_FIELDS, minorUnits } from '../../client/index.js';
import { PBX_LANGUAGES, PBX_VARIABLES, readOrderReference, readReturnFields, TEST_HMAC_KEY } from '../../contracts/index.js';
import { latin1 } from '../contracts/arbitraries.js';
import { ACCOUNT, clientOf as clientOfAccount } from './support.js';

const NOW = new Date('2026-03-01T11:22:33.456Z');

const clientOf = (url: string, more: Partial<ClientOptions> = {}): Client =>
  clientOfAccount(url, { identifiant: '107904482', cle: undefined, hmacKey: TEST_HMAC_KEY, now: () => NOW, ...more } as never);
const client = clientOf('http://localhost:8888');

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
const URLS = {
  paid: 'https://shop.example/paid?shop=1&lang=fr',
  refused: 'https://shop.example/no',
  cancelled: 'https://shop.example/stop',
};
const EUR = (value: number) => minorUnits(value, 'EUR');
const PAYMENT = { amount: EUR(1234), reference: 'ORDER-1', customer: CUSTOMER, urls: URLS };

const ALL: CheckoutParameters = {
  ...PAYMENT,
  customer: { ...CUSTOMER, address2: 'Bât. A', mobilePhone: { countryCode: '+33', number: '0612345678' } },
  urls: { ...URLS, pending: 'https://shop.example/wait', notification: 'https://shop.example/ipn' },
  fields: 'Mt:M;Ref:R;Erreur:E;Sign:K',
  notifyByPost: true,
  language: 'GBR',
  means: 'CARTE',
  cardType: 'VISA',
  source: 'RWD',
  display: 300,
  challenge: 'required',
  authorizeOnly: true,
  deferral: 3,
  instalments: [
    { amount: EUR(100), date: '2026-04-01' },
    { amount: EUR(5), date: '2026-05-01' },
    { amount: EUR(10_000), date: '2028-02-29' },
  ],
  subscriber: 'ADA-1',
  token: { token: 'CMDLpStLLLs', expiry: '1249' },
  archiving: 'ARCHIVE-1',
  errorCodeTest: '00105',
};

const fieldsOf = (parameters: CheckoutParameters, from = client) => Object.fromEntries(from.checkout(parameters).fields());

test.each([
  ['https://ppps.paybox.com', 'https://tpeweb.paybox.com/cgi/MYchoix_pagepaiement.cgi'],
  ['https://ppps1.paybox.com/PPPS.php', 'https://tpeweb1.paybox.com/cgi/MYchoix_pagepaiement.cgi'],
  ['https://preprod-ppps.e-transactions.fr', 'https://preprod-tpeweb.e-transactions.fr/cgi/MYchoix_pagepaiement.cgi'],
  ['http://localhost:8888', 'http://localhost:8888/cgi/MYchoix_pagepaiement.cgi'],
  ['http://localhost:8888/s/test/PPPS.php', 'http://localhost:8888/s/test/cgi/MYchoix_pagepaiement.cgi'],
])('the gateway %s has its hosted page at %s', (url, expected) => {
  expect(clientOf(url).checkout(PAYMENT).url).toBe(expected);
});

test.each([
  ['https://page.example', 'https://page.example/cgi/MYchoix_pagepaiement.cgi'],
  ['https://page.example/php/', 'https://page.example/php/'],
])('the option hostedPageUrl %s is used instead', (hostedPageUrl, expected) => {
  expect(clientOf('https://ppps.paybox.com', { hostedPageUrl }).checkout(PAYMENT).url).toBe(expected);
});

test('the option hostedPageUrl must be a URL', () => {
  const message = 'createClient: hostedPageUrl must be a URL, such as https://preprod-tpeweb.paybox.com.';
  expect(() => clientOf('https://ppps.paybox.com', { hostedPageUrl: 'page.example' })).toThrow(message);
});

test('a checkout has the account, the payment, the customer and the addresses, and is signed last', () => {
  const fields = client.checkout(PAYMENT).fields();
  expect(fields.slice(0, -1)).toEqual([
    ['PBX_SITE', '1999888'],
    ['PBX_RANG', '32'],
    ['PBX_IDENTIFIANT', '107904482'],
    ['PBX_TOTAL', '1234'],
    ['PBX_DEVISE', '978'],
    ['PBX_CMD', 'ORDER-1'],
    ['PBX_PORTEUR', 'ada@example.org'],
    ['PBX_RETOUR', DEFAULT_RESULT_FIELDS],
    [
      'PBX_SHOPPINGCART',
      '<?xml version="1.0" encoding="utf-8"?><shoppingcart><total><totalQuantity>3</totalQuantity></total></shoppingcart>',
    ],
    [
      'PBX_BILLING',
      '<?xml version="1.0" encoding="utf-8"?><Billing><Address><FirstName>Ada</FirstName><LastName>O&#39;Brien &amp; Łukasz</LastName>' +
        '<Address1>1 rue &quot;Haute&quot;</Address1><ZipCode>75001</ZipCode><City>Paris &lt;1er&gt;</City><CountryCode>250</CountryCode>' +
        '</Address></Billing>',
    ],
    ['PBX_EFFECTUE', URLS.paid],
    ['PBX_REFUSE', URLS.refused],
    ['PBX_ANNULE', URLS.cancelled],
    ['PBX_TIME', '2026-03-01T11:22:33+00:00'],
    ['PBX_HASH', 'SHA512'],
  ]);
  const message = fields.slice(0, -1).map(([name, value]) => `${name}=${value}`);
  const hmac = createHmac('sha512', Buffer.from(TEST_HMAC_KEY, 'hex')).update(message.join('&'), 'utf8').digest('hex').toUpperCase();
  expect(fields.at(-1)).toEqual(['PBX_HMAC', hmac]);
});

test('every variable of the hosted page can be sent, in the order of the table', () => {
  const { instalments, ...once } = ALL;
  const names = client
    .checkout(ALL)
    .fields()
    .map(([name]) => name);
  const signature = ['PBX_TIME', 'PBX_HASH', 'PBX_HMAC'];
  expect(names).toEqual([...PBX_VARIABLES.map(({ name }) => name).filter((name) => !signature.includes(name)), ...signature]);
  expect(fieldsOf(ALL)).toMatchObject({
    PBX_RETOUR: 'Mt:M;Ref:R;Erreur:E;Sign:K',
    PBX_ATTENTE: 'https://shop.example/wait',
    PBX_REPONDRE_A: 'https://shop.example/ipn',
    PBX_RUF1: 'POST',
    PBX_LANGUE: 'GBR',
    PBX_TYPEPAIEMENT: 'CARTE',
    PBX_TYPECARTE: 'VISA',
    PBX_SOURCE: 'RWD',
    PBX_DISPLAY: '300',
    PBX_SOUHAITAUTHENT: '04',
    PBX_AUTOSEULE: 'O',
    PBX_DIFF: '03',
    PBX_2MONT1: '100',
    PBX_DATE1: '01/04/2026',
    PBX_2MONT2: '005',
    PBX_DATE2: '01/05/2026',
    PBX_2MONT3: '10000',
    PBX_DATE3: '29/02/2028',
    PBX_ARCHIVAGE: 'ARCHIVE-1',
    PBX_REFABONNE: 'ADA-1',
    PBX_TOKEN: 'CMDLpStLLLs',
    PBX_DATEVAL: '1249',
    PBX_ERRORCODETEST: '00105',
  });
  expect(fieldsOf(ALL).PBX_BILLING).toContain(
    '<Address1>1 rue &quot;Haute&quot;</Address1><Address2>Bât. A</Address2><ZipCode>75001</ZipCode><City>Paris &lt;1er&gt;</City>' +
      '<CountryCode>250</CountryCode><CountryCodeMobilePhone>+33</CountryCodeMobilePhone><MobilePhone>0612345678</MobilePhone></Address>',
  );
  expect(fieldsOf({ ...once, notifyByPost: false, authorizeOnly: false })).not.toHaveProperty('PBX_RUF1');
  expect(fieldsOf({ ...once, notifyByPost: false, authorizeOnly: false })).not.toHaveProperty('PBX_AUTOSEULE');
});

test.each([
  ['any', '01'],
  ['none', '02'],
  ['wanted', '03'],
  ['required', '04'],
] as const)('the wish for a challenge %s is %s', (challenge, code) => {
  expect(fieldsOf({ ...PAYMENT, challenge }).PBX_SOUHAITAUTHENT).toBe(code);
});

test('an amount has at least three digits, a card type makes the means a card', () => {
  expect(fieldsOf({ ...PAYMENT, amount: minorUnits(5, 'JPY'), cardType: 'CB' })).toMatchObject({
    PBX_TOTAL: '005',
    PBX_DEVISE: '392',
    PBX_TYPEPAIEMENT: 'CARTE',
  });
});

test.each([
  [{}, { MONT: 0, NBPAIE: 0, FREQ: 1, QUAND: 0, DELAIS: 0 }],
  [
    { amount: EUR(990), renewals: 12, months: 3, day: 28, delay: 14 },
    { MONT: 990, NBPAIE: 12, FREQ: 3, QUAND: 28, DELAIS: 14 },
  ],
])('the subscription %j follows the reference', (subscription, terms) => {
  expect(readOrderReference(fieldsOf({ ...PAYMENT, subscription }).PBX_CMD ?? '')).toEqual({ reference: 'ORDER-1', terms });
});

test.each(['SHA256', 'RIPEMD160'] as const)('the hash %s of the client is used', (hash) => {
  const fields = fieldsOf(PAYMENT, clientOf('http://localhost', { hash } as never));
  expect(fields.PBX_HASH).toBe(hash);
  expect(fields.PBX_HMAC).toHaveLength(hash === 'SHA256' ? 64 : 40);
});

test('the XML of any customer is read back', () => {
  const read = (xml: string, element: string): string | undefined => {
    const [, escaped] = new RegExp(`<${element}>([^<>]*)</${element}>`).exec(xml) ?? [];
    const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
    return escaped?.replace(/&([^;]*);/g, (_, name: string) => entities[name] ?? `unknown ${name}`);
  };
  const text = latin1.filter((value) => value.length > 0 && value.length <= 16 && !/\p{Cc}/u.test(value));
  fc.assert(
    fc.property(text, text, text, (lastName, address, zipCode) => {
      const xml = fieldsOf({ ...PAYMENT, customer: { ...CUSTOMER, lastName, address, zipCode } }).PBX_BILLING ?? '';
      expect([read(xml, 'LastName'), read(xml, 'Address1'), read(xml, 'ZipCode')]).toEqual([lastName, address, zipCode]);
    }),
  );
});

test('the HTML form escapes every value and posts to the hosted page in UTF-8', () => {
  const html = client.checkout(ALL).html();
  expect(html).toMatch(
    /^<form id="checkout" method="post" action="http:\/\/localhost:8888\/cgi\/MYchoix_pagepaiement\.cgi" accept-charset="utf-8"/,
  );
  expect(html).toContain('value="https://shop.example/paid?shop=1&amp;lang=fr"');
  expect(html).toContain('&lt;LastName&gt;O&amp;#39;Brien &amp;amp; Łukasz&lt;/LastName&gt;');
  expect(html.match(/<input /g)).toHaveLength(PBX_VARIABLES.length);
  expect(client.checkout(PAYMENT).html({ id: 'pay', button: 'Payer' })).toMatch(/^<form id="pay" .*>Payer<\/button>/s);
});

test('the customer, the token and the signature are shown by fields and html only', () => {
  const checkout = client.checkout({ ...ALL, reference: 'order 4012001037141112' });
  const shown = [
    inspect(checkout, { depth: 10, showHidden: true }),
    JSON.stringify({ ...checkout, all: checkout }),
    String(checkout),
  ].join();
  const { PBX_HMAC = '' } = Object.fromEntries(checkout.fields());
  const secrets = ['4012001037141112', CUSTOMER.email, CUSTOMER.lastName, CUSTOMER.zipCode, 'CMDLpStLLLs', 'ADA-1', '0612345678', PBX_HMAC];
  for (const secret of secrets) expect(shown).not.toContain(secret);
  expect(checkout.toJSON()).toMatchObject({ url: checkout.url, fields: { PBX_TOTAL: '1234', PBX_BILLING: '***' } });
  expect(String(checkout)).toBe('Checkout at http://localhost:8888/cgi/MYchoix_pagepaiement.cgi');
});

test('the default fields have K last, and all that decides', () => {
  const fields = readReturnFields(DEFAULT_RESULT_FIELDS);
  const letters = 'wrong' in fields ? [] : fields.map(({ letter }) => letter);
  expect(letters).toEqual(expect.arrayContaining(['M', 'R', 'T', 'S', 'A', 'E', 'U']));
  expect(letters.at(-1)).toBe('K');
});

const withCustomer = (more: object) => ({ ...PAYMENT, customer: { ...CUSTOMER, ...more } });
const withUrls = (more: object) => ({ ...PAYMENT, urls: { ...URLS, ...more } });
const withInstalments = (...instalments: unknown[]) => ({ ...PAYMENT, instalments });
const withSubscription = (subscription: unknown) => ({ ...PAYMENT, subscription });

const misuses: [string, unknown, string][] = [
  ['no parameters', undefined, 'the parameters must be an object'],
  ['a plain number as amount', { ...PAYMENT, amount: 1234 }, "amount: use minorUnits(1234, 'EUR'), not a number"],
  ['no amount', { ...PAYMENT, amount: undefined }, 'amount: use minorUnits'],
  ['an amount of 0', { ...PAYMENT, amount: EUR(0) }, 'amount must be more than 0'],
  ['no reference', { ...PAYMENT, reference: undefined }, 'reference is missing (PBX_CMD)'],
  ['an empty reference', { ...PAYMENT, reference: '' }, 'reference must be printable characters of ISO-8859-1 (PBX_CMD)'],
  ['a number as reference', { ...PAYMENT, reference: 1 }, 'reference must be a string'],
  ['a reference that cannot come back', { ...PAYMENT, reference: '€' }, 'reference must be printable characters of ISO-8859-1'],
  ['a reference with a subscription', { ...PAYMENT, reference: 'APBX_2MONT' }, 'reference must not contain PBX_'],
  ['a long reference', { ...PAYMENT, reference: 'x'.repeat(251) }, 'reference must have 1 to 250 characters'],
  ['a long one with a subscription', { ...withSubscription({}), reference: 'x'.repeat(250) }, 'reference must have 1 to 250 characters'],
  ['no customer', { ...PAYMENT, customer: undefined }, 'customer.email is missing (PBX_PORTEUR)'],
  ['a text as customer', { ...PAYMENT, customer: 'Ada' }, 'customer must be an object'],
  ['no e-mail address', withCustomer({ email: 'ada at example' }), 'customer.email must be an e-mail address (PBX_PORTEUR)'],
  ['a short e-mail address', withCustomer({ email: 'a@b.c' }), 'customer.email must have 6 to 120 characters'],
  ['no first name', withCustomer({ firstName: undefined }), 'customer.firstName is missing (FirstName)'],
  ['a long name', withCustomer({ lastName: 'x'.repeat(46) }), 'customer.lastName must have 1 to 45 characters (LastName)'],
  ['a line end', withCustomer({ city: 'a\nb' }), 'customer.city must not contain control characters (City)'],
  ['a long second line', withCustomer({ address2: 'x'.repeat(51) }), 'customer.address2 must have 1 to 50 characters (Address2)'],
  ['a country in letters', withCustomer({ country: 'FR' }), 'customer.country must be the code of ISO 3166'],
  ['no articles', withCustomer({ quantity: 0 }), 'customer.quantity must be an integer from 1 to 99 (PBX_SHOPPINGCART)'],
  ['half a telephone', withCustomer({ mobilePhone: { number: '0612345678' } }), 'customer.mobilePhone.countryCode is missing'],
  ['a text as telephone', withCustomer({ mobilePhone: '0612345678' }), 'customer.mobilePhone must be an object'],
  [
    'a country code without a plus',
    withCustomer({ mobilePhone: { countryCode: '33', number: '0612345678' } }),
    'customer.mobilePhone.countryCode must be a plus and one to three digits: +33 (CountryCodeMobilePhone)',
  ],
  ['an unknown detail', withCustomer({ phone: '1' }), 'customer does not accept phone; it accepts email, quantity, firstName'],
  ['no addresses', { ...PAYMENT, urls: undefined }, 'urls.paid is missing (PBX_EFFECTUE)'],
  ['an address of a script', withUrls({ paid: 'javascript:alert(1)' }), 'urls.paid must be an address that starts with https://'],
  ['an address with a fragment', withUrls({ refused: 'https://shop.example/#/no' }), 'urls.refused must not contain #'],
  ['a long address', withUrls({ pending: `https://shop.example/${'x'.repeat(1024)}` }), 'urls.pending must have 1 to 1024'],
  [
    'a parameter like a field',
    withUrls({ notification: 'https://shop.example/?%61mount=1' }),
    'urls.notification must not have a parameter',
  ],
  [
    'one like that of a renewal',
    withUrls({ cancelled: 'https://shop.example/?ETAT_PBX=1' }),
    'urls.cancelled must not have a parameter with the name of a field, ETAT_PBX',
  ],
  ['an unknown address', withUrls({ server: 'https://shop.example' }), 'urls does not accept server; it accepts paid, refused'],
  ['fields that are none', { ...PAYMENT, fields: 'Mt' }, 'fields must be name:letter;name:letter with letters of PBX_RETOUR (PBX_RETOUR)'],
  ['fields without a code', { ...PAYMENT, fields: 'Mt:M;Ref:R;Sign:K' }, 'fields must have a field with the letter E'],
  ['fields with K before', { ...PAYMENT, fields: 'Sign:K;Mt:M;Ref:R;Erreur:E' }, 'fields must have the signature, K, last'],
  ['a repeated name', { ...PAYMENT, fields: 'Mt:M;Mt:R;Erreur:E;Sign:K' }, 'fields must have each name and each letter once'],
  ['a repeated letter', { ...PAYMENT, fields: 'Mt:M;Ref:R;E:E;F:E;Sign:K' }, 'fields must have each name and each letter once'],
  ['a name with a space', { ...PAYMENT, fields: 'Mt:M;Ref d:R;E:E;Sign:K' }, 'fields must have names of letters, digits'],
  ['the name of a renewal', { ...PAYMENT, fields: 'Mt:M;ETAT_PBX:R;E:E;Sign:K' }, 'fields must have names of letters, digits'],
  ['an unknown language', { ...PAYMENT, language: 'fr' }, `language must be one of ${PBX_LANGUAGES.join(', ')} (PBX_LANGUE)`],
  ['an unknown wish', { ...PAYMENT, challenge: '04' }, 'challenge must be one of any, none, wanted, required'],
  ['a text as switch', { ...PAYMENT, authorizeOnly: 'O' }, 'authorizeOnly must be true or false (PBX_AUTOSEULE)'],
  ['too many days', { ...PAYMENT, deferral: 100 }, 'deferral must be an integer from 0 to 99 (PBX_DIFF)'],
  ['no time', { ...PAYMENT, display: 0 }, 'display must be an integer from 1 to 99999 (PBX_DISPLAY)'],
  ['an empty card type', { ...PAYMENT, cardType: '' }, 'cardType must have 1 to 20 characters (PBX_TYPECARTE)'],
  ['a long archiving reference', { ...PAYMENT, archiving: 'x'.repeat(13) }, 'archiving must have 1 to 12 characters'],
  ['a code of four digits', { ...PAYMENT, errorCodeTest: '0010' }, 'errorCodeTest must be five digits or letters'],
  ['half a token', { ...PAYMENT, token: { token: 'CMDLpStLLLs' } }, 'token.expiry is missing'],
  ['a token as a text', { ...PAYMENT, token: 'CMDLpStLLLs' }, 'token must be an object'],
  ['an expiry of another form', { ...PAYMENT, token: { token: 'CMDLpStLLLs', expiry: '4912' } }, 'token.expiry must be MMYY (PBX_DATEVAL)'],
  ['an instalment that is not in an array', { ...PAYMENT, instalments: {} }, 'instalments must be an array of at most three'],
  ['four', withInstalments({}, {}, {}, {}), 'instalments must be an array of at most three'],
  ['a number', withInstalments(1), 'instalments.0 must be an object'],
  ['an instalment without an amount', withInstalments({ date: '2026-04-01' }), 'instalments.0.amount: use minorUnits'],
  ['one of 0', withInstalments({ amount: EUR(0), date: '2026-04-01' }), 'instalments.0.amount must be more than 0'],
  [
    'one in another currency',
    withInstalments({ amount: minorUnits(1, 'USD'), date: '2026-04-01' }),
    'instalments.0.amount must have the currency of the first payment',
  ],
  ['a date that is none', withInstalments({ amount: EUR(1), date: '2026-02-29' }), 'instalments.0.date must be a date YYYY-MM-DD'],
  ['a French date', withInstalments({ amount: EUR(1), date: '01/04/2026' }), 'instalments.0.date must be a date YYYY-MM-DD'],
  [
    'two on one day',
    withInstalments({ amount: EUR(1), date: '2026-04-01' }, { amount: EUR(1), date: '2026-04-01' }),
    'instalments.1.date must be after the one before',
  ],
  ['an unknown member', withInstalments({ amount: EUR(1), day: 1 }), 'instalments.0 does not accept day; it accepts amount, date'],
  ['a text as subscription', withSubscription('monthly'), 'subscription must be an object'],
  ['a subscription of 0', withSubscription({ amount: EUR(0) }), 'subscription.amount must be more than 0'],
  ['renewals of 0', withSubscription({ renewals: 0 }), 'subscription.renewals must be an integer from 1 to 99 (PBX_CMD)'],
  ['a day of 32', withSubscription({ day: 32 }), 'subscription.day must be an integer from 1 to 31'],
  [
    'an unknown term',
    withSubscription({ count: 1 }),
    'subscription does not accept count; it accepts amount, renewals, months, day, delay',
  ],
  ['both plans', { ...withSubscription({}), instalments: [] }, 'instalments and subscription cannot be combined'],
  ['an unknown parameter', { ...PAYMENT, card: {} }, 'does not accept card; it accepts amount, reference, customer'],
  ['the account', { ...PAYMENT, account: {} }, 'does not accept account'],
];

describe('MisuseError', () => {
  test.each(misuses)('%s', (_, parameters, message) => {
    const act = () => client.checkout(parameters as never);
    expect(act).toThrow(expect.objectContaining({ name: 'MisuseError', message: expect.stringContaining(`checkout: ${message}`) }));
  });

  test.each([undefined, '', '1234567890', 'abc'])('the identifiant %j', (identifiant) => {
    const without = clientOf('http://localhost', { identifiant });
    expect(() => without.checkout(PAYMENT)).toThrow('checkout: needs the IDENTIFIANT of the account');
  });

  test('no HMAC key', () => {
    const without = clientOfAccount('http://localhost', { ...ACCOUNT, identifiant: '107904482' });
    expect(() => without.checkout(PAYMENT)).toThrow(
      'checkout: needs the HMAC key of the account; set hmacKey in the options of createClient.',
    );
  });

  test('types', () => {
    // @ts-expect-error amount must be made by minorUnits
    expect(() => client.checkout({ ...PAYMENT, amount: 1234 })).toThrow();
    // @ts-expect-error a customer is complete
    expect(() => client.checkout({ ...PAYMENT, customer: { email: 'ada@example.org' } })).toThrow();
    // @ts-expect-error there is no such parameter
    expect(() => client.checkout({ ...PAYMENT, card: {} })).toThrow();
  });
});
