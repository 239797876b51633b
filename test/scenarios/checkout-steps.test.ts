import { describe, expect, it } from 'vitest';
import { defineScenario } from '../../scenarios/builder.js';
import { runScenarios } from '../../scenarios/runner.js';
import { endpointTarget, simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { inline, problemsIn, withHead } from './inline.js';
import { inProcessFetch } from './run-contract.js';
import { failuresOf, runReachable, stepsOf, timelineOf } from './support.js';

const SERVER_FIRST = 'given: { account: { resultOrder: server-first } }\n';

describe('a step that pays on the hosted page', () => {
  it('reports how many results the shop received', async () => {
    const summary = await runReachable(`${SERVER_FIRST}steps: [{ checkout: {}, expect: { notified: [] } }]`);
    expect(failuresOf(summary)).toEqual([
      {
        path: ['steps', 0, 'expect', 'notified'],
        expected: '0 results of the hosted page',
        received: 'PBX_REPONDRE_A 00000, PBX_EFFECTUE 00000',
      },
    ]);
    expect(timelineOf(summary)).toMatch(
      / {2}1 {2}checkout\n {6}→ .*PBX_TOTAL=1000.*\n {6}← page=return server=1 browser=1 first=server to=PBX_EFFECTUE K=valid E=00000 /,
    );
  });

  it('reports the result and the value that differ', async () => {
    const notified = '[{ to: PBX_REPONDRE_A, E: "00000" }, { to: PBX_REFUSE, E: "00000", M: { not: "1000" } }]';
    const failures = failuresOf(await runReachable(`${SERVER_FIRST}steps: [{ checkout: {}, expect: { notified: ${notified} } }]`));
    expect(failures.map(({ path }) => path.slice(3).join('.'))).toEqual(['notified.1.to', 'notified.1.M']);
  });

  it('counts the results since the step, and those of the whole case in other steps', async () => {
    const steps = `${SERVER_FIRST}steps:
  - { checkout: {}, as: first, do: close, expect: { notified: [{ to: PBX_REPONDRE_A }] } }
  - { checkout: {}, on: first, expect: { notified: [{ to: PBX_EFFECTUE }] } }
  - { send: inquire, on: first, expect: { reply: { STATUS: Capturé }, notified: [{ to: PBX_REPONDRE_A }, { to: PBX_EFFECTUE }] } }`;
    expect(failuresOf(await runReachable(steps))).toEqual([]);
  });

  it('reaches a gateway of this process, and is built in code', async () => {
    const about = { id: 'order', why: 'A shop must know whether an order was paid.' } as const;
    const scenario = defineScenario(about)
      .checkout({ PBX_TOTAL: '4990' }, { as: 'order' })
      .expect({ payment: { of: 'order', captured: 4990 } });
    const target = simulatorTarget('http://localhost', inProcessFetch(createSimulator()));
    expect(failuresOf(await runScenarios([scenario.build()], { target }))).toEqual([]);
  });

  it('waits for a return that comes late', async () => {
    const steps = `given: { rules: [{ match: { TYPE: checkout }, checkout: { browser: { late: PT2M } } }] }
steps:
  - { checkout: {}, as: order, expect: { result: { page: waiting, server: "1", browser: "0" } } }
  - { advance: PT2M }
  - { expect: { result: { of: order, page: return, browser: "1", K: valid } } }`;
    expect(failuresOf(await runReachable(steps))).toEqual([]);
  });

  it('fails if the bank does not ask a customer who was to act there', async () => {
    expect(failuresOf(await runReachable('steps: [{ checkout: {}, bank: decline }]'))).toEqual([
      { path: ['steps', 0], expected: 'the page of the bank', received: 'The bank did not ask the customer, who was to decline.' },
    ]);
  });

  it('fails if it continues a step of another kind', async () => {
    const steps = 'steps: [{ send: pay, as: order }, { checkout: {}, on: order }]';
    expect(failuresOf(await runReachable(steps))).toMatchObject([
      { path: ['steps', 1], received: 'No earlier checkout is named order; named ones: none.' },
    ]);
  });

  it('rejects names that the hosted page does not have', async () => {
    const problems = await problemsIn(
      withHead('steps: [{ checkout: { PBX_TOTALE: "1" }, without: [PBX_CMT], expect: { notified: [{ X: "1" }], result: { S: "1" } } }]'),
    );
    expect(problems.map((problem) => problem.replace(/ \(`unknown.*$/, ''))).toEqual([
      expect.stringContaining('the gateway has no variable PBX_TOTALE; did you mean PBX_TOTAL?'),
      expect.stringContaining('the gateway has no variable PBX_CMT; did you mean PBX_CMD?'),
      expect.stringContaining('the gateway has no variable X'),
    ]);
  });

  it('is skipped where the gateway cannot call the runner', async () => {
    const account = { site: '1999888', rang: '32', version: '00104' } as const;
    const summary = await runScenarios([await inline('steps: [{ checkout: {} }]')], {
      target: endpointTarget('http://127.0.0.1:9/PPPS.php', account),
    });
    expect(summary).toMatchObject({ skipped: 1 });
  });

  it('remembers padded numbers for later steps', async () => {
    const summary = await runReachable(
      'steps: [{ checkout: {}, as: order }, { send: refund, on: order, expect: { reply: { CODEREPONSE: 00000 } } }]',
    );
    expect(failuresOf(summary)).toEqual([]);
    expect(stepsOf(summary)[1]?.exchange?.sent.get('NUMTRANS')).toMatch(/^\d{10}$/);
  });
});
