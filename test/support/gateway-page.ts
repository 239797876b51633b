import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll } from 'vitest';
import type { PageRequest, PageResponse } from '../browser/gateway-page.js';
import { bundle } from './bundle.js';
import { type StaticServer, serveFolder } from './static-server.js';

const SOURCE = fileURLToPath(new URL('../browser/gateway-page.ts', import.meta.url));

const WORKER = 'mockServiceWorker.js';

declare global {
  /** The script of the page. Exists in the page only. */
  var gatewayPage: typeof import('../browser/gateway-page.js');
}

/** Serves the page whose service worker has a gateway behind it, until the tests of the `describe` have ended. */
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

/** Replaces the gateway behind the page's service worker by a new one. Returns its URLs. */
export function openGateway(page: Page): Promise<{ url: string; backupUrl: string }> {
  return page.evaluate(() => globalThis.gatewayPage.openGateway());
}

type Fetch = typeof globalThis.fetch;

async function toPageRequest(request: Request): Promise<PageRequest> {
  const { url, method } = request;
  const body = Buffer.from(await request.arrayBuffer()).toString('latin1');
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return { id: crypto.randomUUID(), url, method, headers: [...request.headers], ...(hasBody && { body }) };
}

function toResponse(received: PageResponse): Response {
  if ('failed' in received) throw Object.assign(new TypeError(received.failed.message), { name: received.failed.name });
  const { status, headers, body } = received;
  return new Response(status === 204 ? null : Buffer.from(body, 'latin1'), { status, headers });
}

/** Returns a `fetch` that sends its requests from the page. Bytes, failures and aborts are those of the page's `fetch`. */
export function fetchOf(page: Page): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const pageRequest = await toPageRequest(request);
    const abort = () => page.evaluate((id) => globalThis.gatewayPage.abort(id), pageRequest.id);
    request.signal.addEventListener('abort', abort, { once: true });
    try {
      const received = await page.evaluate((toSend) => globalThis.gatewayPage.send(toSend), pageRequest);
      request.signal.throwIfAborted();
      return toResponse(received);
    } finally {
      // A time limit of the request can end after the page is closed.
      request.signal.removeEventListener('abort', abort);
    }
  };
}

/** Returns a `fetch` that calls the control API of the page's gateway. */
export function controlFetchOf(page: Page): Fetch {
  return async (input, init) => {
    const pageRequest = await toPageRequest(new Request(input, init));
    return toResponse(await page.evaluate((toSend) => globalThis.gatewayPage.callControl(toSend), pageRequest));
  };
}
