import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { encodeForm } from '../../contracts/index.js';
import type { Fault } from '../../simulator/testing/msw/index.js';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { openGatewayPage, serveGatewayPage } from '../support/gateway-page.js';
import { HEAD } from '../support/question.js';
import type { StaticServer } from '../support/static-server.js';

const QUESTION = encodeForm(Object.entries({ ...HEAD, TYPE: '00017', NUMQUESTION: '1', NUMTRANS: '0000000404' }));

/** The result of a `fetch` of the page. */
interface FetchResult {
  /** HTTP status; undefined without a response. */
  readonly status?: number;
  /** The text that was read. */
  readonly body?: string;
  /** The number of chunks that were read. */
  readonly chunks: number;
  /** The name of the error of `fetch` or of reading the body. */
  readonly error?: string;
}

/** When the page aborts a request: after some milliseconds without a response, or after the first chunk of the body. */
type AbortCondition = { readonly timeout: number } | 'first-chunk';

describeInChromium('faults through a service worker in Chromium', () => {
  const open = useChromium();
  let site: StaticServer;

  beforeAll(async () => {
    site = await serveGatewayPage();
  });

  const gatewayPage = async (): Promise<Page> => openGatewayPage((await open()).page, site);

  /** Sends a question to a new gateway with this fault. */
  const askWithFault = (page: Page, fault: Fault, abort?: AbortCondition): Promise<FetchResult> =>
    page.evaluate(
      async ({ fault, abort, question }) => {
        globalThis.gatewayPage.openGateway();
        const { paybox } = globalThis.gatewayPage;
        paybox.fault(fault);
        const controller = new AbortController();
        const giveUp = (): void => controller.abort(new DOMException('The page gives up.', 'TimeoutError'));
        if (typeof abort === 'object') setTimeout(giveUp, abort.timeout);
        const result: { status?: number; body?: string; chunks: number; error?: string } = { chunks: 0 };
        try {
          const response = await fetch(paybox.url, { method: 'POST', body: question, signal: controller.signal });
          result.status = response.status;
          const decoder = new TextDecoder('iso-8859-1');
          const reader = (response.body as ReadableStream<Uint8Array>).getReader();
          for (let read = await reader.read(); !read.done; read = await reader.read()) {
            result.body = (result.body ?? '') + decoder.decode(read.value);
            result.chunks += 1;
            if (abort === 'first-chunk') giveUp();
          }
        } catch (error) {
          result.error = (error as Error).name;
        }
        return result;
      },
      { fault, abort, question: QUESTION },
    );

  test('drop makes fetch() reject', async () => {
    expect(await askWithFault(await gatewayPage(), { reply: 'drop' })).toEqual({ chunks: 0, error: 'TypeError' });
  });

  test('never sends no response until the page aborts', async () => {
    expect(await askWithFault(await gatewayPage(), { reply: 'never' }, { timeout: 100 })).toEqual({ chunks: 0, error: 'TimeoutError' });
  });

  test('half sends the head, and reading the body rejects', async () => {
    const page = await gatewayPage();
    const whole = await askWithFault(page, {});
    const half = await askWithFault(page, { reply: 'half' });
    expect(whole.body).toContain('CODEREPONSE=00018&COMMENTAIRE=PAYBOX : Transaction non trouvée');
    // Chromium discards the bytes that were not read when the connection breaks, so they may be fewer than a half.
    expect(half).toMatchObject({ status: 200, error: 'TypeError' });
    expect(whole.body?.slice(0, whole.body.length / 2)).toContain(half.body ?? '');
  });

  test('slow sends the whole reply in many chunks', async () => {
    const page = await gatewayPage();
    const whole = await askWithFault(page, {});
    const slow = await askWithFault(page, { slow: 5 });
    expect(slow).toEqual({ ...whole, chunks: slow.chunks });
    expect(slow.chunks).toBeGreaterThan(10);
  });

  test('a slow reply can be aborted while it is read', async () => {
    // The whole reply would take minutes.
    const result = await askWithFault(await gatewayPage(), { slow: 1000 }, 'first-chunk');
    expect(result).toMatchObject({ status: 200, error: 'TimeoutError' });
    expect(result.chunks).toBeGreaterThan(0);
  });

  test('an error page, an empty body and a body in UTF-8 are received unchanged', async () => {
    const page = await gatewayPage();
    expect(await askWithFault(page, { http: 503 })).toMatchObject({ status: 503, body: expect.stringContaining('<h1>503') });
    expect(await askWithFault(page, { reply: 'empty' })).toEqual({ status: 200, chunks: 0 });
    expect((await askWithFault(page, { reply: 'utf-8' })).body).toContain('Ã');
  });

  test('other hosts cannot be reached from the browser of the tests', async () => {
    const page = await gatewayPage();
    expect(await page.evaluate(() => fetch('https://shop.example/').catch((error: Error) => error.name))).toBe('TypeError');
  });
});
