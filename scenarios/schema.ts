import { HASH_NAMES } from '../contracts/index.js';

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

/** What can be expected of the gateway after any step. */
const state = {
  payment: object(
    'Where a payment stands, as the control API shows it.',
    {
      of: text("The name of the step whose reply has the payment's numbers.", NAME),
      STATUS: text('As an inquiry shows it: Autorisé, Capturé, Remboursé, Annulé, Crédit, Refusé.'),
      standing: text('Where it stands.', { enum: ['authorized', 'expired', 'captured', 'cancelled', 'refunded', 'credited', 'refused'] }),
      authorized: amount('Minor units.'),
      captured: amount('Minor units.'),
      refunded: amount('Minor units.'),
      refundable: amount('What could still be refunded, minor units.'),
      remitted: amount('What went to the bank, minor units; negative for a credit.'),
      transactions: { type: 'integer', minimum: 1, description: 'How many operations its chain has.' },
    },
    ['of'],
  ),
  findings: {
    type: 'array',
    items: { type: 'string' },
    description: 'Rules of the findings that the requests of the step make, all of them.',
  },
  received: {
    type: 'array',
    description: 'The requests that the gateway received during the step (of the whole case where the step makes none), in their order.',
    items: object('A request.', { send: text('An operation by name or TYPE.'), with: fields('Its variables.'), answered: field }, ['send']),
  },
  money: object('What the requests came to, over all payments of the case, in minor units.', {
    payments: { type: 'integer', minimum: 0, description: 'How many payments were captured, whether or not they were refunded since.' },
    captured: amount('Captured.'),
    refunded: amount('Refunded.'),
    credited: amount('Credited without a payment.'),
    open: amount('Authorized and neither captured nor cancelled nor expired.'),
  }),
};

const expectation = (own: object = {}) => object('What shall hold.', { ...own, ...state });

const afterQuestion = expectation({
  reply: fields('Fields of the reply.'),
  wire: object('The reply as bytes and headers.', {
    status: { type: 'integer', description: 'HTTP status.' },
    contentType: field,
    order: { type: 'array', items: { type: 'string' }, description: 'These variables in this order; others may stand between.' },
    contains: text('The body holds this text in ISO-8859-1.'),
    lacks: text('The body does not hold this text in ISO-8859-1.'),
    headers: fields('HTTP headers.'),
  }),
});
const afterRun = expectation({
  program: object('How the program ended.', { status: { type: 'integer', description: 'Exit status.' }, stdout: field, stderr: field }),
});
const afterCall = expectation({
  http: object('What the application answered.', { status: { type: 'integer', description: 'HTTP status.' }, body: field }),
});

const as = text('The name later steps know its reply by: ${name.NUMTRANS}.', NAME);

