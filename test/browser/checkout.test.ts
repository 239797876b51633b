import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { STAGES } from '../../scenarios/examples/checkout/src/mocks/stages.js';
import { buildCheckout, serveCheckout } from '../support/build-checkout.js';
import { describeInChromium, type OpenedPage, useChromium } from '../support/chromium.js';
import { type StaticServer, serveFolder } from '../support/static-server.js';
import { tempFolder } from '../support/temp-folder.js';

/** Milliseconds after which the shop's client takes a reply for lost. */
const TIMEOUT = 150;

test('what can be staged is what the README of the examples says', async () => {
  const readme = await readFile('scenarios/examples/README.md', 'utf8');
  const listed = [...readme.matchAll(/^\| `([\w-]+)` +\| (?!what)/gm)].map(([, name]) => name).filter((name = '') => name in STAGES);
  expect(['none', ...listed]).toEqual(Object.keys(STAGES));
});

describeInChromium('the example checkout, built and used by hand in Chromium', () => {
  const open = useChromium();
  let shop: StaticServer;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'paybox-sim-checkout-'));
    afterAll(() => rm(folder, { recursive: true, force: true }));
    await buildCheckout(folder);
    shop = await serveFolder(folder);
  });

  async function visit(stage = 'none'): Promise<OpenedPage> {
    const visited = await open();
    await visited.page.goto(`${shop.origin}/?timeout=${TIMEOUT}&stage=${stage}`);
    await shows(visited.page, 'Not paid yet');
    return visited;
  }

  const shows = (page: Page, text: string | RegExp): Promise<void> => page.locator('#outcome').getByText(text).waitFor();

  const pay = (page: Page): Promise<void> => page.getByRole('button', { name: 'Pay', exact: true }).click();

  /** The panel is brought up to date after the answer that the page shows. */
  const gatewayHas = (page: Page, lines: string[]): Promise<void> =>
    expect
      .poll(async () => (await page.locator('#stage li').allTextContents()).map((line) => line.replace(/^ORDER-\w{8}: /, '')).sort())
      .toEqual(lines);

  function leftNothing({ requests, errors }: OpenedPage): void {
    expect(errors).toEqual([]);
    expect(requests.filter((url) => /^https?:/.test(url) && new URL(url).origin !== shop.origin)).toEqual([]);
    expect(shop.requested.filter((path) => path.startsWith('/api/'))).toEqual([]);
  }

  test('a payment, a refund of a part, then of the rest', async () => {
    const visited = await visit();
    const { page } = visited;
    await pay(page);
    await shows(page, 'Paid: €49.90');
    await shows(page, 'Thank you!');
    await gatewayHas(page, ['Capturé, captured 49.90, refunded 0.00']);
    await page.getByLabel('Refund in €').fill('9.90');
    await page.getByRole('button', { name: 'Refund' }).click();
    await shows(page, 'Paid: €49.90, refunded: €9.90');
    expect(await page.getByLabel('Refund in €').inputValue()).toBe('40.00');
    await page.getByRole('button', { name: 'Refund' }).click();
    await shows(page, 'Paid: €49.90, refunded: €49.90');
    await gatewayHas(page, ['Remboursé, captured 49.90, refunded 49.90']);
    expect(await page.getByRole('button', { name: 'Refund' }).isVisible()).toBe(false);
    leftNothing(visited);
  });

  test('a card that the bank refuses is told in the words of the bank, and another card pays the same order', async () => {
    const visited = await visit();
    const { page } = visited;
    await page.getByLabel('Card number').fill('1111 2200 0000 1055');
    await pay(page);
    await shows(page, 'Your bank refused the payment');
    await shows(page, 'Ne pas honorer');
    await page.getByLabel('Card number').fill('1111 2222 3333 4444');
    await pay(page);
    await shows(page, 'Paid: €49.90');
    await gatewayHas(page, ['Capturé, captured 49.90, refunded 0.00', 'Refusé, captured 0.00, refunded 0.00']);
    leftNothing(visited);
  });

  test('a payment whose reply is lost is asked for, shown as paid, and charged once', async () => {
    const visited = await visit('lost-reply');
    const { page } = visited;
    await pay(page);
    await shows(page, 'The answer of the bank was lost. We checked: it was processed, exactly once.');
    await gatewayHas(page, ['Capturé, captured 49.90, refunded 0.00']);
    leftNothing(visited);
  });

  test('while nobody knows, the page asks and cannot pay; then it is paid, once', async () => {
    const visited = await visit('silence');
    const { page } = visited;
    await pay(page);
    await shows(page, 'We do not know yet');
    expect(await page.getByRole('button', { name: 'Pay', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Check my payment' }).click();
    await shows(page, 'Paid: €49.90');
    await gatewayHas(page, ['Capturé, captured 49.90, refunded 0.00']);
    leftNothing(visited);
  });

  test('a question that never arrived may be put again once that is known, and is charged once', async () => {
    const visited = await visit('lost-question');
    const { page } = visited;
    await pay(page);
    await shows(page, 'We do not know yet');
    await gatewayHas(page, []);
    await page.getByRole('button', { name: 'Check my payment' }).click();
    await shows(page, 'Nothing was charged. You can pay.');
    await pay(page);
    await shows(page, 'Paid: €49.90');
    await gatewayHas(page, ['Capturé, captured 49.90, refunded 0.00']);
    leftNothing(visited);
  });

  test('what goes wrong next is chosen on the page: a refund that is refused, then one whose reply is cut', async () => {
    const visited = await visit();
    const { page } = visited;
    const next = page.getByLabel('Next');
    await pay(page);
    await shows(page, 'Thank you!');
    await next.selectOption('refund-refused');
    await page.getByRole('button', { name: 'Refund' }).click();
    await shows(page, 'The refund was not made.');
    await shows(page, 'Transaction non trouvée');
    await expect.poll(() => next.inputValue()).toBe('none');
    await next.selectOption('refund-lost');
    await page.getByRole('button', { name: 'Refund' }).click();
    await shows(page, 'Paid: €49.90, refunded: €49.90');
    await gatewayHas(page, ['Remboursé, captured 49.90, refunded 49.90']);
    leftNothing(visited);
  });

  test('a refund of a part whose reply is cut stays in doubt, and is not offered again', async () => {
    const visited = await visit('refund-lost');
    const { page } = visited;
    await pay(page);
    await shows(page, 'Thank you!');
    await page.getByLabel('Refund in €').fill('9.90');
    await page.getByRole('button', { name: 'Refund' }).click();
    await shows(page, 'We do not know yet');
    const [answer] = await Promise.all([
      page.waitForResponse(/\/api\/orders\//),
      page.getByRole('button', { name: 'Check my payment' }).click(),
    ]);
    expect(await answer.json()).toEqual({ status: 'unknown' });
    await shows(page, 'We do not know yet');
    expect(await page.getByRole('button', { name: 'Refund' }).isVisible()).toBe(false);
    await gatewayHas(page, ['Capturé, captured 49.90, refunded 9.90']);
    leftNothing(visited);
  });

  test('another order has another reference, and its payment is another one', async () => {
    const visited = await visit();
    const { page } = visited;
    await pay(page);
    await shows(page, 'Thank you!');
    const first = await page.locator('#reference').textContent();
    await page.getByRole('button', { name: 'New order' }).click();
    await page.getByLabel('Amount in €').fill('12,50');
    await pay(page);
    await shows(page, 'Paid: €12.50');
    expect(await page.locator('#reference').textContent()).not.toBe(first);
    await gatewayHas(page, ['Capturé, captured 12.50, refunded 0.00', 'Capturé, captured 49.90, refunded 0.00']);
    leftNothing(visited);
  });

  test("vite's development server serves it, too", async () => {
    const server = await serveCheckout(await tempFolder());
    onTestFinished(() => server.close());
    const { page, errors } = await open();
    await page.goto(server.origin);
    await shows(page, 'Not paid yet');
    await pay(page);
    await shows(page, 'Paid: €49.90');
    expect(errors).toEqual([]);
  });
});
