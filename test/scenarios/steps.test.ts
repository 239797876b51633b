import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defineScenario } from '../../scenarios/builder.js';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { inProcessFetch } from './run-contract.js';
import { failuresOf, runReachable, stepsOf, timelineOf } from './support.js';

const PAID = '{ reply: { CODEREPONSE: 00000 } }';

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Starts an application that returns the request as JSON, and never answers /never. */
async function application(): Promise<string> {
  const server = createServer(async (request, response) => {
    if (request.url === '/never') return;
    const received = {
      method: request.method,
      url: request.url,
      type: request.headers['content-type'] ?? 'none',
      body: await textOf(request),
    };
    response.writeHead(request.url === '/refused' ? 402 : 200).end(JSON.stringify({ ...received, shop: request.headers['x-shop'] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a step that calls the application', () => {
  const called = async (step: string, more = '') => runReachable(`steps:\n  - ${step}\n${more}`, { values: { shop: await application() } });

  it.each([
    ['GET without a body', '{ call: "${shop}/a", as: answer }', '^GET /a none $'],
    [
      'POST with JSON, and replaces ${…}',
      '{ call: "${shop}/a", json: { n: 5, order: "${card}" }, as: answer }',
      '^POST /a application/json .*1111222233334444',
    ],
    ['POST with a text', '{ call: "${shop}/a", body: "x=${site}", as: answer }', '^POST /a text/plain;charset=UTF-8 x=1999888$'],
    ['the given method', '{ call: "${shop}/a", method: DELETE, as: answer }', '^DELETE /a none $'],
    ['the given content type', '{ call: "${shop}/a", json: {}, headers: { Content-Type: text/x }, as: answer }', '^POST /a text/x '],
  ])('sends %s', async (_, step, pattern) => {
    const echo = `  - { run: "echo \${answer.method} \${answer.url} '\${answer.type}' '\${answer.body}'", expect: { program: { stdout: { pattern: '${pattern.replace(' $', '$')}' } } } }`;
    expect(failuresOf(await called(step, echo))).toEqual([]);
  });

  it('checks status and body', async () => {
    const good = '{ status: 402, body: { pattern: "/refused" } }';
    expect(failuresOf(await called(`{ call: "\${shop}/refused", expect: { http: ${good} } }`))).toEqual([]);
    const wrong = '{ status: 200, body: { pattern: "^nothing$" } }';
    const summary = await called(`{ call: "\${shop}/refused", headers: { X-Shop: a }, expect: { http: ${wrong} } }`);
    expect(failuresOf(summary)).toMatchObject([
      { path: ['steps', 0, 'expect', 'http', 'status'], expected: 'status 200', received: '402' },
      { path: ['steps', 0, 'expect', 'http', 'body'], received: expect.stringContaining('shop') },
    ]);
    expect(timelineOf(summary)).toMatch(/call \$\{shop\}\/refused\n {6}← HTTP 402\n/);
  });

  it('fails if no application answers, or not in time', async () => {
    for (const [path, reason] of [
      ['/never', 'timeout'],
      ['.invalid:1', 'did not answer'],
    ]) {
      expect(failuresOf(await called(`{ call: "\${shop}${path}", within: 0.2 }`))).toMatchObject([
        { path: ['steps', 0], expected: 'an answer in time', received: expect.stringContaining(reason ?? '') },
      ]);
    }
  });
});

describe('concurrent steps', () => {
  const CAPTURES = '[{ send: capture, on: order, as: first }, { send: capture, on: order, as: second }]';

  it('capture a payment once, whichever is first', async () => {
    const steps = `steps:
      - { send: authorize, as: order, expect: ${PAID} }
      - together: ${CAPTURES}
        expect:
          money: { payments: 1, captured: 1000, open: 0 }
          received: [{ send: capture }, { send: capture }]`;
    const summary = await runReachable(steps);
    expect(failuresOf(summary)).toEqual([]);
    const codes = stepsOf(summary)[1]?.parts?.map(({ exchange }) => exchange?.reply.get('CODEREPONSE'));
    expect(codes?.filter((code) => code === '00000')).toHaveLength(1);
  });

  it('run at the same time', async () => {
    // Each request waits for the other one: if they ran one after the other, the first would never end.
    let waiting: (() => void) | undefined;
    const simulator = createSimulator();
    const fetch = inProcessFetch(simulator);
    const meeting: typeof globalThis.fetch = async (input, init) => {
      if (!String(input).endsWith('/PPPS.php')) return fetch(input, init);
      if (waiting) waiting();
      else await new Promise<void>((resolve) => (waiting = resolve));
      return fetch(input, init);
    };
    const summary = await runReachable(`steps: [{ together: [{ send: pay, expect: ${PAID} }, { send: pay, expect: ${PAID} }] }]`, {
      target: simulatorTarget('http://localhost', meeting),
    });
    expect(failuresOf(summary)).toEqual([]);
  });

  it('fail if one of them fails, and report its position', async () => {
    const summary = await runReachable(`steps:
  - together:
    - { send: pay, expect: ${PAID} }
    - send: pay
      expect:
        reply: { CODEREPONSE: 00004 }
  - send: pay`);
    expect(failuresOf(summary)).toMatchObject([{ path: ['steps', 0, 'together', 1, 'expect', 'reply', 'CODEREPONSE'] }]);
    expect(stepsOf(summary)).toHaveLength(1);
    expect(timelineOf(summary).match(/✗/g)).toHaveLength(1);
    expect(timelineOf(summary)).toContain('at order.yaml:10:18');
    expect(timelineOf(summary).match(/^ *[\d.]+(?= {2}\w)/gm)).toEqual(['  1', '    1.1', '    1.2']);
  });

  it('can be referred to by later steps', async () => {
    const steps = `steps: [{ together: [{ send: pay, as: a }, { send: pay, as: b }] }, { send: refund, on: a, expect: ${PAID} }, { send: refund, on: b, expect: ${PAID} }]`;
    expect(failuresOf(await runReachable(steps))).toEqual([]);
  });
});

describe('a step that adds a rule', () => {
  it('changes the answers from then on', async () => {
    const steps = `steps:
      - { send: pay, expect: ${PAID} }
      - { rule: { match: { REFERENCE: "\${reference}" }, answer: 00105, times: 1 } }
      - { send: pay, expect: { reply: { CODEREPONSE: 00105 } } }
      - { send: pay, expect: ${PAID} }`;
    expect(failuresOf(await runReachable(steps))).toEqual([]);
  });

  it('fails with the reason if the gateway rejects the rule', async () => {
    expect(failuresOf(await runReachable('steps: [{ rule: { anser: 00105 } }]'))).toMatchObject([
      { path: ['steps', 0], expected: 'the control API to accept this', received: expect.stringContaining('unknown name "anser"') },
    ]);
  });
});

describe('the backup host', () => {
  it('answers while the main host drops its replies, and knows its payments', async () => {
    const steps = `given: { rules: [{ host: main, match: { TYPE: pay }, fault: { reply: drop } }] }
steps:
  - { send: pay, host: backup, as: order, expect: ${PAID} }
  - { send: refund, on: order, expect: { reply: { CODEREPONSE: 00000 }, money: { captured: 1000, refunded: 1000 } } }
  - { send: pay }`;
    const summary = await runReachable(steps);
    expect(failuresOf(summary)).toEqual([{ path: ['steps', 2], expected: 'a reply', received: expect.any(String) }]);
  });
});

describe('an expectation of the requests received', () => {
  const expecting = async (received: string) =>
    failuresOf(
      await runReachable(`steps:
  - { send: pay, as: order, with: { REFERENCE: A-1 }, expect: ${PAID} }
  - { send: refund, on: order, with: { MONTANT: "400" } }
  - { send: refund, on: order, with: { MONTANT: "4000" } }
  - expect: { received: ${received} }`),
    );
  const BOTH = '{ send: refund }, { send: refund }';

  it('is met by all requests of the case in order, by name or TYPE, with variables and answers', async () => {
    expect(
      await expecting(`[{ send: 00003, with: { REFERENCE: A-1, DIFFERE: { absent: true }, NUMQUESTION: { pattern: "^[0-9]{10}$" } }, answered: 00000 },
        { send: refund, with: { MONTANT: { oneOf: ["400", "0000000400"] } }, answered: 00000 }, { send: refund, answered: { not: 00000 } }]`),
    ).toEqual([]);
  });

  it.each([
    ['too few', `[{ send: pay }, { send: refund }]`, 'the requests pay, refund'],
    ['too many', `[{ send: pay }, ${BOTH}, { send: inquire }]`, 'the requests pay, refund, refund, inquire'],
    ['another order', `[${BOTH}, { send: pay }]`, 'the requests refund, refund, pay'],
    ['another operation', `[{ send: authorize }, ${BOTH}]`, 'the requests authorize, refund, refund'],
    ['none', '[]', 'the requests none'],
  ])('is not met by %s', async (_, received, expected) => {
    expect(await expecting(received)).toEqual([
      {
        path: ['steps', 3, 'expect', 'received'],
        expected,
        received: expect.stringMatching(/^pay → 00000, refund → 00000, refund → 000\d\d$/),
      },
    ]);
  });

  it('reports the request and the variable that differ', async () => {
    const differ = await expecting(
      `[{ send: pay, with: { REFERENCE: { absent: true }, MONTANT: "5" } }, { send: refund, answered: 00004 }, { send: refund }]`,
    );
    expect(differ.map(({ path }) => path.slice(2).join('.'))).toEqual([
      'expect.received.0.with.REFERENCE',
      'expect.received.0.with.MONTANT',
      'expect.received.1.CODEREPONSE',
    ]);
  });

  it('of a step is about the requests of that step only', async () => {
    const steps = `steps:
      - { send: pay, expect: { received: [{ send: pay }], findings: [] } }
      - { send: pay, as: order, expect: { received: [{ send: pay }], findings: [paid-twice] } }
      - { send: inquire, on: order, expect: { received: [{ send: inquire }], findings: [] } }
      - { expect: { findings: [paid-twice] } }`;
    expect(failuresOf(await runReachable(steps))).toEqual([]);
  });
});

describe('an expectation of money', () => {
  const STEPS = `steps:
  - { send: pay, as: whole, expect: ${PAID} }
  - { send: refund, on: whole, expect: ${PAID} }
  - { send: authorize, as: part, with: { MONTANT: "5000" }, expect: ${PAID} }
  - { send: capture, on: part, with: { MONTANT: "3000" }, expect: ${PAID} }
  - { send: authorize, with: { MONTANT: "70" }, expect: ${PAID} }
  - { send: authorize, as: undone, with: { MONTANT: "900" }, expect: ${PAID} }
  - { send: cancel, on: undone, expect: ${PAID} }
  - { send: credit, with: { MONTANT: "20" }, expect: ${PAID} }
  - { send: pay, with: { PORTEUR: "1111222233334445" } }
  - expect: { money: `;

  it('is met by the totals over all payments of the case', async () => {
    expect(failuresOf(await runReachable(`${STEPS}{ payments: 2, captured: 4000, refunded: 1000, credited: 20, open: 70 } }`))).toEqual([]);
  });

  it('reports each total that differs', async () => {
    const failures = failuresOf(await runReachable(`${STEPS}{ payments: 1, captured: 1, refunded: 2, credited: 3, open: 4 } }`));
    expect(failures.map(({ path, expected, received }) => [path.at(-1), expected, received])).toEqual([
      ['payments', 'payments 1 over all payments', '2'],
      ['captured', 'captured 1 over all payments', '4000'],
      ['refunded', 'refunded 2 over all payments', '1000'],
      ['credited', 'credited 3 over all payments', '20'],
      ['open', 'open 4 over all payments', '70'],
    ]);
  });
});

describe('a scenario in code', () => {
  const about = { id: 'order', why: 'A shop must know whether an order was paid.', section: '§3', weight: 'D' } as const;
  const run = async (scenario: ReturnType<ReturnType<typeof defineScenario>['build']>) =>
    runScenarios([scenario], { target: simulatorTarget('http://localhost', inProcessFetch(createSimulator())) });

  it('supports every kind of step', async () => {
    const scenario = defineScenario(about)
      .given({ clock: '2026-03-28T12:00' })
      .send('authorize', { as: 'order', expect: { reply: { CODEREPONSE: '00000' } } })
      .together(
        [
          { send: 'capture', on: 'order' },
          { send: 'capture', on: 'order' },
        ],
        { money: { captured: 1000 } },
      )
      .rule({ answer: '00105' })
      .send('pay', { expect: { reply: { CODEREPONSE: '00105' } } })
      .advance('P1D')
      .remit()
      .expect({ payment: { of: 'order', remitted: 1000 } });
    expect(failuresOf(await run(scenario.build()))).toEqual([]);
    const kinds = scenario
      .run('exit 0', { expect: { program: { status: 0 } } })
      .call('http://127.0.0.1', { within: 1 })
      .raw('a')
      .build();
    expect(kinds.steps.slice(-3).map((step) => Object.keys(step)[0])).toEqual(['run', 'call', 'raw']);
  });

  it('accepts only the expectations of the kind of step, at compile time and at run time', async () => {
    // @ts-expect-error an expect step has no reply
    const nothing = defineScenario(about).expect({ reply: { CODEREPONSE: '00000' } });
    expect(failuresOf(await run(nothing.build()))).toMatchObject([{ expected: 'a step that has a reply' }]);
    // @ts-expect-error a question has no exit status
    const question = defineScenario(about).send('pay', { expect: { program: { status: 0 } } });
    expect(failuresOf(await run(question.build()))).toMatchObject([{ expected: 'a step that has a program' }]);
  });

  it('fails if it refers to an unknown step', async () => {
    expect(failuresOf(await run(defineScenario(about).send('capture', { on: 'ordre' }).build()))).toMatchObject([
      { path: ['steps', 0], received: 'No earlier step is named ordre; named steps: none.' },
    ]);
  });
});
