import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { magicCard } from '../../contracts/index.js';
import type { Payment } from '../../simulator/testing/msw/index.js';
import { describeInChromium, type OpenedPage, useChromium } from '../support/chromium.js';
import { hasPhp, openPhpShop, type PhpShop } from '../support/php-shop.js';
import { type ListeningTestSimulator, openListeningTestSimulator } from './inspector-page.js';

const CHALLENGE = '4000000000001091';
const ACCEPTED = '1111222233334444';

describe.skipIf(!hasPhp)('the web shop in PHP whose customers pay on the hosted page', () => {
  describeInChromium('in Chromium', () => {
    const open = useChromium();
    let simulator: ListeningTestSimulator;
    let shop: PhpShop;

    beforeAll(async () => {
      // The shop's days are real ones.
      simulator = await openListeningTestSimulator({ clock: new Date().toISOString() });
      shop = await openPhpShop('safe', { PAYBOX_URL: `${simulator.url}/PPPS.php`, PAYBOX_TIMEOUT: '10' });
    });
    afterAll(async () => {
      await shop?.close();
      await simulator?.simulator.close();
    });

    let orders = 0;
    /** Fills in the shop's form. Resolves with the reference, on the hosted page. */
    async function goToPage(page: Page, options: Readonly<Record<string, string>> = {}): Promise<string> {
      const reference = `HOSTED-${++orders}`;
      await page.goto(`${shop.url}/hosted?reference=${reference}`);
      for (const [label, value] of Object.entries(options)) await page.getByLabel(label).selectOption(value);
      await page.getByRole('button', { name: 'Pay' }).click();
      await page.waitForURL(/\/cgi\/MYchoix_pagepaiement\.cgi$/);
      return reference;
    }

    async function payWith(page: Page, card: string): Promise<void> {
      await page.locator('#PORTEUR').fill(card);
      await page.locator('#DATEVAL').fill('12/49');
      await page.locator('#CVV').fill('123');
      await page.getByRole('button', { name: 'Pay' }).click();
    }

    const shows = (page: Page, state: string): Promise<void> => page.locator(`[data-state="${state}"]`).waitFor();

    const paymentsOf = async (reference: string): Promise<Payment[]> =>
      (await simulator.simulator.gateway.payments()).filter(({ REFERENCE }) => REFERENCE === reference);

    /** Expects that nothing failed in the browser, and that it asked only the shop and the simulator. */
    function expectQuiet({ errors, requests }: OpenedPage): void {
      expect(errors).toEqual([]);
      const others = requests.filter(
        (url) => /^https?:/.test(url) && !url.startsWith(`${shop.url}/`) && !url.startsWith(`${simulator.url}/`),
      );
      expect(others).toEqual([]);
    }

    test('is authorized after the bank asked, captured by Direct, refunded, and found by an inquiry', async () => {
      const opened = await open({ locale: 'en' });
      const { page } = opened;
      const reference = await goToPage(page, { Capture: 'later' });
      await payWith(page, CHALLENGE);
      await page.locator('#code').fill('123456');
      await page.getByRole('button', { name: 'Confirm' }).click();
      await shows(page, 'authorized');
      await expect.poll(async () => (await shop.order(reference)).results).toEqual({ server: 1, browser: 1, rejected: 0 });
      expect(await shop.order(reference)).toMatchObject({ state: 'authorized', code: '00000', deliveries: 0, captured: 0 });
      await page.getByRole('button', { name: 'Capture' }).click();
      await shows(page, 'paid');
      expect(await shop.order(reference)).toMatchObject({ deliveries: 1, captured: 4990, refunded: 0 });
      await page.getByRole('button', { name: 'Refund' }).click();
      await shows(page, 'refunded');
      const { numtrans } = await shop.order(reference);
      expect(await simulator.ask({ TYPE: '00017', NUMTRANS: numtrans ?? '' })).toMatchObject({ CODEREPONSE: '00000', STATUS: 'Remboursé' });
      const [payment, ...others] = await paymentsOf(reference);
      expect(others).toEqual([]);
      expect(payment).toMatchObject({ origin: 'system', transactions: [{ TYPE: '00001' }, { TYPE: '00002' }, { TYPE: '00014' }] });
      const [authentication] = (await simulator.control('GET', '/authentications')).body.authentications;
      expect(authentication).toMatchObject({ outcome: 'authenticated' });
      expectQuiet(opened);
    });

    test('is refused, then paid with another card on the same page', async () => {
      const opened = await open({ locale: 'en', viewport: { width: 360, height: 740 } });
      const { page } = opened;
      const reference = await goToPage(page);
      await payWith(page, magicCard('00105'));
      await page.getByRole('alert').getByText('00105').waitFor();
      await expect.poll(async () => (await shop.order(reference)).state).toBe('refused');
      await payWith(page, ACCEPTED);
      await shows(page, 'paid');
      await expect.poll(async () => (await shop.order(reference)).results).toEqual({ server: 2, browser: 1, rejected: 0 });
      expect(await shop.order(reference)).toMatchObject({ state: 'paid', code: '00000', deliveries: 1 });
      expectQuiet(opened);
    });

    test('is cancelled, and then paid under the same reference', async () => {
      const opened = await open({ locale: 'en' });
      const { page } = opened;
      const reference = await goToPage(page);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await shows(page, 'cancelled');
      expect(await shop.order(reference)).toMatchObject({ code: '00001', results: { server: 0, browser: 1 } });
      await page.getByRole('link', { name: 'Try again' }).click();
      await page.getByRole('button', { name: 'Pay' }).click();
      await payWith(page, ACCEPTED);
      await shows(page, 'paid');
      expect(await paymentsOf(reference)).toHaveLength(1);
      expect(await shop.order(reference)).toMatchObject({ attempts: 2, deliveries: 1 });
      expectQuiet(opened);
    });
  });
});
