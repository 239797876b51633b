import { HASH_NAMES, HOSTED_PAGE_PATHS, VARIANTS } from '../contracts/index.js';
import { BANK_ACTS } from './browsing/bank.js';
import { HOSTED_ACTS } from './browsing/hosted-page.js';
import { TASKS } from './explore/attempt.js';

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const amount = (description: string) => ({ type: 'integer', minimum: -9_999_999_999, description });
const object = (description: string, properties: object, required: readonly string[] = []) => ({
  type: 'object',
  description,
  properties,
  required: [...required],
  additionalProperties: false,
});
const only = (name: string, schema: object) => ({
  type: 'object',
  properties: { [name]: schema },
  required: [name],
  additionalProperties: false,
});

const field = {
  description: 'A value, {pattern}, {not}, {oneOf: [..]}, {absent: true}, {present: true} or {echo: true}.',
  anyOf: [
    { type: 'string' },
    only('pattern', { type: 'string' }),
    only('not', { type: 'string' }),
    only('oneOf', { type: 'array', items: { type: 'string' }, minItems: 1 }),
    only('absent', { const: true }),
    only('present', { const: true }),
    only('echo', { const: true }),
  ],
};
const fields = (description: string) => ({ type: 'object', description, additionalProperties: field });
const variables = (description: string) => ({ type: 'object', description, additionalProperties: { type: 'string' } });
const NAME = { pattern: '^[a-z][A-Za-z0-9]*$' };

/** Expectations that are possible after any step. */
const state = {
  payment: object(
    'Expected state of a payment, as the control API returns it.',
    {
      of: text("Name of the step whose reply contains the payment's numbers.", NAME),
      STATUS: text('STATUS as an inquiry returns it: Autorisé, Capturé, Remboursé, Annulé, Crédit, Refusé.'),
      standing: text('State of the payment.', {
        enum: ['authorized', 'expired', 'captured', 'cancelled', 'refunded', 'credited', 'refused'],
      }),
      authorized: amount('Authorized amount in minor units.'),
      captured: amount('Captured amount in minor units.'),
      refunded: amount('Refunded amount in minor units.'),
      refundable: amount('Amount that can still be refunded, in minor units.'),
      remitted: amount('Amount remitted to the bank, in minor units; negative for a credit.'),
      transactions: { type: 'integer', minimum: 1, description: 'Number of operations on the payment.' },
    },
    ['of'],
  ),
  findings: {
    type: 'array',
    items: { type: 'string' },
    description: 'Rules of all findings on the requests of the step, or of the whole case if the step sends none.',
  },
  received: {
    type: 'array',
    description: 'All requests that the gateway received during the step, or during the whole case if the step sends none, in order.',
    items: object('A request.', { send: text('An operation by name or TYPE.'), with: fields('Its variables.'), answered: field }, ['send']),
  },
  money: object('Expected totals over all payments of the case, in minor units.', {
    payments: { type: 'integer', minimum: 0, description: 'Number of captured payments, including those refunded since.' },
    captured: amount('Captured amount.'),
    refunded: amount('Refunded amount.'),
    credited: amount('Amount credited without a payment.'),
    open: amount('Amount authorized, and not captured, cancelled or expired.'),
  }),
  laws: object(
    'The laws of `paybox-sim explore` hold for the programs and the books of the case. The second expectation of a case is about a second attempt.',
    {
      amount: { type: 'integer', minimum: 1, description: 'Amount of the order, in minor units.' },
      refund: { type: 'integer', minimum: 0, description: 'What is refunded in all, in minor units. Default: 0.' },
      again: {
        type: 'boolean',
        description: "Whether a second attempt follows, so that the scenario's own laws are not checked yet. Default: false.",
      },
      strict: { type: 'boolean', description: 'Whether left-authorized counts, which is otherwise only reported. Default: false.' },
      usual: { type: 'array', items: { type: 'string' }, description: 'Rules of findings of severity error that do not count.' },
    },
    ['amount'],
  ),
  result: {
    type: 'object',
    description:
      "Variables of an authentication's result; those of one way as server.StatusPBX and browser.StatusPBX. Beside them: first (server, browser), server and browser (how many " +
      'arrived), check (valid, invalid), page (error, bank, return, blank, result, waiting), status and html of the pages, query and body as received, order (names of the variables). ' +
      'Of a payment on the hosted page: the letters of PBX_RETOUR as the browser brought them (server.E: as the call brought them), K (valid, invalid), to (the address), page ' +
      '(card, refused, receipt, return, bank, error, waiting).',
    properties: { of: text('Name of the step that started it. Default: the step itself.', NAME) },
    additionalProperties: field,
  },
  notified: {
    type: 'array',
    description:
      'All results of the hosted page that the shop received during the step, or during the whole case if the step starts no payment, in order: the letters of PBX_RETOUR, K ' +
      '(valid, invalid), to (PBX_REPONDRE_A, PBX_EFFECTUE, PBX_REFUSE, PBX_ANNULE, PBX_ATTENTE), method, order (names), query, ETAT_PBX.',
    items: fields('A result.'),
  },
};

