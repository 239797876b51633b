import { AUTHENTICATION_OUTCOMES, VARIANTS } from '../../contracts/index.js';

const string = (description: string, more: object = {}) => ({ type: 'string', description, ...more }) as const;
const digits = (description: string, min: number, max: number) => string(description, { pattern: `^\\d{${min},${max}}$` });
const integer = (description: string, minimum = 0) => ({ type: 'integer', minimum, description }) as const;
const choice = (description: string, values: readonly string[]) => ({ type: 'string', enum: [...values], description }) as const;
/** A duration of ISO 8601, without years and months of another length in each year. */
const DURATION = '^P(?=.)(\\d+W)?(\\d+D)?(T(?=.)(\\d+H)?(\\d+M)?(\\d+S)?)?$';
const choiceOrDuration = ({ description, enum: values }: { readonly description: string; readonly enum: readonly string[] }) =>
  string(`${description} Also any other ISO 8601 duration of weeks, days, hours, minutes and seconds.`, {
    anyOf: [{ enum: values }, { pattern: DURATION }],
  });
const boolean = (description: string) => ({ type: 'boolean', description }) as const;
const array = (description: string, items: object) => ({ type: 'array', items, description }) as const;

const object = (description: string, properties: Record<string, object>, required: readonly string[] = []) =>
  ({ type: 'object', description, properties, required: [...required], additionalProperties: false }) as const;

const anyCode = (description: string) => string(description, { pattern: '^[0-9A-Za-z]{5}$' });
const address = (description: string) => string(description, { pattern: '^(https?://.+)?$', maxLength: 1024 });
const SITE = digits('Site number.', 1, 7);
const RANG = digits('Rank. 32 and 032 are the same account.', 1, 3);
const TIME = string('ISO 8601: 2026-03-28T12:00 (Paris time), a time with an offset, or a date.', { examples: ['2026-03-28T12:00'] });

const matcher = {
  description: 'A value, a list of values, {pattern: a regular expression}, or {present: true or false}.',
  anyOf: [
    { type: 'string' },
    { type: 'array', items: { type: 'string' }, minItems: 1 },
    { type: 'object', properties: { pattern: { type: 'string' } }, required: ['pattern'], additionalProperties: false },
    { type: 'object', properties: { present: { type: 'boolean' } }, required: ['present'], additionalProperties: false },
  ],
} as const;

const accountSettings = {
  IDENTIFIANT: string('Merchant identifier.', { pattern: '^\\d{0,9}$' }),
  CLE: string('Account key, in clear text.'),
  hmacKey: string('HMAC key: 128 hex digits, or empty for none.', { pattern: '^([0-9A-Fa-f]{128})?$' }),
  auth: choice('How the account authenticates. Default: derived from the keys that are set.', ['cle', 'hmac', 'either']),
  cvvRequired: boolean('Refuse a card without CVV (00020).'),
  acceptedBins: array('First digits of the accepted cards; other cards get 00021. Empty: all cards.', digits('First digits.', 1, 19)),
  acceptedCountries: array(
    'PAYS of the accepted cards; other cards get 00024. Empty: all countries.',
    string('Three letters, or ???.', { pattern: '^([A-Z]{3}|\\?{3})$' }),
  ),
  ceiling: integer('Highest amount of one operation in minor units; a higher amount gets 00022. 0: no limit.'),
  oneCardADay: boolean('Refuse the second payment with the same card on one day (00023).'),
  questionNumbers: choice('When a NUMQUESTION counts as already used.', ['per-day-and-type', 'per-day', 'off']),
  authorizationNumbers: choice(
    'AUTORISATION of a successful payment: XXXXXX as on the pre-production platform (test), or six digits (realistic).',
    ['test', 'realistic'],
  ),
  authorizationDays: { ...integer('Number of days during which an authorization can be captured.', 1), maximum: 100_000 },
  threeDSecure: {
    enum: ['off', 'optional', 'required', true, false],
    description:
      '3-D Secure. required: a payment without 3-D Secure data gets 00112, an enrolled card that was not authenticated 00040. optional: both are accepted. off: RemoteMPI refuses the account. true is required, false is optional. Default: optional.',
  },
  URLHttpDirect: address('The address that RemoteMPI calls if the request names none.'),
  URLRetour: address('The address to which RemoteMPI leads the browser if the request names none.'),
  PBX_REPONDRE_A: address('The address that the hosted page calls if the request names none.'),
  resultOrder: choice(
    'Which result of an authentication or of the hosted page is sent first, to the server or by the browser. Default: drawn, each order happens.',
    ['drawn', 'server-first', 'browser-first', 'together'],
  ),
  notificationAttempts: { ...integer("How often a call to the shop's server is tried. Default: 1.", 1), maximum: 3 },
  id3d: {
    type: 'object',
    description: 'The ID3D contexts that the account knows; other values get 00041.',
    propertyNames: { pattern: '^\\d{1,20}$' },
    additionalProperties: choice('Whether the cardholder was authenticated.', ['authenticated', 'failed']),
  },
  errorCodeTest: boolean('Apply ERRORCODETEST, as the test platforms do.'),
  answer: string('Answer every question of the account with this response code: five digits or letters. Empty: no forced code.', {
    pattern: '^([0-9A-Za-z]{5})?$',
  }),
  variants: object(
    'How the gateway behaves where the evidence disagrees or is silent. `paybox-sim variants` lists the variants.',
    Object.fromEntries(
      VARIANTS.map(({ name, meaning, values, ...variant }) => {
        const allowed = choice(
          `${meaning.en}. Default: ${values[0].value}.`,
          values.map(({ value }) => value),
        );
        return [name, 'accepts' in variant ? choiceOrDuration(allowed) : allowed];
      }),
    ),
  ),
};

