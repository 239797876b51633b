import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import type { Fault } from '../../simulator/testing/msw/index.js';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { openGatewayPage, serveGatewayPage } from '../support/gateway-page.js';
import { HEAD } from '../support/question.js';
import type { StaticServer } from '../support/static-server.js';

const QUESTION = encodeForm(Object.entries({ ...HEAD, TYPE: '00017', NUMQUESTION: '1', NUMTRANS: '0000000404' }));

/** How a `fetch` of the page went, step by step. */
interface Went {
  /** HTTP status; undefined: no response came. */
  readonly status?: number;
  readonly body?: string;
  /** How many pieces the body came in. */
  readonly pieces: number;
  /** Name of what was thrown, by `fetch` or by reading the body. */
  readonly threw?: string;
}

describeInChromium('what goes wrong with a reply, through a service worker in Chromium', () => {
  const open = useChromium();
  let site: StaticServer;

  beforeAll(async () => {
    site = await serveGatewayPage();
  });

  const gatewayPage = async (): Promise<Page> => openGatewayPage((await open()).page, site);

  /** Asks a new gateway with the fault staged, and gives up after so many milliseconds. */
  const ask = (page: Page, fault: Fault, patience = 5000): Promise<Went> =>
    page.evaluate(
      async (staged) => {
        globalThis.gatewayPage.openGateway();
        const { paybox } = globalThis.gatewayPage;
        paybox.fault(staged.fault);
        const went: { status?: number; body?: string; pieces: number; threw?: string } = { pieces: 0 };
        try {
          const response = await fetch(paybox.url, { method: 'POST', body: staged.question, signal: AbortSignal.timeout(staged.patience) });
          went.status = response.status;
          const decoder = new TextDecoder('iso-8859-1');
          const reader = (response.body as ReadableStream<Uint8Array>).getReader();
          for (let read = await reader.read(); !read.done; read = await reader.read()) {
            went.body = (went.body ?? '') + decoder.decode(read.value);
            went.pieces += 1;
          }
        } catch (error) {
          went.threw = (error as Error).name;
        }
        return went;
      },
      { fault, patience, question: QUESTION },
    );

  test('a reply that is dropped fails as a network does', async () => {
    expect(await ask(await gatewayPage(), { reply: 'drop' })).toEqual({ pieces: 0, threw: 'TypeError' });
  });

  test('a reply that never comes is waited for until the page gives up', async () => {
    expect(await ask(await gatewayPage(), { reply: 'never' }, 100)).toEqual({ pieces: 0, threw: 'TimeoutError' });
  });

  test('of half a reply the head comes, and reading it fails', async () => {
    const page = await gatewayPage();
    const whole = await ask(page, {});
    const half = await ask(page, { reply: 'half' });
    expect(whole.body).toContain('CODEREPONSE=00018&COMMENTAIRE=PAYBOX : Transaction non trouvée');
    // What is not read yet when the connection breaks, Chromium does not show any more.
    expect(half).toMatchObject({ status: 200, threw: 'TypeError' });
    expect(whole.body?.slice(0, whole.body.length / 2)).toContain(half.body ?? '');
  });

  test('a slow reply comes whole, in pieces', async () => {
    const page = await gatewayPage();
    const whole = await ask(page, {});
    const slow = await ask(page, { slow: 2 });
    expect(slow).toEqual({ ...whole, pieces: slow.pieces });
    expect(slow.pieces).toBeGreaterThan(10);
  });

  test('a reply that is slower than the page is patient breaks off while it is read', async () => {
    const went = await ask(await gatewayPage(), { slow: 20 }, 300);
    expect(went).toMatchObject({ status: 200, threw: 'TimeoutError' });
    expect(went.pieces).toBeGreaterThan(0);
  });

  test('an HTML page, nothing, and the wrong charset come as they are', async () => {
    const page = await gatewayPage();
    expect(await ask(page, { http: 503 })).toMatchObject({ status: 503, body: expect.stringContaining('<h1>503') });
    expect(await ask(page, { reply: 'empty' })).toEqual({ status: 200, pieces: 0 });
    expect((await ask(page, { reply: 'utf-8' })).body).toContain('Ã');
  });

  test('a host that is not the gateway is not reached from these tests', async () => {
    const page = await gatewayPage();
    expect(await page.evaluate(() => fetch('https://shop.example/').catch((error: Error) => error.name))).toBe('TypeError');
  });
});
