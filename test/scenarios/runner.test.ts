import { beforeEach, describe, expect, it } from 'vitest';
import { TEST_HMAC_KEY } from '../../contracts/index.js';
import type { LoadedScenario } from '../../scenarios/parse.js';
import { type CaseResult, type RunOptions, type RunSummary, runScenarios } from '../../scenarios/runner.js';
import { endpointTarget, simulatorTarget, type Target, type TargetAccount } from '../../scenarios/target.js';
import { firstFailure, timeline } from '../../scenarios/timeline.js';
import { createSimulator, type Simulator } from '../../simulator/index.js';
import { inline } from './inline.js';
import { inProcessFetch } from './run-contract.js';

const ACCOUNT: TargetAccount = { site: '1999888', rang: '32', cle: '1999888I', version: '00104' };
const PAID = '{ reply: { CODEREPONSE: 00000 } }';

let simulator: Simulator;
let target: Target;
let bodies: string[];

/** The simulator as an endpoint without a control API. The bodies of its requests are collected in `bodies`. */
function endpoint(account: Partial<TargetAccount> = {}): Target {
  const fetch = inProcessFetch(simulator);
  return endpointTarget('http://localhost/PPPS.php', { ...ACCOUNT, ...account }, (input, init) => {
    bodies.push(new TextDecoder('latin1').decode(init?.body as Uint8Array));
    return fetch(input, init);
  });
}

beforeEach(() => {
  simulator = createSimulator();
  target = simulatorTarget('http://localhost', inProcessFetch(simulator));
  bodies = [];
});

async function run(rest: string, options: Partial<RunOptions> = {}): Promise<RunSummary> {
  return runScenarios([await inline(rest)], { target, ...options });
}

const renamed = (scenario: LoadedScenario, id: string): LoadedScenario => ({ ...scenario, id });

function recordOf(result: CaseResult | undefined) {
  if (!result || result.outcome === 'skipped') throw new Error('The case did not run.');
  return result.record;
}

const failuresOf = ({ results }: RunSummary) => recordOf(results[0]).steps.flatMap(({ failures }) => failures);
const outcomesOf = ({ results }: RunSummary): string[] => results.map(({ outcome }) => outcome);