const account = object('A new account, or settings that change an existing one.', { SITE, RANG, ...accountSettings }, ['SITE', 'RANG']);

const duration = {
  description: 'Milliseconds, or {min, max}.',
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 600_000 },
    object(
      'A random duration between two bounds.',
      { min: integer('Minimum, in milliseconds.'), max: { ...integer('Maximum, in milliseconds.'), maximum: 600_000 } },
      ['min', 'max'],
    ),
  ],
} as const;

const fault = {
  ...object('A failure between the gateway and the client.', {
    processed: choice('How often the gateway processes the question. Default: once.', ['no', 'once', 'twice']),
    reply: choice('What happens to the reply.', ['drop', 'never', 'half', 'empty', 'garbage', 'utf-8', 'swap']),
    http: { enum: [500, 502, 503, 504], description: 'Sends an HTML page with this HTTP status instead of the reply.' },
    echo: object('Values that the reply contains instead of those of the request.', {
      NUMQUESTION: string('NUMQUESTION of the reply.'),
      SITE: string('SITE of the reply.'),
      RANG: string('RANG of the reply.'),
    }),
    delay: duration,
    slow: { ...integer('Sends the reply byte by byte, waiting this number of milliseconds after each byte.'), maximum: 60_000 },
    clock: {
      description:
        'Moves the clock between the question and its reply: past the next remittance, to midnight in Paris, or by an ISO 8601 duration.',
      anyOf: [{ enum: ['remit', 'midnight'] }, { type: 'string', pattern: DURATION }],
    },
    hold: {
      ...integer('Holds the reply until the gateway has answered this many further questions, or POST /_sim/release.', 1),
      maximum: 1000,
    },
  }),
  minProperties: 1,
};

const resultFault = (description: string, more: Record<string, object> = {}) => ({
  ...object(description, {
    lost: boolean('The result is never sent.'),
    late: string('How much later it is sent, by the clock of the gateway: an ISO 8601 duration.', { pattern: DURATION }),
    times: { ...integer('How often it is sent. Default: 1.', 1), maximum: 100 },
    check: choice('wrong: the signature (Check, or K of the hosted page) is that of another text.', ['wrong']),
    session: choice('other: IdSession, or the reference, is another one. The signature is valid.', ['other']),
    charset: choice('The charset of the values, which is also signed. Default: ISO-8859-1.', ['utf-8']),
    ...more,
  }),
  minProperties: 1,
});

const checkoutFault = (description: string) =>
  resultFault(description, { amount: choice('other: the amount is another one. The signature is valid.', ['other']) });

