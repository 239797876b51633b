import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LoadedScenario, parseScenario } from '../../scenarios/parse.js';
import { type CaseResult, type RunOptions, runScenarios } from '../../scenarios/runner.js';
import { endpointTarget, simulatorTarget, type Target } from '../../scenarios/target.js';
import { timeline } from '../../scenarios/timeline.js';
import { createSimulator, type Simulator } from '../../simulator/index.js';
import { inProcessFetch } from './run-contract.js';
import { type ServedMerchant, serveMerchant } from './serve-merchant.js';

const EXAMPLES = fileURLToPath(new URL('../../scenarios/examples', import.meta.url));

/** A language whose interpreter is started for each command of its merchants. */
interface Language {
  readonly language: string;
  readonly program: string;
  /** Arguments with which the interpreter prints its own path. The program that is found may be a script that searches for it. */
  readonly printPath: readonly string[];
  /** Option with which the interpreter starts without looking for packages, which the merchants do not use. */
  readonly option: string;
  readonly extension: string;
}

const LANGUAGES: readonly Language[] = [
  { language: 'php', program: 'php', printPath: ['-r', 'echo PHP_BINARY;'], option: '', extension: 'php' },
  { language: 'python', program: 'python3', printPath: ['-c', 'import sys; print(sys.executable)'], option: '-S', extension: 'py' },
  { language: 'ruby', program: 'ruby', printPath: ['-e', 'puts RbConfig.ruby'], option: '--disable-gems', extension: 'rb' },
];

/** The commands that start the merchants of a language. */
interface Merchants {
  readonly language: string;
  readonly safe: string;
  readonly careless: string;
}

/** Returns the merchants of a language, or none if its interpreter is not installed. On CI that is an error, so that no test is skipped. */
function merchantsOf({ language, program, printPath, option, extension }: Language): Merchants[] {
  const { status, stdout } = spawnSync(program, printPath, { encoding: 'utf8' });
  if (status === 0) {
    const command = (name: string): string => `"${stdout.trim()}" ${option} "${EXAMPLES}/${language}/${name}.${extension}"`;
    return [{ language, safe: command('safe'), careless: command('careless') }];
  }
  if (process.env.CI) throw new Error(`${program} is not installed, so its examples cannot be tested.`);
  process.stderr.write(`\n*** NOT TESTED: ${program} is not installed; its merchants were skipped. ***\n\n`);
  return [];
}

const MERCHANTS = LANGUAGES.flatMap(merchantsOf);

const PAID = '^paid \\d{10} \\d{10}$';
const pay = (stdout: string, more = ''): string =>
  `{ run: "\${integration} pay \${reference} 1000 \${card}", as: order, expect: { program: { status: 0, stdout: ${stdout} }${more} } }`;
const payTo = (pattern: string, more = ''): string => pay(`{ pattern: '${pattern}' }`, more);

/** Like {@link payTo}, for a reply that never comes in time: the merchant gives up after some seconds, which every other reply meets. */
const givingUp = (pattern: string, more = ''): string => payTo(pattern, more).replace('{ run:', '{ env: { PAYBOX_TIMEOUT: "5" }, run:');

function scenario(id: string, rest: string): Promise<LoadedScenario> {
  const head = `id: ${id}\nwhy: A shop must neither lose a payment nor charge twice.\nsection: §8\nweight: D\nneeds: [integration]\n`;
  return parseScenario(head + rest, `${id}.yaml`);
}

/** Returns a step that uses the payment of the step `order`. */
const followUp = (command: string, amount: number, stdout: string, more = ''): string =>
  `{ run: "\${integration} ${command} \${order.word2} \${order.word3} ${amount}", as: last, expect: { program: { status: 0, stdout: ${stdout} }${more} } }`;
const status = (stdout: string): string =>
  `{ run: "\${integration} status \${order.word2}", expect: { program: { status: 0, stdout: ${stdout} } } }`;

/** Returns a `given` with a rule for the matching questions: their answer, or their fault. */
const rule = (match: string, more: string): string => `given: { rules: [{ match: { ${match} }, ${more} }] }\n`;

// The programs send today's date, so the gateway's clock must have it too.
const CLOCK = `clock: ${new Date().toISOString()}`;
const TODAY = `given: { ${CLOCK} }\n`;

const LOST = rule('TYPE: pay', 'times: 1, fault: { reply: drop }');
const WITH_INQUIRY = ', received: [{ send: exists }, { send: pay }, { send: exists }, { send: inquire }]';
const lostReply = () =>
  scenario(
    'lost-reply',
    `${LOST}steps: [${payTo(PAID, `${WITH_INQUIRY}, money: { payments: 1, captured: 1000 }`)}, ${status('found Capturé')}]`,
  );