describe('a run', () => {
  it('runs a scenario once for each row and counts the results', async () => {
    const rows = 'examples: [{ amount: 5, code: 00000 }, { amount: 0, code: 00011 }, { amount: 6, code: 00011 }]\n';
    const summary = await run(
      `${rows}steps: [{ send: pay, with: { MONTANT: "\${amount}" }, expect: { reply: { CODEREPONSE: "\${code}" } } }]`,
    );
    expect(outcomesOf(summary)).toEqual(['passed', 'passed', 'failed']);
    expect(summary).toMatchObject({ passed: 2, failed: 1, skipped: 0 });
    expect(summary.results.map((result) => result.case.name)).toEqual([
      'order (amount=5, code=00000)',
      'order (amount=0, code=00011)',
      'order (amount=6, code=00011)',
    ]);
  });

  it('gives every case its own gateway and deletes it afterwards', async () => {
    const steps = `steps:
      - { send: pay, with: { NUMQUESTION: 7, REFERENCE: same }, expect: ${PAID} }
      - { send: subscribers.register, with: { NUMQUESTION: 8, REFABONNE: alice }, expect: ${PAID} }`;
    const account = 'given: { account: { ceiling: 5000 }, clock: 2026-03-28T12:00 }\n';
    expect(outcomesOf(await run(`${account}examples: [{ n: 1 }, { n: 2 }, { n: 3 }]\n${steps}`))).toEqual(['passed', 'passed', 'passed']);
    expect(await (await inProcessFetch(simulator)('http://localhost/_sim/sessions')).json()).toEqual({ sessions: [] });
    expect(await simulator.journal()).toEqual([]);
    expect(simulator.clock.state().frozen).toBe(false);
  });

  it('makes references and subscribers unique on an endpoint that the cases share', async () => {
    const steps = `steps: [{ send: subscribers.register, expect: ${PAID} }]`;
    expect(outcomesOf(await run(`examples: [{ n: 1 }, { n: 2 }]\n${steps}`, { target: endpoint() }))).toEqual(['passed', 'passed']);
  });

  it('runs only scenarios that have all the tags', async () => {
    const both = await inline(`tags: [capture, fast]\nsteps: [{ send: pay, expect: ${PAID} }]`);
    const one = renamed(await inline(`tags: [capture]\nsteps: [{ send: pay, expect: ${PAID} }]`), 'other');
    const { results } = await runScenarios([one, both], { target, tags: ['fast', 'capture'] });
    expect(results.map((result) => result.case.name)).toEqual(['order']);
  });

  it('runs as many cases concurrently as `jobs` says, and returns the results in order', async () => {
    let [now, most] = [0, 0];
    const fetch = inProcessFetch(simulator);
    let waiting: (() => void)[] | undefined = [];
    const reversing = simulatorTarget('http://localhost', async (input, init) => {
      most = Math.max(most, ++now);
      // The first three requests wait for each other, and continue in reverse order.
      await new Promise<void>((resolve) => {
        if (!waiting) return resolve();
        waiting.unshift(resolve);
        if (waiting.length < 3) return;
        for (const next of waiting) next();
        waiting = undefined;
      });
      now--;
      return fetch(input, init);
    });
    const rows = 'examples: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }]\n';
    const calls: string[] = [];
    const { results } = await run(`${rows}steps: [{ send: pay, expect: ${PAID} }]`, {
      target: reversing,
      jobs: 3,
      onResult: ({ case: { row } }, done, all) => calls.push(`${row.n} ${done}/${all}`),
    });
    expect(most).toBe(3);
    expect(calls[0]).not.toBe('1 1/5');
    expect(results.map((result) => result.case.row.n)).toEqual(['1', '2', '3', '4', '5']);
    expect(calls.map((line) => line.split(' ')[1])).toEqual(['1/5', '2/5', '3/5', '4/5', '5/5']);
  });

  it('runs one case at a time with `jobs: 1`', async () => {
    let [now, most] = [0, 0];
    const fetch = inProcessFetch(simulator);
    const counting = simulatorTarget('http://localhost', async (input, init) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      return fetch(input, init);
    });
    await run(`examples: [{ n: 1 }, { n: 2 }, { n: 3 }]\nsteps: [{ send: pay }]`, { target: counting, jobs: 1 });
    expect(most).toBe(1);
  });

  it('returns an empty summary if there is nothing to run', async () => {
    expect(await runScenarios([], { target })).toMatchObject({ results: [], passed: 0, failed: 0, skipped: 0 });
  });
});

