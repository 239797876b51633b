import { describe, expect, it } from 'vitest';
import { runScenarios } from '../../scenarios/runner.js';
import { endpointTarget, simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { inline, problemsIn, withHead } from './inline.js';
import { inProcessFetch } from './run-contract.js';
import { failuresOf, runReachable, timelineOf } from './support.js';

const CHALLENGE = 'CCNumber: "4000000000001091"';
const GIVEN = 'given: { account: { resultOrder: server-first } }\n';

const inProcess = () => simulatorTarget('http://localhost', inProcessFetch(createSimulator()));

const run = async (rest: string) => runScenarios([await inline(rest)], { target: inProcess() });

const rule = (authentication: string): string =>
  `given: { account: { resultOrder: server-first }, rules: [{ match: { TYPE: authenticate }, authentication: ${authentication} }] }\n`;

describe('a step authenticate', () => {
  it.each([
    ['confirm', 'return', '1', 'Autorisation à faire'],
    ['decline', 'return', '1', 'Autorisation à ne pas faire'],
    ['cancel', 'return', '1', 'Autorisation à ne pas faire'],
    ['wrong-codes', 'return', '1', 'Autorisation à ne pas faire'],
    ['expire', 'return', '1', 'Timeout'],
  ])('does %s at the bank', async (act, page, count, status) => {
    const expected = `{ page: ${page}, server: "${count}", browser: "${count}", check: valid, StatusPBX: ${status} }`;
    const summary = await run(`${GIVEN}steps: [{ authenticate: { ${CHALLENGE} }, do: ${act}, expect: { result: ${expected} } }]`);
    expect(failuresOf(summary)).toEqual([]);
  });

  it('leaves the bank, and comes back', async () => {
    const summary = await run(`${GIVEN}steps:
  - { authenticate: { ${CHALLENGE} }, do: leave, as: gone, expect: { result: { page: bank, server: "0", browser: "0", ID3D: { present: true } } } }
  - { authenticate: {}, on: gone, do: confirm, as: back, expect: { result: { page: return, server: "1", browser: "1" } } }
  - { expect: { result: { of: gone, page: return, ID3D: "\${back.ID3D}" } } }`);
    expect(failuresOf(summary)).toEqual([]);
  });

  it('reaches a simulator that listens', async () => {
    const summary = await runReachable(
      `${GIVEN}steps: [{ authenticate: { ${CHALLENGE} }, expect: { result: { page: return, server: "1" } } }]`,
    );
    expect(failuresOf(summary)).toEqual([]);
  });

  it.each([
    ['{ server: { lost: true } }', 'page: return, server: "0", browser: "1"'],
    ['{ browser: { lost: true } }', 'page: blank, server: "1", browser: "0"'],
    ['{ server: { times: 3 }, browser: { times: 2 } }', 'page: return, server: "3", browser: "2"'],
    ['{ browser: { check: wrong } }', 'check: invalid, server.check: valid, browser.check: invalid'],
    ['{ server: { session: other } }', 'check: valid, browser.IdSession: "${reference}-1", server.IdSession: { not: "${reference}-1" }'],
  ])('waits only for what the rule %s lets arrive', async (authentication, expected) => {
    const summary = await run(`${rule(authentication)}steps: [{ authenticate: {}, expect: { result: { ${expected} } } }]`);
    expect(failuresOf(summary)).toEqual([]);
    expect(summary.milliseconds).toBeLessThan(9000);
  });

  it('does not wait for late results, and sees them when the clock has moved', async () => {
    const summary = await run(`${rule('{ server: { late: PT1M }, browser: { late: PT2M } }')}steps:
  - { authenticate: {}, as: late, expect: { result: { page: waiting, server: "0", browser: "0" } } }
  - { advance: PT1M }
  - { expect: { result: { of: late, page: waiting, server: "1", browser: "0" } } }
  - { advance: PT1M }
  - { expect: { result: { of: late, page: return, server: "1", browser: "1", first: server } } }`);
    expect(failuresOf(summary)).toEqual([]);
  });

  it('ends a case while a customer still waits', async () => {
    const summary = await run(`${rule('{ browser: { late: PT2M } }')}steps: [{ authenticate: {} }]`);
    expect(summary).toMatchObject({ passed: 1 });
    expect(summary.milliseconds).toBeLessThan(9000);
  });

  it('gives its amount, currency, card and ID3D to the payment that continues it', async () => {
    const summary = await run(`steps:
  - { authenticate: { Amount: "2500", Currency: "840", CCNumber: "5555555555554444" }, as: customer }
  - { send: pay, on: customer, as: order, expect: { reply: { CODEREPONSE: 00000 }, findings: [], received: [{ send: pay, with: { ID3D: "\${customer.ID3D}" } }] } }
  - { send: refund, on: order, expect: { reply: { CODEREPONSE: 00000 }, money: { refunded: 2500 } } }`);
    expect(failuresOf(summary)).toEqual([]);
  });

  it('fails if the bank does not ask the customer who was to act', async () => {
    const summary = await run('steps: [{ authenticate: {}, do: decline }]');
    expect(failuresOf(summary)).toEqual([
      { path: ['steps', 0], expected: 'the page of the bank', received: 'The bank did not ask the customer, who was to decline.' },
    ]);
  });

  it('fails if no page comes', async () => {
    const given = 'given: { rules: [{ match: { TYPE: authenticate }, fault: { reply: drop } }] }\n';
    const [failure] = failuresOf(await run(`${given}steps: [{ authenticate: {} }]`));
    expect(failure).toMatchObject({ expected: 'a page in time', received: expect.stringContaining('/cgi/RemoteMPI.cgi did not answer') });
  });

  it('is in the timeline with the card masked', async () => {
    const text = timelineOf(
      await run(`${GIVEN}steps: [{ authenticate: { ${CHALLENGE} }, as: customer, do: decline, expect: { result: { page: x } } }]`),
    );
    expect(text).toContain('authenticate as customer, decline at the bank');
    expect(text).toContain('CCNumber=400000******1091');
    expect(text).toContain('page=return server=1 browser=1 first=server check=valid');
    expect(text).not.toContain('4000000000001091');
  });

  it('needs a gateway with a control API that can call the runner', async () => {
    const scenario = await inline('steps: [{ authenticate: {} }]');
    const { account } = inProcess();
    const reasonOn = async (target: Parameters<typeof runScenarios>[1]['target']) => {
      const [result] = (await runScenarios([scenario], { target })).results;
      return result?.outcome === 'skipped' ? result.reason : result?.outcome;
    };
    expect(await reasonOn(endpointTarget('http://127.0.0.1:9/PPPS.php', account))).toMatch(/needs a simulator$/);
    expect(await reasonOn({ ...inProcess(), canCallBack: false })).toMatch(/cannot call the runner$/);
  });

  it.each([
    ['{ authenticate: { Ammount: "1" } }', 'the gateway has no variable Ammount; did you mean Amount?'],
    ['{ authenticate: {}, without: [CVVCod] }', 'the gateway has no variable CVVCod; did you mean CVVCode?'],
    ['{ authenticate: {}, expect: { result: { 3DSTATU: "Y" } } }', 'the gateway has no variable 3DSTATU; did you mean 3DSTATUS?'],
    ['{ authenticate: {}, do: sleep }', 'do'],
    ['{ authenticate: {}, on: nobody }', 'no earlier step is named nobody'],
    ['{ expect: { result: { of: nobody } } }', 'no earlier step is named nobody'],
  ])('%s is a mistake', async (step, message) => {
    expect((await problemsIn(withHead(`steps: [${step}]`))).join('\n')).toContain(message);
  });
});