/** Scenarios that a careful merchant passes. */
const SAFE: readonly (readonly [id: string, rest: string])[] = [
  [
    'pays-and-refunds',
    `${TODAY}steps: [${payTo(PAID)}, ${status('found Capturé')}, ${followUp('refund', 400, "{ pattern: '^refunded \\d+ \\d+$' }")}, ` +
      `${followUp('refund', 600, "{ pattern: '^refunded \\d+ \\d+$' }", ', findings: [], money: { payments: 1, refunded: 1000, credited: 0 }')}, ` +
      `${status('found Remboursé')}, { run: "\${integration} status 0009999999", expect: { program: { stdout: not-found } } }]`,
  ],
  [
    'authorizes-and-captures',
    `${TODAY}steps: [{ run: "\${integration} authorize 'Été & 100 %=\${reference}' 1999 \${card}", as: order, ` +
      `expect: { program: { stdout: { pattern: '^authorized \\d+ \\d+$' } }, findings: [], money: { open: 1999 } } }, ${status('found Autorisé')}, ` +
      `${followUp('capture', 1999, "{ pattern: '^captured \\d+ \\d+$' }", ', findings: [], money: { captured: 1999 }')}, ` +
      `${followUp('capture', 1999, 'refused 00015')}, ${followUp('cancel', 1999, "{ pattern: '^cancelled \\d+ \\d+$' }", ', money: { payments: 0 }')}, ${status('found Annulé')}]`,
  ],
  [
    'cancels-before-the-remittance-only',
    `steps: [${payTo(PAID)}, { remit: true }, ${followUp('cancel', 1000, 'refused 00015')}, ${followUp('refund', 1000, "{ pattern: '^refunded ' }")}]`,
  ],
  [
    'calling-again-pays-once',
    `steps: [${payTo(PAID)}, ${payTo(PAID, ', received: [{ send: exists }, { send: inquire }], money: { payments: 1 }')}]`,
  ],
  ['code-with-a-letter', `${rule('TYPE: pay', "answer: '001A1'")}steps: [${pay('refused 001A1', ', money: { payments: 0 }')}]`],
  [
    'dropped-before-the-commit',
    `${rule('TYPE: pay', 'times: 1, fault: { processed: no, reply: drop }')}steps: [${pay('unknown', ', money: { payments: 0 }')}, ${payTo(PAID, ', money: { payments: 1 }')}]`,
  ],
  [
    'broken-replies',
    `examples: [{ fault: half }, { fault: empty }, { fault: garbage }]\n${rule('TYPE: pay', 'times: 1, fault: { reply: "${fault}" }')}steps: [${payTo(PAID, `${WITH_INQUIRY}, money: { payments: 1 }`)}]`,
  ],
  [
    'never-answered',
    `${rule('TYPE: pay', 'fault: { reply: never }')}steps: [${givingUp(PAID, `${WITH_INQUIRY}, money: { payments: 1 }`)}]`,
  ],
  ['byte-by-byte', `${rule('TYPE: pay', 'fault: { slow: 100 }')}steps: [${givingUp(PAID, `${WITH_INQUIRY}, money: { payments: 1 }`)}]`],
  ['page-of-a-proxy', `${rule('TYPE: pay', 'fault: { http: 502 }')}steps: [${payTo(PAID, `${WITH_INQUIRY}, money: { payments: 1 }`)}]`],
  [
    'wrong-echo',
    `${rule('TYPE: pay', "fault: { processed: no, echo: { NUMQUESTION: '1' } }")}steps: [${pay('unknown', ', money: { payments: 0 }')}]`,
  ],
  [
    'wrong-echo-of-a-payment',
    `${rule('TYPE: pay', "fault: { echo: { RANG: '99' } }")}steps: [${payTo(PAID, `${WITH_INQUIRY}, money: { payments: 1 }`)}]`,
  ],
  [
    'other-leading-zeros',
    `given: { ${CLOCK}, account: { variants: { echo: normalised } } }\n` +
      `steps: [{ run: "\${integration} pay \${reference} 1000 \${card}", env: { PAYBOX_RANG: "032" }, as: order, ` +
      "expect: { program: { status: 0, stdout: { pattern: '^paid ' } }, received: [{ send: exists }, { send: pay, with: { RANG: '032' } }], " +
      'money: { payments: 1 } } }]',
  ],
  [
    'frame-that-cannot-be-read',
    `steps: [{ run: "\${integration} pay \${reference} 1000 11112222333344445555", expect: { program: { status: 0, stdout: refused 00014 }, ` +
      `received: [{ send: exists }, { send: pay }], money: { payments: 0 } } }, ${payTo(PAID)}]`,
  ],
  [
    'blank-echo-of-a-payment',
    `${rule('TYPE: pay', "fault: { echo: { NUMQUESTION: '0000000000', SITE: '       ', RANG: '  ' } }")}steps: [${payTo(PAID, `${WITH_INQUIRY}, money: { payments: 1 }`)}]`,
  ],
  ['wrong-echo-everywhere', `given: { rules: [{ fault: { echo: { SITE: '7' } } }] }\nsteps: [${pay('unknown')}]`],
  [
    'to-the-backup-host',
    `examples: [{ code: 00001 }, { code: 00003 }, { code: 00097 }, { code: 00098 }]\n` +
      `given: { rules: [{ match: { TYPE: pay }, times: 1, answer: "\${code}" }] }\nsteps: [${payTo(PAID, ', received: [{ send: exists }, { send: pay }, { send: pay }], money: { payments: 1 }')}, ${status('found Capturé')}]`,
  ],
  [
    'unavailable',
    `given: { rules: [{ answer: 00003 }] }\nsteps: [${pay('unavailable 00003')}, { run: "\${integration} status 1", expect: { program: { stdout: unknown } } }]`,
  ],
  [
    'refusals',
    `examples: [{ code: 00005 }, { code: 00105 }, { code: 00151 }, { code: 00026 }, { code: 00039 }, { code: 00040 }]\n` +
      `given: { rules: [{ match: { TYPE: pay }, times: 1, answer: "\${code}" }] }\n` +
      `steps: [${pay('"refused ${code}"', ', received: [{ send: exists }, { send: pay }], money: { payments: 0 }')}, ${payTo(PAID)}]`,
  ],
  [
    'lost-after-the-payment',
    `examples: [{ command: capture, word: captured }, { command: cancel, word: cancelled }]\n` +
      `given: { rules: [{ match: { TYPE: "\${command}" }, fault: { reply: drop } }] }\n` +
      `steps: [{ run: "\${integration} authorize \${reference} 1000 \${card}", as: order }, ${followUp('${command}', 1000, "{ pattern: '^${word} ' }", ', received: [{ send: inquire }, { send: "${command}" }, { send: inquire }]')}]`,
  ],
  [
    'lost-refund',
    `${rule('TYPE: refund', 'fault: { reply: drop }')}steps: [${payTo(PAID)}, ${followUp('refund', 1000, "{ pattern: '^refunded ' }", ', money: { refunded: 1000 }')}]`,
  ],
];

