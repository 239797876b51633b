import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runScenarios } from '../../scenarios/runner.js';
import { simulatorTarget } from '../../scenarios/target.js';
import { createSimulator } from '../../simulator/index.js';
import { inline } from './inline.js';
import { inProcessFetch } from './run-contract.js';
import { failuresOf, runReachable, timelineOf } from './support.js';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const html = (response: ServerResponse, body: string, headers: Record<string, string | string[]> = {}): void => {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(body);
};

const redirect = (response: ServerResponse, status: number, Location: string, headers: Record<string, string | string[]> = {}): void => {
  response.writeHead(status, { Location, ...headers }).end();
};

/** Starts an application with a handler for each path. */
async function openApplication(handlers: Readonly<Record<string, Handler>>): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const handler = handlers[(request.url ?? '').split('?', 1)[0] ?? ''];
    if (handler) handler(request, response, body);
    else response.writeHead(404).end('nothing here');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Leads to RemoteMPI of the gateway of the case, as the header says, and shows how the browser came back. */
function shopHandlers(card: string): Readonly<Record<string, Handler>> {
  let calls = 0;
  return {
    '/pay': ({ headers }, response) => {
      const { PAYBOX_URL, PAYBOX_IDENTIFIANT } = JSON.parse(String(headers['x-paybox-environment']));
      const back = `http://${headers.host}`;
      const fields = {
        IdMerchant: PAYBOX_IDENTIFIANT,
        IdSession: 'été',
        Amount: '1000',
        Currency: '978',
        CCNumber: card,
        CCExpDate: '1249',
        CVVCode: '123',
      };
      const addresses = { URLHttpDirect: `${back}/direct?a=1&b=2`, URLRetour: `${back}/back?a=1&b=2` };
      const inputs = Object.entries({ ...fields, ...addresses }).map(
        ([name, value]) => `<input type=hidden name=${name} value="${value.replaceAll('&', '&amp;')}">`,
      );
      const action = new URL('cgi/RemoteMPI.cgi', PAYBOX_URL).href;
      const cookies = ['id=7; Path=/', 'strict=1; SameSite=Strict', 'lax=1; SameSite=Lax'];
      html(response, `<form method=post action="${action}">${inputs.join('')}<button>Go</button></form>`, { 'Set-Cookie': cookies });
    },
    '/direct': (_, response) => {
      calls++;
      response.end('ok');
    },
    '/back': ({ headers }, response, body) =>
      redirect(response, 303, `/end?cookie=${headers.cookie}&${new URLSearchParams(body).get('3DSTATUS')}`),
    '/end': ({ headers, url }, response) => html(response, `calls ${calls}, ${url}, now ${headers.cookie}`),
  };
}

const CARD = '4000000000001091';
const browsed = async (step: string, handlers: Readonly<Record<string, Handler>> = shopHandlers(CARD)) =>
  runReachable(`steps: [${step}]`, { values: { shop: await openApplication(handlers) } });

