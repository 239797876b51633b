import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import type { Came, Sent } from '../browser/gateway-page.js';
import { bundle } from './bundle.js';
import { type StaticServer, serveFolder } from './static-server.js';

const SOURCE = fileURLToPath(new URL('../browser/gateway-page.ts', import.meta.url));

const WORKER = 'mockServiceWorker.js';

declare global {
  /** The page's script, there. */
  var gatewayPage: typeof import('../browser/gateway-page.js');
}

/** Serves the page that has a gateway behind its service worker, until the tests of the `describe` are over. */
export async function serveGatewayPage(): Promise<StaticServer> {
  const folder = await mkdtemp(join(tmpdir(), 'paybox-sim-page-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const { code } = await bundle(`import * as page from ${JSON.stringify(SOURCE)}; globalThis.gatewayPage = page;`);
  await Promise.all([
    writeFile(join(folder, 'index.html'), '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>'),
    writeFile(join(folder, 'page.js'), code),
    copyFile(createRequire(import.meta.url).resolve(`msw/${WORKER}`), join(folder, WORKER)),
  ]);
  return serveFolder(folder);
}

/** Opens the page and registers its service worker. */
export async function openGatewayPage(page: Page, { origin }: StaticServer): Promise<Page> {
  await page.goto(origin);
  await page.evaluate(() => globalThis.gatewayPage.start());
  return page;
}

/** A new gateway behind the page's service worker, in the place of the one before. */
export function openGateway(page: Page): Promise<{ url: string; backupUrl: string }> {
  return page.evaluate(() => globalThis.gatewayPage.openGateway());
}

type Fetch = typeof globalThis.fetch;

async function sentOf(request: Request): Promise<Sent> {
  const { url, method } = request;
  const body = Buffer.from(await request.arrayBuffer()).toString('latin1');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return { id: crypto.randomUUID(), url, method, headers: [...request.headers], ...(hasBody && { body }) };
}

function responseOf(answer: Came): Response {
  if ('failed' in answer) throw Object.assign(new TypeError(answer.failed.message), { name: answer.failed.name });
  const { status, headers, body } = answer;
  return new Response(status === 204 ? null : Buffer.from(body, 'latin1'), { status, headers });
}

/** The `fetch` of a page, with the bytes, the failures and the signal of the one in Node. */
export function fetchOf(page: Page): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const sent = await sentOf(request);
    const abort = () => page.evaluate((id) => globalThis.gatewayPage.abort(id), sent.id);
    request.signal.addEventListener('abort', abort, { once: true });
    const answer = await page.evaluate((asked) => globalThis.gatewayPage.ask(asked), sent);
    request.signal.throwIfAborted();
    return responseOf(answer);
  };
}

/** A `fetch` that reaches the control API of the page's gateway. */
export function controlFetchOf(page: Page): Fetch {
  return async (input, init) => {
    const sent = await sentOf(new Request(input, init));
    return responseOf(await page.evaluate((asked) => globalThis.gatewayPage.control(asked), sent));
  };
}