const expectation = (own: object = {}) => object('Expected results.', { ...own, ...state });

const afterQuestion = expectation({
  reply: fields('Fields of the reply.'),
  wire: object('Bytes and headers of the reply.', {
    status: { type: 'integer', description: 'HTTP status.' },
    contentType: field,
    order: { type: 'array', items: { type: 'string' }, description: 'These variables occur in this order; others may occur between them.' },
    contains: text('The body contains this text in ISO-8859-1.'),
    lacks: text('The body does not contain this text in ISO-8859-1.'),
    headers: fields('HTTP headers.'),
  }),
});
const afterRun = expectation({
  program: object('Result of the program.', { status: { type: 'integer', description: 'Exit status.' }, stdout: field, stderr: field }),
});
const afterCall = expectation({
  http: object('Response of the application.', { status: { type: 'integer', description: 'HTTP status.' }, body: field }),
});

const as = text('Name by which later steps refer to the reply: ${name.NUMTRANS}.', NAME);

const send = object(
  'Sends a question.',
  {
    send: text('An operation by name (authorize, subscribers.pay) or TYPE.'),
    on: text('Name of the earlier step whose payment or subscriber this step uses.', NAME),
    host: text('The host to send to. Default: main.', { enum: ['main', 'backup'] }),
    with: variables('Variables to send in addition to the default ones, or instead of those with the same name.'),
    without: { type: 'array', items: { type: 'string' }, description: 'Usual variables to omit.' },
    sign: text('How the question is authenticated. Default: CLE if the account has one, else HMAC.', {
      enum: ['cle', ...HASH_NAMES, 'none'],
    }),
    as,
    expect: afterQuestion,
  },
  ['send'],
);
const raw = object(
  'Sends bytes exactly as written.',
  {
    raw: text('The body, one character per byte; "\\xE9" is the byte E9.'),
    contentType: text('Content-Type. Default: application/x-www-form-urlencoded.'),
    method: text('HTTP method. Default: POST.'),
    sign: text("Appends HASH and the HMAC of the body's bytes.", { enum: HASH_NAMES }),
    message: text('Text to compute the HMAC of instead of the body with HASH, one character per byte. For wrong signatures.'),
    hexCase: text("Case of the HMAC's hex digits. Default: upper.", { enum: ['upper', 'lower'] }),
    as,
    expect: afterQuestion,
  },
  ['raw'],
);
const does = text('What it does with the money, for `laws`. Default: by the first word that says it, else it pays.', { enum: TASKS });
const within = { type: 'number', exclusiveMinimum: 0, maximum: 300, description: 'Time limit in seconds. Default: 60.' };
const run = object(
  "Runs a program. The gateway's URL and the account are in its environment.",
  {
    run: text('A shell command.'),
    does,
    env: variables('Additional environment variables.'),
    within,
    kill: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description:
        'Kills the program when the gateway has received this many questions during the step. A rule must keep the reply to the last of them back.',
    },
    after: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description:
        'In `together`: starts when the gateway has received this many questions during the step, or the other parts have ended.',
    },
    as,
    expect: afterRun,
  },
  ['run'],
);
const request = {
  method: text('HTTP method. Default: POST if there is a body, else GET.'),
  headers: variables('HTTP headers.'),
  json: { description: 'Body to send as JSON.' },
  body: text('Body to send unchanged.'),
};
const call = object(
  'Sends an HTTP request to the application under test.',
  {
    call: text('URL.'),
    does,
    ...request,
    within,
    as,
    expect: afterCall,
  },
  ['call'],
);
const act = text('What the customer does at the bank. Default: confirm, if the bank asks.', { enum: BANK_ACTS });
const authenticate = object(
  "Starts an authentication at RemoteMPI. The runner is the shop and the customer's browser.",
  {
    authenticate: variables('Variables of RemoteMPI to send in addition to the default ones, or instead of those with the same name.'),
    without: { type: 'array', items: { type: 'string' }, description: 'Usual variables to omit.' },
    do: act,
    on: text('Name of the earlier step whose customer comes back to the page of the bank, instead of a new authentication.', NAME),
    as,
    expect: expectation(),
  },
  ['authenticate'],
);
const hostedAct = (acts: readonly string[]) => text('What the customer does on the hosted page. Default: pay.', { enum: acts });
const card = {
  description: 'Number of the card, or of several: each is entered after the one before was refused. Default: a card that is accepted.',
  anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
};
const checkout = object(
  "Starts a payment on the hosted page. The runner is the shop and the customer's browser.",
  {
    checkout: variables(
      'Variables of the hosted page to send in addition to the default ones, or instead of those with the same name. They are signed.',
    ),
    without: { type: 'array', items: { type: 'string' }, description: 'Usual variables to omit.' },
    path: text(`Path of the hosted page. Default: ${HOSTED_PAGE_PATHS[0]}.`),
    method: text('HTTP method. Default: POST.', { enum: ['GET', 'POST'] }),
    card,
    do: hostedAct([...HOSTED_ACTS, 'unsubscribe']),
    bank: act,
    on: text('Name of the earlier step whose customer comes back to the page, instead of a new payment.', NAME),
    as,
    expect: expectation(),
  },
  ['checkout'],
);
const browse = object(
  'Visits the application under test as a customer, who follows its pages to the bank or the hosted page and back.',
  {
    browse: text('URL of the first page.'),
    does,
    ...request,
    form: variables('Fields to send as a form in UTF-8.'),
    do: act,
    hosted: hostedAct(HOSTED_ACTS),
    card,
    until: { ...field, description: `The visit is repeated until the body of its last page is this. ${field.description}` },
    within,
    as,
    expect: afterCall,
  },
  ['browse'],
);
const together = object(
  'Runs several steps concurrently.',
  {
    together: {
      type: 'array',
      minItems: 2,
      items: { type: 'object', anyOf: [send, raw, run, call, authenticate, checkout, browse] },
      description: 'Steps of the kinds send, raw, run, call, authenticate, checkout and browse.',
    },
    expect: expectation(),
  },
  ['together'],
);
const rule = object('Adds a rule to the gateway.', { rule: { type: 'object', description: 'A rule in the format of POST /_sim/rules.' } }, [
  'rule',
]);
const advance = object('Moves the clock forward.', { advance: text('ISO 8601 duration on the Paris calendar: P1D, PT90M.') }, ['advance']);
const remit = object('Runs the remittance of the coming night.', { remit: { const: true } }, ['remit']);
const expectStep = object("Checks the gateway's state.", { expect: expectation() }, ['expect']);