describe('a step browse', () => {
  it('goes to the bank and back, and waits for the call of the gateway', async () => {
    // A browser does not send cookies with SameSite with the form of another site, and Strict ones not with the redirect after it.
    const first = '{ pattern: "^calls [01], /end.cookie=id=7&Y, now id=7; lax=1$" }';
    const summary = await browsed(
      `{ browse: "\${shop}/pay", expect: { http: { status: 200, body: ${first} }, findings: [], received: [{ send: authenticate }] } }, ` +
        '{ browse: "${shop}/end", expect: { http: { body: { pattern: "^calls 1, " } } } }',
    );
    expect(failuresOf(summary)).toEqual([]);
  });

  it.each([
    ['decline', '&N, now'],
    ['wrong-codes', '&N, now'],
    ['expire', '&N, now'],
    ['leave', 'value="confirm"'],
  ])('does %s at the bank', async (act, found) => {
    const summary = await browsed(`{ browse: "\${shop}/pay", do: ${act}, expect: { http: { body: { pattern: '${found}' } } } }`);
    expect(failuresOf(summary)).toEqual([]);
  });

  it('follows redirects and forms, and sends what a browser sends', async () => {
    const handlers: Readonly<Record<string, Handler>> = {
      '/start': (_, response) => redirect(response, 307, 'again'),
      '/again': ({ method }, response, body) =>
        html(
          response,
          `<form action="/get?lost=1"><input type=hidden name=was value="${method} ${body}"><input type=hidden name=é value="à b"></form>`,
        ),
      '/get': ({ method, url }, response) => html(response, `${method} ${url}`),
    };
    const summary = await browsed(
      '{ browse: "${shop}/start", form: { a: "é", b: "1 2" }, expect: { http: { body: "GET /get?was=POST+a%3D%25C3%25A9%26b%3D1%2B2&%C3%A9=%C3%A0+b" } } }',
      handlers,
    );
    expect(failuresOf(summary)).toEqual([]);
  });

  it('stops at a page with a choice, and at one that leads in circles', async () => {
    const handlers: Readonly<Record<string, Handler>> = {
      '/choice': (_, response) =>
        html(response, '<form><input type=hidden name=a value=1><button name=b>1</button><button name=b>2</button></form>'),
      '/field': (_, response) => html(response, '<form><input type=hidden name=a value=1><input name=card><button>Pay</button></form>'),
      '/circle': (_, response) => redirect(response, 302, '/circle'),
    };
    for (const path of ['choice', 'field']) {
      expect(
        failuresOf(await browsed(`{ browse: "\${shop}/${path}", as: end, expect: { http: { body: { pattern: "<form>" } } } }`, handlers)),
      ).toEqual([]);
    }
    const [failure] = failuresOf(await browsed('{ browse: "${shop}/circle" }', handlers));
    expect(failure?.received).toContain('The customer was led through 30 pages');
  });

  it('is repeated until the page is as expected, or the time is over', async () => {
    let visits = 0;
    const handlers = { '/state': ((_, response) => response.end(`visit ${++visits}`)) satisfies Handler };
    expect(failuresOf(await browsed('{ browse: "${shop}/state", until: visit 3, expect: { http: { body: visit 3 } } }', handlers))).toEqual(
      [],
    );
    expect(
      failuresOf(await browsed('{ browse: "${shop}/state", until: never, within: 0.5, expect: { http: { body: never } } }', handlers)),
    ).toHaveLength(1);
  });

  it('fails if no page comes, and shows what the gateway received', async () => {
    const summary = await browsed('{ browse: "http://127.0.0.1:9/pay" }');
    expect(failuresOf(summary)[0]).toMatchObject({
      expected: 'a page in time',
      received: expect.stringContaining('127.0.0.1:9/pay did not answer'),
    });
    const text = timelineOf(await browsed('{ browse: "${shop}/pay", do: decline, expect: { http: { status: 500 } } }'));
    expect(text).toContain('browse ${shop}/pay, decline at the bank');
    const received = text.slice(text.indexOf('the gateway received\n'));
    expect(received).toMatch(/^ +authenticate Amount=1000 IdSession=\S+ → challenge$/m);
    expect(received).toMatch(/^ +challenge action=decline → declined$/m);
    expect(received).toMatch(/^ +result GET http:\/\/\S+ IdSession=\S+ → HTTP 200$/m);
  });

  it('shows the page without its head', async () => {
    const body = '<!doctype html><html><head>\n<style>body { color: red }</style>\n</head><body>refused</body></html>';
    const handlers = { '/state': ((_, response) => html(response, body)) satisfies Handler };
    const text = timelineOf(await browsed('{ browse: "${shop}/state", expect: { http: { body: { pattern: paid } } } }', handlers));
    expect(text).toContain('<body>refused</body>');
    expect(text).not.toContain('color');
  });

  it('is skipped without a shop, and where programs cannot reach the gateway', async () => {
    const scenario = await inline('steps: [{ browse: "${shop}/pay" }]');
    const reasonOf = async (values: Record<string, string>, fetch?: typeof globalThis.fetch) => {
      const [result] = (await runScenarios([scenario], { target: simulatorTarget('http://localhost', fetch), values })).results;
      return result?.outcome === 'skipped' ? result.reason : result?.outcome;
    };
    expect(await reasonOf({})).toBe('no web shop is given (--shop)');
    expect(await reasonOf({ shop: 'http://127.0.0.1:9' }, inProcessFetch(createSimulator()))).toMatch(/cannot reach a gateway/);
  });
});
