import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { docsBlock } from '../support/markdown.js';
import { serveFolder } from '../support/static-server.js';
import { userProject } from '../support/user-project.js';

const PAGE = '<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script type="module" src="/main.ts"></script>';

// The docs say next to the block that the worker is started before the page sends requests.
const MAIN = `
import { paybox, worker } from './mocks';
await worker.start({ quiet: true });
const pay = async (body: unknown) => (await fetch('/api/pay', { method: 'POST', body: JSON.stringify(body) })).json();
Object.assign(window, { shop: { pay, paybox } });
document.title = 'ready';
`;

interface Shop {
  pay(body: unknown): Promise<unknown>;
  readonly paybox: { fault(fault: object, condition: object): void; payments(): Promise<unknown[]> };
}

const CARD = { number: '1111222233334444', expiry: '1249', cvv: '123' };
const REFUSED = { ...CARD, number: '1111220000001055' };

describeInChromium('the mocks of a front end in docs/msw-and-vitest.md', () => {
  const open = useChromium();

  test('work unchanged in Chromium: a payment, a refusal, and a payment whose reply is dropped', async () => {
    const folder = await userProject({ 'mocks.ts': docsBlock('mocks.ts'), 'main.ts': MAIN, 'index.html': PAGE }, ['msw']);
    await mkdir(join(folder, 'public'));
    await copyFile('node_modules/msw/lib/mockServiceWorker.js', join(folder, 'public', 'mockServiceWorker.js'));
    await build({ root: folder, logLevel: 'error', build: { target: 'es2022' } });
    const { origin } = await serveFolder(join(folder, 'dist'));
    const { page, errors } = await open();
    await page.goto(origin);
    await page.waitForFunction(() => document.title === 'ready');

    const pay = (order: string, card: typeof CARD) =>
      page.evaluate(
        (body) => {
          const { shop } = globalThis as unknown as { shop: Shop };
          return shop.pay(body);
        },
        { order, cents: 1000, card },
      );
    expect(await pay('ORDER-1', CARD)).toEqual({ status: 'approved' });
    expect(await pay('ORDER-2', REFUSED)).toEqual({ status: 'refused', message: expect.stringMatching(/^\p{L}/u) });
    await page.evaluate(() => (globalThis as unknown as { shop: Shop }).shop.paybox.fault({ reply: 'drop' }, { match: { TYPE: 'pay' } }));
    expect(await pay('ORDER-3', CARD)).toEqual({ status: 'approved' });
    expect(await page.evaluate(() => (globalThis as unknown as { shop: Shop }).shop.paybox.payments())).toHaveLength(3);
    expect(errors).toEqual([]);
  });
});