describe('a case that cannot or must not run', () => {
  const NEEDS_SIMULATOR = 'it sets up or checks state (clock, rules, accounts, payments), which needs a simulator';
  const reasonOf = ({ results: [result] }: RunSummary) => (result?.outcome === 'skipped' ? result.reason : result?.outcome);

  it.each([
    ['sets the clock', 'given: { clock: 2026-03-28T12:00 }\nsteps: [{ send: pay }]'],
    ['changes the account', 'given: { account: { ceiling: 5 } }\nsteps: [{ send: pay }]'],
    ['adds rules', 'given: { rules: [{ answer: 00003 }] }\nsteps: [{ send: pay }]'],
    ['needs payments from elsewhere', 'given: { payments: [{ as: hosted }] }\nsteps: [{ send: refund, on: hosted }]'],
    ['moves the clock', 'steps: [{ send: pay }, { advance: P1D }]'],
    ['runs the remittance', 'steps: [{ send: pay }, { remit: true }]'],
    ['checks a payment', 'steps: [{ send: pay, as: order, expect: { payment: { of: order, captured: 1000 } } }]'],
    ['checks findings', 'steps: [{ send: pay, expect: { findings: [] } }]'],
    ['checks received requests', 'steps: [{ send: pay, expect: { received: [{ send: pay }] } }]'],
    ['checks money', 'steps: [{ send: pay }, { expect: { money: { captured: 1000 } } }]'],
    ['adds a rule by a step', 'steps: [{ rule: { answer: 00003 } }, { send: pay }]'],
    ['checks findings in a concurrent step', 'steps: [{ together: [{ send: pay, expect: { findings: [] } }, { send: pay }] }]'],
  ])('is skipped on an endpoint without control API if it %s', async (_, rest) => {
    const summary = await run(rest, { target: endpoint() });
    expect(reasonOf(summary)).toBe(NEEDS_SIMULATOR);
    expect(summary).toMatchObject({ passed: 0, failed: 0, skipped: 1 });
    expect(bodies).toEqual([]);
  });

  it('is not skipped if it only registers subscribers', async () => {
    const text = `given: { subscribers: [{ as: alice }] }\nsteps: [{ send: subscribers.pay, on: alice, expect: ${PAID} }]`;
    expect(outcomesOf(await run(text, { target: endpoint() }))).toEqual(['passed']);
    expect(bodies).toHaveLength(2);
  });

  it('imports a subscriber with a token, which needs a simulator', async () => {
    const given = `given: { subscribers: [{ as: alice, token: TokenOfAlice, with: { REFABONNE: alice, DATEVAL: "0230" } }, { as: bob }] }\n`;
    const expected = '{ reply: { CODEREPONSE: 00000, PORTEUR: TokenOfAlice } }';
    const text = `${given}steps: [{ send: subscribers.pay, on: alice, expect: ${expected} }, { send: subscribers.pay, on: bob, expect: ${PAID} }]`;
    const [result] = (await run(text)).results;
    expect(result?.outcome).toBe('passed');
    expect(reasonOf(await run(text, { target: endpoint() }))).toMatch(/needs a simulator/);
  });

  it('is skipped with `safe` if it is not safe', async () => {
    expect(reasonOf(await run('steps: [{ send: pay }]', { safe: true }))).toBe('not safe on a shared endpoint');
    expect(reasonOf(await run('safe: true\nsteps: [{ send: pay }]', { safe: true }))).toBe('passed');
  });

  it.each([
    ['cle', { cle: '' }, 'the account has no CLE'],
    ['hmac', { hmacKey: '' }, 'the account has no HMAC key'],
    ['plus', { version: '00103' }, 'the account has no Direct Plus'],
  ] as const)('is skipped if it needs %s and the account has none', async (need, account, reason) => {
    expect(reasonOf(await run(`needs: [${need}]\nsteps: [{ send: pay }]`, { target: endpoint(account) }))).toBe(reason);
  });

  it.each([
    ['sign: cle', { cle: '', hmacKey: TEST_HMAC_KEY }, 'the account has no CLE'],
    ['sign: SHA512', {}, 'the account has no HMAC key'],
  ])('is skipped if a step has %s and the account has no such key', async (sign, account, reason) => {
    for (const step of [`{ send: pay, ${sign} }`, `{ together: [{ send: pay }, { send: pay, ${sign} }] }`]) {
      expect(reasonOf(await run(`steps: [${step}]`, { target: endpoint(account) }))).toBe(reason);
    }
    expect(bodies).toEqual([]);
  });

  it('is skipped if a step signs raw bytes and the account has no HMAC key', async () => {
    expect(reasonOf(await run('steps: [{ raw: "VERSION=00104", sign: SHA512 }]', { target: endpoint() }))).toBe(
      'the account has no HMAC key',
    );
  });
});