/** The kinds of steps that can run concurrently. */
export const ACTION_KINDS = ['send', 'raw', 'run', 'call', 'authenticate', 'checkout', 'browse'] as const;

/** The schema of each kind of step, by the key that identifies the kind. */
export const STEP_SCHEMAS = {
  send,
  raw,
  run,
  call,
  authenticate,
  checkout,
  browse,
  together,
  rule,
  advance,
  remit,
  expect: expectStep,
} as const;

const variants = object(
  'Variants that the scenario depends on: behaviour on which the evidence disagrees or is silent, and the value with which its expectations hold. Set on the account where ' +
    'that is possible; elsewhere assumed.',
  Object.fromEntries(
    VARIANTS.map(({ name, meaning, values, ...variant }) => {
      const known = { enum: values.map(({ value }) => value) };
      const duration = { type: 'string', pattern: '^P.' };
      return [name, { ...('accepts' in variant ? { anyOf: [known, duration] } : known), description: `${meaning.en}.` }];
    }),
  ),
);

/** The JSON Schema (draft 2020-12) of a scenario file. */
export const SCENARIO_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'paybox-sim scenario',
  ...object(
    'A situation, steps to run in it, and the expected results.',
    {
      id: text('Unique among all scenarios.', { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
      why: text('One sentence: why the scenario matters.', { minLength: 1 }),
      section: text('The section of the protocol sheet that the scenario is based on: §3.', { pattern: '^§([1-9]|1[01])$' }),
      weight: text('How well the behaviour is known: D documented, O observed, I inferred.', { enum: ['D', 'O', 'I'] }),
      safe: { type: 'boolean', description: 'Whether the scenario may run on a shared real endpoint. Default: false.' },
      unknown: {
        type: 'boolean',
        description: 'Whether names of variables that the gateway does not have are meant. Default: false, they are mistakes.',
      },
      tags: { type: 'array', items: text('A word to select scenarios by.', { pattern: '^[a-z0-9-]+$' }) },
      needs: {
        type: 'array',
        items: { enum: ['cle', 'hmac', 'plus', 'integration', 'shop'] },
        description:
          'Requirements: a CLE, an HMAC key or Direct Plus on the account; an integration that steps run as ${integration}; a web shop whose URL is ${shop}.',
      },
      catches: { type: 'array', items: { type: 'string' }, description: 'Names of the gateway mistakes that this scenario detects.' },
      given: object('State to set up before the first step.', {
        account: { type: 'object', description: 'Settings of the account, in the format of PUT /_sim/accounts.' },
        variants,
        clock: text('Time of the clock, ISO 8601; Paris time unless it has an offset.'),
        rules: { type: 'array', items: { type: 'object' }, description: 'Rules, in the format of POST /_sim/rules.' },
        payments: {
          type: 'array',
          items: { type: 'object' },
          description: 'Payments made elsewhere, in the format of POST /_sim/payments; `as` names a payment.',
        },
        subscribers: {
          type: 'array',
          items: object(
            'A subscriber.',
            {
              as,
              token: text(
                'Token that it has elsewhere: it is imported by POST /_sim/subscribers. Without it, operation 00056 registers it.',
              ),
              with: variables('Variables of the registration.'),
            },
            ['as'],
          ),
        },
      }),
      laws: {
        type: 'array',
        description: 'Laws of the scenario, in addition to those of `paybox-sim explore`. Checked by it, and by `expect: { laws: … }`.',
        items: object(
          'A law.',
          {
            id: text('Unique among all laws.', { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
            sentence: text('What must hold, in words.', { minLength: 1 }),
            remedy: text('What to do where it does not.'),
            holds: text(
              'What must hold, as an expression of CEL: captured <= amount. It can use amount, refund, payments, captured, refunded, credited, authorized (minor units), ' +
                'said (done, refused, unsure), text, again, questions.',
              { minLength: 1 },
            ),
          },
          ['id', 'sentence', 'holds'],
        ),
      },
      examples: {
        type: 'array',
        items: variables('Values that steps refer to as ${name}.'),
        minItems: 1,
        description: 'The scenario runs once for each row.',
      },
      steps: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          anyOf: Object.values(STEP_SCHEMAS),
          description:
            'A step has one of the keys send, raw, run, call, authenticate, checkout, browse, together, rule, advance, remit, expect.',
        },
      },
    },
    ['id', 'why', 'steps'],
  ),
} as const;