let simulator: Simulator;
let target: Target;
let reference: ServedMerchant;
/** A URL where no server listens. */
let closed: string;

beforeAll(async () => {
  // Seconds after which the merchants give up: the limit is never reached, also on a busy machine.
  vi.stubEnv('PAYBOX_TIMEOUT', '50');
  simulator = createSimulator();
  target = simulatorTarget(await simulator.listen(), globalThis.fetch, inProcessFetch(simulator));
  reference = await serveMerchant();
  const another = createSimulator();
  closed = `${await another.listen()}/PPPS.php`;
  await another.close();
});

afterAll(() => {
  vi.unstubAllEnvs();
  reference.close();
  return simulator.close();
});

async function run(scenarios: readonly LoadedScenario[], integration: string, more: Partial<RunOptions> = {}) {
  return runScenarios(scenarios, { target, values: { integration }, ...more });
}

function timelineOf(result: CaseResult | undefined): string {
  if (!result || result.outcome === 'skipped') throw new Error('The case did not run.');
  return timeline(result.case.scenario, result.record);
}

/** Returns the output of all programs of a run. */
function printed(results: readonly CaseResult[]): string {
  const steps = results.flatMap((result) => (result.outcome === 'skipped' ? [] : result.record.steps));
  return steps.map(({ program }) => `${program?.stdout}${program?.stderr}`).join('\n');
}

const CAREFUL = [
  { language: 'reference', integration: () => reference.integration },
  ...MERCHANTS.map(({ language, safe }) => ({ language, integration: () => safe })),
];