describe('a question is authenticated', () => {
  const authentication = (): string[] => bodies.map((body) => body.match(/(?<=&)(?:CLE|HMAC|HASH=\w+)/g)?.join(' ') ?? 'nothing');
  const EITHER = { hmacKey: TEST_HMAC_KEY };

  it.each([
    ['by CLE without `sign`, if the account has both', '', EITHER, 'CLE'],
    ['by HMAC without `sign`, if the account has no CLE', '', { cle: '', ...EITHER }, 'HASH=SHA512 HMAC'],
    ['by CLE', ', sign: cle', EITHER, 'CLE'],
    ['by HMAC with the named hash', ', sign: SHA256', EITHER, 'HASH=SHA256 HMAC'],
    ['not at all, if the account has a CLE', ', sign: none', {}, 'nothing'],
    ['not at all, if the account has only an HMAC key', ', sign: none', { cle: '', ...EITHER }, 'nothing'],
  ])('%s', async (_, sign, account, expected) => {
    await run(`steps: [{ send: pay${sign} }]`, { target: endpoint(account) });
    expect(authentication()).toEqual([expected]);
  });
});

describe('a failed case', () => {
  const TEXT = `steps:
  - send: authorize
    as: order
    expect:
      reply: { CODEREPONSE: 00000 }
  - send: capture
    on: order
    with: { MONTANT: 1001, REFERENCE: 4012001037141112 }
    expect:
      reply:
        RANG: { echo: true }
        CODEREPONSE: 00000
        COMMENTAIRE: "card 4012001037141112"
  - send: inquire
    on: order
`;

  it('stops at the step whose expectation is not met', async () => {
    const summary = await run(TEXT, { target: endpoint() });
    expect(recordOf(summary.results[0]).steps).toHaveLength(2);
    expect(bodies.map((body) => /TYPE=(\d+)/.exec(body)?.[1])).toEqual(['00001', '00002']);
  });

  it('reports every unmet expectation of that step with its position in the file', async () => {
    const summary = await run(TEXT);
    expect(failuresOf(summary).map(({ path }) => path.at(-1))).toEqual(['CODEREPONSE', 'COMMENTAIRE']);
    expect(firstFailure(summary.results[0] as CaseResult)).toEqual({
      message: 'expected CODEREPONSE is "00000", received "00011"',
      file: 'order.yaml',
      line: 16,
      column: 9,
    });
  });

  it('shows its steps and positions, without card numbers, CVV and keys', async () => {
    const summary = await run(TEXT);
    const [result] = summary.results;
    const text = timeline((result as CaseResult).case.scenario, recordOf(result));
    expect(text.split('\n').map((line) => line.replace(/(?<=[→←]).*/, ' …'))).toEqual([
      '  1  send authorize as order',
      '      → …',
      '      ← …',
      '  2  send capture',
      '      → …',
      '      ← …',
      '      ✗ expected CODEREPONSE is "00000"',
      '        received "00011"',
      '        at order.yaml:16:9',
      '      ✗ expected COMMENTAIRE is "card 401200******1112"',
      '        received "PAYBOX : Montant incorrect"',
      '        at order.yaml:17:9',
    ]);
    expect(text).toContain('PORTEUR=111122******4444');
    expect(text).toContain('REFERENCE=401200******1112');
    expect(text).toContain('CVV=***');
    expect(text).toContain('CLE=***');
    expect(text).not.toMatch(/1111222233334444|4012001037141112|1999888I/);
  });

  it('reports an unknown name at its step', async () => {
    const summary = await run('steps: [{ send: pay, as: order }, { send: refund, on: order, with: { MONTANT: "${order.AMOUNT}" } }]');
    expect(failuresOf(summary)).toEqual([
      {
        path: ['steps', 1],
        expected: 'only names that exist',
        received: expect.stringContaining('${order.AMOUNT}: the reply to order has no AMOUNT'),
      },
    ]);
  });

  it('reports a setup that fails, and sends no question', async () => {
    const summary = await run('given: { account: { ceilings: 5 } }\nsteps: [{ send: pay }]');
    expect(failuresOf(summary)).toEqual([
      { path: ['given'], expected: 'the control API to accept this', received: expect.stringContaining('unknown name "ceilings"') },
    ]);
    const [result] = summary.results;
    expect(timeline((result as CaseResult).case.scenario, recordOf(result))).toMatch(/^ {4}given\n[^→]*at order\.yaml:5:1$/);
  });

  it('reports a subscriber that cannot be registered', async () => {
    const text = 'given: { subscribers: [{ as: alice, with: { PORTEUR: 1111222233334445 } }] }\nsteps: [{ send: pay }]';
    expect(failuresOf(await run(text))).toMatchObject([{ expected: 'CODEREPONSE is "00000"', received: '"00004"' }]);
  });
});

