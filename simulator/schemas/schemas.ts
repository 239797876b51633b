import { RESPONSE_CODES } from '../../contracts/index.js';

const CODES = RESPONSE_CODES.map(({ code }) => code);

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more }) as const;
const digits = (description: string, min: number, max: number) => text(description, { pattern: `^\\d{${min},${max}}$` });
const whole = (description: string, minimum = 0) => ({ type: 'integer', minimum, description }) as const;
const choice = (description: string, values: readonly string[]) => ({ type: 'string', enum: [...values], description }) as const;
const yesNo = (description: string) => ({ type: 'boolean', description }) as const;
const list = (description: string, items: object) => ({ type: 'array', items, description }) as const;

const object = (description: string, properties: Record<string, object>, required: readonly string[] = []) =>
  ({ type: 'object', description, properties, required: [...required], additionalProperties: false }) as const;

const code = (description: string) => choice(description, CODES);
const SITE = digits('Site number.', 1, 7);
const RANG = digits('Rank; 32 and 032 are one account.', 1, 3);
const TIME = text('ISO 8601: 2026-03-28T12:00 (Paris), a time with an offset, or a date.', { examples: ['2026-03-28T12:00'] });

const matcher = {
  description: 'A value, several values, {pattern: a regular expression}, or {present: true or false}.',
  anyOf: [
    { type: 'string' },
    { type: 'array', items: { type: 'string' }, minItems: 1 },
    { type: 'object', properties: { pattern: { type: 'string' } }, required: ['pattern'], additionalProperties: false },
    { type: 'object', properties: { present: { type: 'boolean' } }, required: ['present'], additionalProperties: false },
  ],
} as const;

const accountSettings = {
  IDENTIFIANT: text('Merchant identifier.', { pattern: '^\\d{0,9}$' }),
  CLE: text('Account key, in the clear.'),
  hmacKey: text('HMAC key: 128 hex digits, or empty.', { pattern: '^([0-9A-Fa-f]{128})?$' }),
  auth: choice('How the account proves who it is; follows from the secrets that are there.', ['cle', 'hmac', 'either']),
  cvvRequired: yesNo('Refuse a card without CVV (00020).'),
  acceptedBins: list('First digits of the cards accepted, others get 00021. Empty: all.', digits('First digits.', 1, 19)),
  acceptedCountries: list(
    'PAYS of the cards accepted, others get 00024. Empty: all.',
    text('Three letters, or ???.', { pattern: '^([A-Z]{3}|\\?{3})$' }),
  ),
  ceiling: whole('Highest amount of one operation in minor units, above it 00022. 0: none.'),
  oneCardADay: yesNo('Refuse the second payment of a card on one day (00023).'),
  questionNumbers: choice('When a NUMQUESTION counts as seen before (00039).', ['per-day-and-type', 'per-day', 'off']),
  authorizationNumbers: choice('AUTORISATION of a success: XXXXXX as pre-production, or six digits.', ['test', 'realistic']),
  authorizationDays: whole('Days an authorization can be captured.', 1),
  threeDSecure: yesNo('Refuse an enrolled card that was not authenticated (00040).'),
  id3d: {
    type: 'object',
    description: 'The ID3D contexts the account knows; others get 00041.',
    propertyNames: { pattern: '^\\d{1,20}$' },
    additionalProperties: choice('Whether the cardholder was authenticated.', ['authenticated', 'failed']),
  },
  errorCodeTest: yesNo('Obey ERRORCODETEST, as test platforms do.'),
  answer: choice('Answer every question of the account with this code. Empty: none.', ['', ...CODES]),
};

const account = object('An account, or settings of one that is there.', { SITE, RANG, ...accountSettings }, ['SITE', 'RANG']);

const duration = {
  description: 'Milliseconds, or {min, max}.',
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 600_000 },
    object('Between two bounds.', { min: whole('Milliseconds.'), max: { ...whole('Milliseconds.'), maximum: 600_000 } }, ['min', 'max']),
  ],
} as const;

const fault = {
  ...object('What goes wrong between the gateway and whoever asks.', {
    processed: choice('How often the question is processed.', ['no', 'once', 'twice']),
    reply: choice('What becomes of the reply.', ['drop', 'never', 'half', 'empty', 'garbage', 'utf-8', 'swap']),
    http: { enum: [500, 502, 503, 504], description: 'An HTML page with this HTTP status instead of the reply.' },
    echo: object('Values repeated in place of those that were sent.', {
      NUMQUESTION: text('NUMQUESTION of the reply.'),
      SITE: text('SITE of the reply.'),
      RANG: text('RANG of the reply.'),
    }),
    delay: duration,
    slow: { ...whole('The reply comes byte by byte, with so many milliseconds after each.'), maximum: 60_000 },
  }),
  minProperties: 1,
};