const send = object(
  'Puts a question.',
  {
    send: text('An operation by name (authorize, subscribers.pay) or TYPE.'),
    on: text('The step whose payment or subscriber this one goes on with.', NAME),
    host: text('The host that is asked; main unless it is said.', { enum: ['main', 'backup'] }),
    with: variables('Variables that are added or take the place of the usual ones.'),
    without: { type: 'array', items: { type: 'string' }, description: 'Usual variables that are left out.' },
    sign: text('How the account proves itself; by what it has, unless this is said.', { enum: ['cle', ...HASH_NAMES, 'none'] }),
    as,
    expect: afterQuestion,
  },
  ['send'],
);
const raw = object(
  'Sends bytes exactly as written.',
  {
    raw: text('The body, one character a byte; "\\xE9" is the byte E9.'),
    contentType: text('Content-Type; application/x-www-form-urlencoded unless it is said.'),
    method: text('HTTP method; POST unless it is said.'),
    sign: text('Adds HASH and the HMAC over the bytes of the body.', { enum: HASH_NAMES }),
    message: text('What the HMAC is computed over in place of the body with HASH, one character a byte: to sign wrongly.'),
    hexCase: text("How the HMAC's digits are written; upper unless it is said.", { enum: ['upper', 'lower'] }),
    as,
    expect: afterQuestion,
  },
  ['raw'],
);
const within = { type: 'number', exclusiveMinimum: 0, maximum: 300, description: 'Seconds it may take; 10 unless it is said.' };
const run = object(
  "Runs a program, with the gateway's URL and the account in its environment.",
  { run: text('A shell command.'), env: variables('More of its environment.'), within, as, expect: afterRun },
  ['run'],
);
const call = object(
  'Sends a request to the application under test.',
  {
    call: text('URL.'),
    method: text('GET, or POST where there is something to send, unless it is said.'),
    headers: variables('HTTP headers.'),
    json: { description: 'Sent as JSON.' },
    body: text('Sent as it is.'),
    within,
    as,
    expect: afterCall,
  },
  ['call'],
);
const together = object(
  'Makes several steps at once.',
  {
    together: {
      type: 'array',
      minItems: 2,
      items: { type: 'object', anyOf: [send, raw, run, call] },
      description: 'Steps of send, raw, run or call.',
    },
    expect: expectation(),
  },
  ['together'],
);
const rule = object('Adds a rule.', { rule: { type: 'object', description: 'As POST /_sim/rules takes it.' } }, ['rule']);
const advance = object('Moves the clock on.', { advance: text('ISO 8601 duration on the Paris calendar: P1D, PT90M.') }, ['advance']);
const remit = object("Runs tonight's remittance.", { remit: { const: true } }, ['remit']);
const expectStep = object('Holds something against the state.', { expect: expectation() }, ['expect']);

/** The kinds of step of which several can be made at once. */
export const ASKING_KINDS = ['send', 'raw', 'run', 'call'] as const;

/** The properties that tell the kinds of step apart, with the schema of each. */
export const STEP_SCHEMAS = { send, raw, run, call, together, rule, advance, remit, expect: expectStep } as const;

/** The JSON Schema (draft 2020-12) of a scenario file. */
export const SCENARIO_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'paybox-sim scenario',
  ...object(
    'A situation, what is done in it, and what shall come of it.',
    {
      id: text('Unique among all scenarios.', { pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
      why: text('One sentence: why it matters.', { minLength: 20 }),
      section: text('The section of the protocol sheet it rests on: §3.', { pattern: '^§[1-8]$' }),
      weight: text('How well it is known: D documented, O observed, I inferred.', { enum: ['D', 'O', 'I'] }),
      safe: { type: 'boolean', description: 'Whether it may run on a shared real endpoint; false unless it is said.' },
      tags: { type: 'array', items: text('Words to choose scenarios by.', { pattern: '^[a-z0-9-]+$' }) },
      needs: {
        type: 'array',
        items: { enum: ['cle', 'hmac', 'plus', 'integration'] },
        description:
          'What must be there: of the account a CLE, an HMAC key or Direct Plus; an integration that steps start as ${integration}.',
      },
      catches: { type: 'array', items: { type: 'string' }, description: 'Mistakes of a gateway that this scenario is there to catch.' },
      given: object('What is set up before the first step.', {
        account: { type: 'object', description: 'Settings of the account, as PUT /_sim/accounts takes them.' },
        clock: text('Where the clock stands, ISO 8601, in Paris unless it has an offset.'),
        rules: { type: 'array', items: { type: 'object' }, description: 'Rules, as POST /_sim/rules takes them.' },
        payments: {
          type: 'array',
          items: { type: 'object' },
          description: 'Payments born elsewhere, as POST /_sim/payments takes them; `as` names one.',
        },
        subscribers: {
          type: 'array',
          items: object('A subscriber that is registered first.', { as, with: variables('Variables of the registration.') }, ['as']),
        },
      }),
      examples: {
        type: 'array',
        items: variables('Values that steps know as ${name}.'),
        minItems: 1,
        description: 'The scenario is run once for each row.',
      },
      steps: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          anyOf: Object.values(STEP_SCHEMAS),
          description: 'A step has one of send, raw, run, call, together, rule, advance, remit, expect.',
        },
      },
    },
    ['id', 'why', 'section', 'weight', 'steps'],
  ),
} as const;