const rule = object('A rule: which questions match, and which response code or fault they get.', {
  id: string('Name of the rule. Default: a generated name.', { pattern: '^[A-Za-z0-9._-]{1,64}$' }),
  match: {
    type: 'object',
    description: 'Conditions on the variables of the request. TYPE may be a number or the name of an operation.',
    additionalProperties: matcher,
  },
  payment: object('Conditions on the payment that a capture, cancel, refund or inquiry names.', {
    REFERENCE: matcher,
    REFABONNE: matcher,
    NUMTRANS: matcher,
    NUMAPPEL: matcher,
    PORTEUR: matcher,
  }),
  host: choice('The host that receives the question: /PPPS.php is the main host, /backup/PPPS.php the backup host. Default: both.', [
    'main',
    'backup',
  ]),
  from: integer('The first matching question that the rule applies to. Default: 1.', 1),
  times: integer('The number of matching questions that the rule applies to. Default: 0, all that follow.'),
  probability: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'Probability that the rule applies to a matching question. Default: 1.',
  },
  seed: integer('Seed of the random choices: the same seed selects the same questions and the same delays.'),
  answer: {
    description:
      'The CODEREPONSE of the reply: five digits or letters (`paybox-sim codes` lists those of the gateway), or {code, comment} with a text of your own. 00000 processes the question normally.',
    anyOf: [
      anyCode('The CODEREPONSE of the reply: five digits or letters (`paybox-sim codes` lists those of the gateway).'),
      object(
        'A CODEREPONSE with a text of your own.',
        {
          code: anyCode('Five digits or letters.'),
          comment: string('COMMENTAIRE, verbatim. Default: the text of the code.', { maxLength: 250 }),
        },
        ['code'],
      ),
    ],
  },
  fault,
  authentication: {
    ...object('How an authentication ends. Only with match: {TYPE: authenticate}.', {
      outcome: choice(
        'How it ends: at once, or with a challenge when the cardholder confirms. Default: by the card.',
        AUTHENTICATION_OUTCOMES.map(({ outcome }) => outcome),
      ),
      challenge: boolean('Whether the bank asks the cardholder. Default: by the card; not if there is an outcome.'),
      server: resultFault("What goes wrong with the call to the shop's server."),
      browser: resultFault('What goes wrong with the result that the browser posts.'),
    }),
    minProperties: 1,
  },
  checkout: {
    ...object('What becomes of a payment on the hosted page. Only with match: {TYPE: checkout}.', {
      pending: boolean('Whether an accepted payment stays pending (99999) for five minutes, by the clock of the gateway.'),
      server: checkoutFault("What goes wrong with the calls to the shop's server."),
      browser: checkoutFault('What goes wrong with the address that the browser is led to.'),
    }),
    minProperties: 1,
  },
});

const importedCard = {
  PORTEUR: string('Number of a test card (stored masked), or a mask (111122******4444).', { pattern: '^[0-9*]{13,19}$' }),
  TYPECARTE: string('Type of the card: CB, VISA, MASTERCARD, …'),
  PAYS: string('Country of the card: three letters, or ??? if unknown.', { pattern: '^([A-Z]{3}|\\?{3})$' }),
};

const subscriber = object(
  'A subscriber of Direct Plus that was registered elsewhere.',
  {
    SITE,
    RANG,
    REFABONNE: string("The merchant's reference of the subscriber.", { minLength: 1, maxLength: 250 }),
    token: string('The token of the card, which questions send as PORTEUR. No card number.', { pattern: '^[A-Za-z0-9._-]{1,19}$' }),
    DATEVAL: digits('Expiry date of the card, MMYY.', 4, 4),
    at: TIME,
    ...importedCard,
  },
  ['SITE', 'RANG', 'REFABONNE', 'token', 'DATEVAL'],
);

const payment = object(
  'A payment made on the hosted page of Paybox System.',
  {
    SITE,
    RANG,
    NUMTRANS: digits('Transaction number.', 1, 10),
    NUMAPPEL: digits('Call number.', 1, 10),
    MONTANT: { ...integer('Minor units.', 1), maximum: 9_999_999_999 },
    DEVISE: digits('ISO 4217 numeric.', 3, 3),
    REFERENCE: string("The merchant's reference.", { minLength: 1, maxLength: 250 }),
    status: choice('State of the payment.', ['authorized', 'captured', 'cancelled', 'refused']),
    captured: {
      ...integer('What was captured of an authorization, in minor units. Default: the payment was captured at once.', 1),
      maximum: 9_999_999_999,
    },
    CODEREPONSE: string('Code of the refusal. Default: 00105.', { pattern: '^[0-9A-Za-z]{5}$' }),
    at: TIME,
    AUTORISATION: string('Authorization number.', { maxLength: 10 }),
    DIFFERE: { ...integer('Number of days by which the remittance is postponed.'), maximum: 999 },
    ...importedCard,
  },
  ['SITE', 'RANG', 'NUMTRANS', 'NUMAPPEL', 'MONTANT', 'DEVISE', 'REFERENCE', 'status'],
);