const rule = object('Which questions a rule applies to, and how they are answered.', {
  id: text('Name of the rule.', { pattern: '^[A-Za-z0-9._-]{1,64}$' }),
  match: {
    type: 'object',
    description: 'Variables of the request; TYPE may be a number or the name of an operation.',
    additionalProperties: matcher,
  },
  payment: object('The payment that a capture, cancel, refund or inquiry names.', {
    REFERENCE: matcher,
    REFABONNE: matcher,
    NUMTRANS: matcher,
    NUMAPPEL: matcher,
    PORTEUR: matcher,
  }),
  host: choice('The host that is asked: /PPPS.php is the main one, /backup/PPPS.php the backup. Either where it is left out.', [
    'main',
    'backup',
  ]),
  from: whole('The first matching call that gets the answer.', 1),
  times: whole('For how many calls; 0: for all that follow.'),
  probability: { type: 'number', minimum: 0, maximum: 1, description: 'How likely it is that a call meets the rule.' },
  seed: whole('The same seed picks the same calls, and the same delays.'),
  answer: code('The CODEREPONSE; 00000 lets the question through.'),
  fault,
});

const payment = object(
  "A payment that Paybox System's hosted page took.",
  {
    SITE,
    RANG,
    NUMTRANS: digits('Transaction number.', 1, 10),
    NUMAPPEL: digits('Call number.', 1, 10),
    MONTANT: { ...whole('Minor units.', 1), maximum: 9_999_999_999 },
    DEVISE: digits('ISO 4217 numeric.', 3, 3),
    REFERENCE: text("The merchant's reference.", { minLength: 1, maxLength: 250 }),
    status: choice('Where it stands.', ['authorized', 'captured']),
    at: TIME,
    AUTORISATION: text('Authorization number.', { maxLength: 10 }),
    DIFFERE: { ...whole('Days the remittance is postponed.'), maximum: 999 },
    PORTEUR: text("A test card's number (kept masked) or a mask (111122******4444).", { pattern: '^[0-9*]{13,19}$' }),
    TYPECARTE: text('Type of the card: CB, VISA, MASTERCARD, …'),
    PAYS: text('Country of the card, three letters.', { pattern: '^([A-Z]{3}|\\?{3})$' }),
  },
  ['SITE', 'RANG', 'NUMTRANS', 'NUMAPPEL', 'MONTANT', 'DEVISE', 'REFERENCE', 'status'],
);

const config = {
  ...object('Configuration of paybox-sim. Options of the command line win over it.', {
    port: { ...whole('Port; 0 picks a free one.'), maximum: 65535 },
    host: text('Address to listen on.'),
    https: yesNo('Speak HTTPS on the same port too, with a certificate of the local authority (paybox-sim ca).'),
    proxy: yesNo("Be the proxy of programs that call the gateway's own hosts; HTTPS comes with it."),
    db: text('What keeps the state: a SQLite file or postgres://user@host/database; without it the state is gone when the simulator ends.'),
    deployment: text('Name of a group of processes on one database with the same settings: the first of them applies the settings.', {
      minLength: 1,
      maxLength: 64,
    }),
    clock: TIME,
    control: choice('Who may use the control API: this machine, or anyone who reaches the port.', ['loopback', 'any']),
    accounts: list('Accounts beside the published test accounts, or settings that change those.', account),
    rules: list('Rules, asked in their order.', rule),
    payments: list('Payments born elsewhere.', payment),
  }),
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'paybox-sim configuration',
} as const;

const clock = object('Where to set the clock.', { now: TIME, frozen: yesNo('Whether it stands still.') });
const advance = object(
  'How far to move the clock.',
  { by: text('ISO 8601 duration on the Paris calendar.', { examples: ['P1D', 'PT90M'] }) },
  ['by'],
);
const outage = object(
  'How long to refuse connections.',
  { milliseconds: { ...whole('Real time, not the clock of a gateway.', 1), maximum: 600_000 } },
  ['milliseconds'],
);
const seed = object('What to make up.', {
  payments: { ...whole('How many payments.'), maximum: 100_000 },
  seed: whole('The same seed makes the same payments.'),
  days: { ...whole('Over how many past days.', 1), maximum: 3650 },
});
const snapshot = { type: 'object', description: 'What GET /_sim/snapshot answered.' } as const;
const accountChange = object('Settings of an account.', accountSettings);

/** The JSON Schemas (draft 2020-12) of everything a user writes: configuration and bodies of the control API. */
export const SCHEMAS = { config, account, accountChange, rule, payment, clock, advance, outage, seed, snapshot } as const;

/** The name of a schema. */
export type SchemaName = keyof typeof SCHEMAS;