describe('an endpoint that does not answer', () => {
  const down = async (): Promise<Response> => {
    throw new TypeError('fetch failed');
  };

  it.each(['- send: pay', '- raw: VERSION=00103'])('fails the case with a missing reply: %s', async (step) => {
    const summary = await run(`steps:\n  ${step}\n  - send: pay`, { target: endpointTarget('http://localhost/PPPS.php', ACCOUNT, down) });
    expect(failuresOf(summary)).toEqual([{ path: ['steps', 0], expected: 'a reply', received: expect.any(String) }]);
    expect(firstFailure(summary.results[0] as CaseResult)).toMatchObject({ file: 'order.yaml', line: 6 });
  });

  it('fails the case if the connection closes during the reply', async () => {
    const broken = async (): Promise<Response> =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.enqueue(new TextEncoder().encode('NUMTRANS=0001'));
            controller.error(new TypeError('terminated'));
          },
        }),
      );
    const summary = await run('steps: [{ send: pay }]', { target: endpointTarget('http://localhost/PPPS.php', ACCOUNT, broken) });
    expect(failuresOf(summary)).toMatchObject([{ expected: 'a reply' }]);
  });

  it.each([
    ['- send: pay', 'endless', 'the body is longer than 65536 bytes'],
    ['- raw: VERSION=00103', 'endless', 'the body is longer than 65536 bytes'],
    ['- send: pay', 'CODEREPONSE=00000&CODEREPONSE=00105', 'The reply has CODEREPONSE twice, with different values.'],
    ['- raw: VERSION=00103', 'SITE=1&SITE=2&RANG=1&RANG=2', 'The reply has SITE, RANG twice, with different values.'],
  ])('fails the case if the reply is unusable: %s, %s', async (step, body, received) => {
    const endless = { pull: (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(1000)) };
    const odd = async (): Promise<Response> => new Response(body === 'endless' ? new ReadableStream(endless) : body);
    const summary = await run(`steps:\n  ${step}`, { target: endpointTarget('http://localhost/PPPS.php', ACCOUNT, odd) });
    expect(failuresOf(summary)).toEqual([{ path: ['steps', 0], expected: 'a reply', received }]);
  });

  it('ends the run if it is the simulator itself', async () => {
    await expect(run('steps: [{ send: pay }]', { target: simulatorTarget('http://localhost', down) })).rejects.toThrow('fetch failed');
  });
});

it('names the gateway of each case with letters only, which never look like a card number', async () => {
  const simulator = createSimulator();
  const target = simulatorTarget('http://localhost', inProcessFetch(simulator));
  const names: string[] = [];
  const open = (name: string) => {
    names.push(name);
    return target.open(name);
  };
  await runScenarios([await inline('examples: [{ a: 1 }, { a: 2 }]\nsteps: [{ send: pay }]')], { target: { ...target, open } });
  expect(names).toEqual([expect.stringMatching(/^[a-z]{12}$/), expect.stringMatching(/^[a-z]{12}$/)]);
  expect(new Set(names).size).toBe(2);
  await simulator.close();
});