const config = {
  ...object('Configuration of paybox-sim. Command-line options override it.', {
    port: { ...integer('Port. 0 selects a free port.'), maximum: 65535 },
    host: string('Address to listen on.'),
    https: boolean('Accept HTTPS on the same port as well, with a certificate of the local certificate authority (paybox-sim ca).'),
    proxy: boolean('Act as a proxy for programs that call the real host names of the gateway. Includes HTTPS.'),
    db: string(
      'Where to store the state: a SQLite file or postgres://user@host/database. Default: in memory, lost when the simulator exits.',
    ),
    deployment: string(
      'Name of a group of processes that share one database and the same settings. The first process that starts applies the settings.',
      {
        minLength: 1,
        maxLength: 64,
      },
    ),
    signingKey: string(
      'File with the private key that signs the results of authentications (PEM, RSA), relative to this file. Default: the published test key.',
      { minLength: 1 },
    ),
    clock: TIME,
    control: choice('Who may use the control API: programs on this machine (loopback), or any client that reaches the port (any).', [
      'loopback',
      'any',
    ]),
    notificationHosts: array(
      "Host names of shops that may be called with results. Empty: all, except the gateway's own.",
      string('A host name, without port.', { pattern: '^[A-Za-z0-9._-]{1,253}$' }),
    ),
    controlHosts: array(
      'Host names under which the control API and the inspector may be called, in addition to localhost and, with control: any, the names of this machine.',
      string('A host name, without port.', { pattern: '^[A-Za-z0-9._-]{1,253}$' }),
    ),
    journal: object('What the journal shows.', {
      showUnknown: boolean(
        'Show values of unknown variables, and bodies that are no form, without card numbers and secrets. Default: false, only their length.',
      ),
    }),
    accounts: array('Accounts in addition to the published test accounts, or settings that change those.', account),
    rules: array('Rules, evaluated in this order.', rule),
    payments: array('Payments made on the hosted page of Paybox System.', payment),
    subscribers: array('Subscribers of Direct Plus that were registered elsewhere.', subscriber),
  }),
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'paybox-sim configuration',
} as const;

const clock = object('How to set the clock.', { now: TIME, frozen: boolean('Whether the clock is frozen.') });
const advance = object(
  'How far to advance the clock.',
  { by: string('ISO 8601 duration, added in the Europe/Paris calendar.', { examples: ['P1D', 'PT90M'] }) },
  ['by'],
);
const release = object('Which replies to send.', { rule: string('Id of the rule that holds them. Default: of any rule.') });
const outage = object(
  'How long to refuse connections.',
  { milliseconds: { ...integer('Duration in milliseconds of real time, not of the clock of a gateway.', 1), maximum: 600_000 } },
  ['milliseconds'],
);
const seed = object('Which payments to generate.', {
  payments: { ...integer('Number of payments. Default: 100.'), maximum: 100_000 },
  seed: integer('Seed of the random choices: the same seed generates the same payments. Default: 42.'),
  days: { ...integer('Number of past days over which the payments are spread. Default: 30.', 1), maximum: 3650 },
});
const snapshot = { type: 'object', description: 'A document returned by GET /_sim/snapshot, unchanged.' } as const;
const check = {
  ...object('What to check.', {
    charged: object('Payments that were captured.', {
      times: integer('Number of payments. Default: 1.'),
      amount: integer('Captured amount of each, in minor units. Default: any above 0.'),
      refunded: integer('Refunded amount of each, in minor units. Default: any.'),
      reference: string('REFERENCE of each. Default: any.'),
    }),
    received: array('Exactly these requests, in this order.', {
      // The other keywords apply to objects only. With anyOf, an unknown name would be reported without its name.
      ...object(
        'An operation, by number or name; or an object with the operation, some of its variables and the code of its reply.',
        {
          send: string('An operation, by number or name.'),
          with: {
            type: 'object',
            description: 'Values of variables, as they were sent (cards masked): texts, or {pattern: a regular expression}.',
            additionalProperties: {
              type: ['string', 'object'],
              properties: { pattern: string('A regular expression.') },
              required: ['pattern'],
              additionalProperties: false,
            },
          },
          answered: string('The CODEREPONSE of the reply.'),
        },
        ['send'],
      ),
      type: ['string', 'object'],
    }),
    noFindings: choice('No finding of this severity or a higher one.', ['info', 'warning', 'error']),
  }),
  minProperties: 1,
};
const accountChange = object('Settings of an account.', accountSettings);

/** The JSON Schemas (draft 2020-12) of what a user writes: the configuration file and the bodies of the control API. */
export const SCHEMAS = {
  config,
  account,
  accountChange,
  rule,
  payment,
  subscriber,
  clock,
  advance,
  release,
  outage,
  seed,
  snapshot,
  check,
} as const;

/** The name of a schema. */
export type SchemaName = keyof typeof SCHEMAS;
