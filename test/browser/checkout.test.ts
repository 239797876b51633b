import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { FAULTS } from '../../scenarios/examples/checkout/src/mocks/faults.js';
import { buildCheckout, serveCheckout } from '../support/build-checkout.js';
import { describeInChromium, type OpenedPage, useChromium } from '../support/chromium.js';
import { type StaticServer, serveFolder } from '../support/static-server.js';
import { tempFolder } from '../support/temp-folder.js';

/** Faults after which a reply never arrives. */
const SILENT_FAULTS = ['lost-reply', 'lost-question', 'silence'];

/** Milliseconds until the shop's client gives up waiting for a reply: short where none arrives, else long enough for a busy machine. */
const timeoutFor = (fault: string): number => (SILENT_FAULTS.includes(fault) ? 2000 : 20_000);

test('the README of the examples lists the faults of the checkout', async () => {
  const readme = await readFile('scenarios/examples/README.md', 'utf8');
  const listed = [...readme.matchAll(/^\| `([\w-]+)` +\| (?!what)/gm)].map(([, name]) => name).filter((name = '') => name in FAULTS);
  expect(['none', ...listed]).toEqual(Object.keys(FAULTS));
});

describeInChromium('the built example checkout in Chromium', () => {
  const open = useChromium();
  let shop: StaticServer;

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'paybox-sim-checkout-'));
    afterAll(() => rm(folder, { recursive: true, force: true }));
    await buildCheckout(folder);
    shop = await serveFolder(folder);
  });

  async function openCheckout(fault = 'none'): Promise<OpenedPage> {
    const opened = await open();
    await opened.page.goto(`${shop.origin}/?timeout=${timeoutFor(fault)}&fault=${fault}`);
    await waitForOutcome(opened.page, 'Not paid yet');
    return opened;
  }

  const waitForOutcome = (page: Page, text: string | RegExp): Promise<void> => page.locator('#outcome').getByText(text).waitFor();

  const pay = (page: Page): Promise<void> => page.getByRole('button', { name: 'Pay', exact: true }).click();

  /** Expects these payments in the panel, which is updated after the outcome. */
  const expectPayments = (page: Page, lines: string[]): Promise<void> =>
    expect
      .poll(async () => (await page.locator('#faults li').allTextContents()).map((line) => line.replace(/^ORDER-\w{8}: /, '')).sort())
      .toEqual(lines);

  /** @param mocked the origins whose requests MSW answers */
  function expectNoErrorsAndNoOtherHosts({ requests, errors }: OpenedPage, mocked: readonly string[] = []): void {
    expect(errors).toEqual([]);
    const origins = new Set(requests.filter((url) => /^https?:/.test(url)).map((url) => new URL(url).origin));
    expect([...origins]).toEqual([shop.origin, ...mocked]);
    expect(shop.requested.filter((path) => path.startsWith('/api/'))).toEqual([]);
  }

  test('pays, refunds a part, then the rest; a new order has a new reference and a separate payment', async () => {
    const opened = await openCheckout();
    const { page } = opened;
    await pay(page);
    await waitForOutcome(page, 'Paid: €49.90');
    await waitForOutcome(page, 'Thank you!');
    await expectPayments(page, ['Capturé, captured 49.90, refunded 0.00']);
    await page.getByLabel('Refund in €').fill('9.90');
    await page.getByRole('button', { name: 'Refund' }).click();
    await waitForOutcome(page, 'Paid: €49.90, refunded: €9.90');
    expect(await page.getByLabel('Refund in €').inputValue()).toBe('40.00');
    await page.getByRole('button', { name: 'Refund' }).click();
    await waitForOutcome(page, 'Paid: €49.90, refunded: €49.90');
    await expectPayments(page, ['Remboursé, captured 49.90, refunded 49.90']);
    expect(await page.getByRole('button', { name: 'Refund' }).isVisible()).toBe(false);

    const first = await page.locator('#reference').textContent();
    await page.getByRole('button', { name: 'New order' }).click();
    await page.getByLabel('Amount in €').fill('12,50');
    await pay(page);
    await waitForOutcome(page, 'Paid: €12.50');
    expect(await page.locator('#reference').textContent()).not.toBe(first);
    await expectPayments(page, ['Capturé, captured 12.50, refunded 0.00', 'Remboursé, captured 49.90, refunded 49.90']);
    expectNoErrorsAndNoOtherHosts(opened);
  });

  test('accepts another card after a refused one; has a panel to select what goes wrong next: a refused refund, one whose reply is cut', async () => {
    const opened = await openCheckout();
    const { page } = opened;
    await page.getByLabel('Card number').fill('1111 2200 0000 1055');
    await pay(page);
    await waitForOutcome(page, 'Your bank refused the payment');
    await waitForOutcome(page, 'Ne pas honorer');
    await page.getByLabel('Card number').fill('1111 2222 3333 4444');
    await pay(page);
    await waitForOutcome(page, 'Paid: €49.90');
    await expectPayments(page, ['Capturé, captured 49.90, refunded 0.00', 'Refusé, captured 0.00, refunded 0.00']);

    const next = page.getByLabel('Fault');
    await next.selectOption('refund-refused');
    await page.getByRole('button', { name: 'Refund' }).click();
    await waitForOutcome(page, 'The refund was not made.');
    await waitForOutcome(page, 'Transaction non trouvée');
    await expect.poll(() => next.inputValue()).toBe('none');
    await next.selectOption('refund-lost');
    await page.getByRole('button', { name: 'Refund' }).click();
    await waitForOutcome(page, 'Paid: €49.90, refunded: €49.90');
    await expectPayments(page, ['Refusé, captured 0.00, refunded 0.00', 'Remboursé, captured 49.90, refunded 49.90']);
    expectNoErrorsAndNoOtherHosts(opened);
  });

  test('shows a payment whose reply is lost as paid after an inquiry; it is charged once', async () => {
    const opened = await openCheckout('lost-reply');
    const { page } = opened;
    await pay(page);
    await waitForOutcome(page, 'The answer of the bank was lost. We checked: it was processed, exactly once.');
    await expectPayments(page, ['Capturé, captured 49.90, refunded 0.00']);
    expectNoErrorsAndNoOtherHosts(opened);
  });

  test('does not allow to pay again while the outcome is unknown; the payment is charged once', async () => {
    const opened = await openCheckout('silence');
    const { page } = opened;
    await pay(page);
    await waitForOutcome(page, 'We do not know yet');
    expect(await page.getByRole('button', { name: 'Pay', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Check my payment' }).click();
    await waitForOutcome(page, 'Paid: €49.90');
    await expectPayments(page, ['Capturé, captured 49.90, refunded 0.00']);
    expectNoErrorsAndNoOtherHosts(opened);
  });

  test('allows to pay again when an inquiry shows that the question never arrived; the payment is charged once', async () => {
    const opened = await openCheckout('lost-question');
    const { page } = opened;
    await pay(page);
    await waitForOutcome(page, 'We do not know yet');
    await expectPayments(page, []);
    await page.getByRole('button', { name: 'Check my payment' }).click();
    await waitForOutcome(page, 'Nothing was charged. You can pay.');
    await pay(page);
    await waitForOutcome(page, 'Paid: €49.90');
    await expectPayments(page, ['Capturé, captured 49.90, refunded 0.00']);
    expectNoErrorsAndNoOtherHosts(opened);
  });

  test('does not offer a partial refund again while the outcome of the first one is unknown', async () => {
    const opened = await openCheckout('refund-lost');
    const { page } = opened;
    await pay(page);
    await waitForOutcome(page, 'Thank you!');
    await page.getByLabel('Refund in €').fill('9.90');
    await page.getByRole('button', { name: 'Refund' }).click();
    await waitForOutcome(page, 'We do not know yet');
    const [response] = await Promise.all([
      page.waitForResponse(/\/api\/orders\//),
      page.getByRole('button', { name: 'Check my payment' }).click(),
    ]);
    expect(await response.json()).toEqual({ status: 'unknown' });
    await waitForOutcome(page, 'We do not know yet');
    expect(await page.getByRole('button', { name: 'Refund' }).isVisible()).toBe(false);
    await expectPayments(page, ['Capturé, captured 49.90, refunded 9.90']);
    expectNoErrorsAndNoOtherHosts(opened);
  });

  test('asks the bank if it demands 3-D Secure: pays after a confirmation, once, and not after a refusal', async () => {
    const opened = await openCheckout();
    const { page } = opened;
    await page.getByLabel('Card number').fill('1111 2239 0000 0003');
    await pay(page);
    await page.getByRole('dialog').getByLabel('Code').fill('000000');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('dialog').getByText('This code is wrong.').first().waitFor();
    await page.getByRole('button', { name: 'Decline' }).click();
    await waitForOutcome(page, 'Le porteur n’a pas été authentifié.');
    await pay(page);
    await page.getByRole('dialog').getByLabel('Code').fill('123456');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await waitForOutcome(page, 'Paid: €49.90');
    await expectPayments(page, [
      'Capturé, captured 49.90, refunded 0.00',
      'Refusé, captured 0.00, refunded 0.00',
      'Refusé, captured 0.00, refunded 0.00',
    ]);
    expectNoErrorsAndNoOtherHosts(opened, ['https://preprod-tpeweb.paybox.com']);
  });

  test("also works on vite's development server", async () => {
    const server = await serveCheckout(await tempFolder());
    onTestFinished(() => server.close());
    const { page, errors } = await open();
    await page.goto(server.origin);
    await waitForOutcome(page, 'Not paid yet');
    await pay(page);
    await waitForOutcome(page, 'Paid: €49.90');
    expect(errors).toEqual([]);
  });
});