describe.each(CAREFUL)('the careful merchant: $language', ({ integration }) => {
  test('passes every scenario', { timeout: 120_000 }, async () => {
    const scenarios = await Promise.all([lostReply(), ...SAFE.map(([id, rest]) => scenario(id, rest))]);
    const { results } = await run(scenarios, integration());
    const failed = results.filter(({ outcome }) => outcome !== 'passed');
    expect(failed.map((result) => `${result.case.name}\n${timelineOf(result)}`).join('\n\n')).toBe('');
    expect(printed(results)).not.toContain('1111222233334444');
  });

  test('signs with the HMAC key if it has no CLE', async () => {
    const { account } = target;
    const signing = { ...target, open: async (name: string) => ({ ...(await target.open(name)), account: { ...account, cle: '' } }) };
    const given = `given: { ${CLOCK}, account: { auth: hmac } }\n`;
    const { results } = await run([await scenario('signs', `${given}steps: [${payTo(PAID, ', findings: []')}]`)], integration(), {
      target: signing,
    });
    expect(results.map((result) => `${result.outcome}\n${timelineOf(result)}`).join()).toMatch(/^passed/);
  });

  test('reports that no host can be reached', async () => {
    const unreachable = { ...endpointTarget(closed, target.account), isReachable: true };
    const { results } = await run([await scenario('unreachable', `steps: [${pay('unavailable connection')}]`)], integration(), {
      target: unreachable,
    });
    expect(results.map((result) => `${result.outcome}\n${timelineOf(result)}`).join()).toMatch(/^passed/);
  });

  test('uses the backup host if the main one refuses the connection', async () => {
    const withoutMainHost: Target = { ...target, open: async (name) => ({ ...(await target.open(name)), url: closed }) };
    const { results } = await run([await scenario('refused', `steps: [${payTo(PAID, ', money: { payments: 1 }')}]`)], integration(), {
      target: withoutMainHost,
    });
    expect(results.map((result) => `${result.outcome}\n${timelineOf(result)}`).join()).toMatch(/^passed/);
  });
});

/** The mistakes of each careless merchant, and the text of the timeline that shows them. */
const MISTAKES: Record<string, readonly (readonly [mistake: string, rest: string, shown: string | RegExp])[]> = {
  php: [
    [
      'uses the backup host after a refusal',
      `${rule('TYPE: pay', 'answer: 00151')}steps: [${pay('refused 00151', ', received: [{ send: pay }]')}]`,
      'received pay → 00151, pay → 00151',
    ],
    [
      'credits a card instead of refunding',
      `steps: [${payTo(PAID)}, ${followUp('refund', 1000, "{ pattern: '^refunded ' }", ', money: { refunded: 1000, credited: 0 }')}]`,
      'expected credited 0 over all payments',
    ],
    ['reads the reply as UTF-8', `steps: [${payTo(PAID)}, ${status('found Capturé')}]`, 'expected stdout is "found Capturé"'],
  ],
  python: [
    ['crashes on an unknown code', `${rule('TYPE: pay', 'answer: 00026')}steps: [${pay('refused 00026')}]`, "KeyError: '00026'"],
    [
      'loses a cent',
      `steps: [{ run: "\${integration} pay \${reference} 1999 \${card}", expect: { money: { captured: 1999 } } }]`,
      'received 1998',
    ],
  ],
  ruby: [
    [
      'swaps NUMTRANS and NUMAPPEL',
      `steps: [${payTo(PAID)}, ${followUp('refund', 1000, "{ pattern: '^refunded ' }", ', findings: []')}]`,
      /received .*numbers-swapped/,
    ],
    [
      'does not percent-encode',
      `steps: [{ run: "\${integration} pay 'A&B' 1000 \${card}", expect: { received: [{ send: pay, with: { REFERENCE: 'A&B' } }] } }]`,
      'received "A"',
    ],
  ],
};

describe.each(MERCHANTS)('the careless merchant: $language', ({ language, careless }) => {
  test('makes an ordinary payment', async () => {
    const { results } = await run([await scenario('pays', `steps: [${payTo(PAID, ', money: { payments: 1 }')}]`)], careless);
    expect(results.map((result) => `${result.outcome}\n${timelineOf(result)}`).join()).toMatch(/^passed/);
  });

  test('charges twice when a reply is lost, and the timeline shows the requests', async () => {
    const { results } = await run([await lostReply()], careless);
    expect(results[0]?.outcome).toBe('failed');
    expect(timelineOf(results[0])).toContain('received pay → 00000, pay → 00000');
    expect(timelineOf(results[0])).toMatch(/expected payments 1 over all payments\n +received 2/);
  });

  test('accepts the reply to another question', async () => {
    const rest = `${rule('TYPE: pay', "fault: { processed: no, echo: { NUMQUESTION: '1' } }")}steps: [${pay('unknown')}]`;
    const { results } = await run([await scenario('wrong-echo', rest)], careless);
    expect(timelineOf(results[0])).toMatch(/expected stdout is "unknown"\n +received "paid /);
  });

  test.each(MISTAKES[language] ?? [])('%s', async (_, rest, shown) => {
    const { results } = await run([await scenario('mistake', rest)], careless);
    expect(results[0]?.outcome).toBe('failed');
    expect(timelineOf(results[0])).toMatch(shown);
  });
});
