import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTHENTICATION_CARDS } from '../../contracts/index.js';
import type { RuleAuthentication } from '../../simulator/engine/rule.js';
import type { AccountInput } from '../../simulator/index.js';
import type { Payment } from '../../simulator/testing/msw/index.js';
import { describeInChromium, type OpenedPage, useChromium } from '../support/chromium.js';
import { hasPhp, openPhpShop, type PhpShop } from '../support/php-shop.js';
import { type ListeningTestSimulator, openListeningTestSimulator } from './inspector-page.js';

const CHALLENGE = '4000000000001091';
const cardOf = (n: number): string => AUTHENTICATION_CARDS[n]?.PORTEUR ?? '';

// Where the card decides, or the customer with a button, in the words of the bank's page.
const FRENCH = { confirm: 'Confirmer', decline: 'Refuser', cancel: 'Annuler' };
const ENGLISH = { confirm: 'Confirm', decline: 'Decline', cancel: 'Cancel' };

describe.skipIf(!hasPhp)('the web shop in PHP', () => {
  describeInChromium('in Chromium', () => {
    const open = useChromium();
    let simulator: ListeningTestSimulator;
    const shops = new Map<string, PhpShop>();

    beforeAll(async () => {
      // The shop's days are real ones.
      simulator = await openListeningTestSimulator({ clock: new Date().toISOString() });
      for (const which of ['safe', 'careless'] as const)
        shops.set(which, await openPhpShop(which, { PAYBOX_URL: `${simulator.url}/PPPS.php`, PAYBOX_TIMEOUT: '2' }));
    });
    afterAll(async () => {
      for (const shop of shops.values()) await shop.close();
      await simulator?.simulator.close();
    });
    const shopOf = (which: 'safe' | 'careless'): PhpShop => shops.get(which) as PhpShop;

    const setAccount = (settings: Partial<AccountInput>): void =>
      void simulator.simulator.gateway.setAccount({ SITE: '1999888', RANG: '32', ...settings });

    let orders = 0;
    /** Fills in the shop's form and pays. Resolves at the next page. */
    async function pay(page: Page, { card = CHALLENGE, authentication = 'first', which = 'safe' as 'safe' | 'careless' } = {}) {
      const reference = `ORDER-${++orders}`;
      await page.goto(`${shopOf(which).url}/?reference=${reference}`);
      await page.getByLabel('Card number').fill(card);
      await page.getByLabel('3-D Secure').selectOption(authentication);
      await page.getByRole('button', { name: 'Pay' }).click();
      return reference;
    }

    const answerBank = async (page: Page, button: string, code = '123456'): Promise<void> => {
      await page.locator('#code').fill(code);
      await page.getByRole('button', { name: button }).click();
    };

    const shows = (page: Page, state: string): Promise<void> => page.locator(`[data-state="${state}"]`).waitFor();

    const paymentsOf = async (reference: string): Promise<Payment[]> =>
      (await simulator.simulator.gateway.payments()).filter(({ REFERENCE }) => REFERENCE === reference);

    /** Expects that nothing failed in the browser, and that it asked only the shop and the simulator. */
    function expectQuiet({ errors, requests }: OpenedPage): void {
      expect(errors).toEqual([]);
      const origins = [...[...shops.values()].map(({ url }) => url), simulator.url];
      expect(requests.filter((url) => /^https?:/.test(url) && !origins.some((origin) => url.startsWith(`${origin}/`)))).toEqual([]);
    }

    test.each([
      { language: 'en', width: 1280, buttons: ENGLISH },
      { language: 'fr-FR', width: 360, buttons: FRENCH },
    ])('is paid after the customer confirmed, in $language, $width px wide', async ({ language, width, buttons }) => {
      const opened = await open({ locale: language, viewport: { width, height: 740 } });
      const { page } = opened;
      const reference = await pay(page);
      await page.locator('#code').waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await answerBank(page, buttons.confirm);
      await shows(page, 'paid');
      const order = await shopOf('safe').order(reference);
      expect(order).toMatchObject({ state: 'paid', code: '00000', questions: 1, results: { rejected: 0 } });
      const payments = await paymentsOf(reference);
      expect(payments).toHaveLength(1);
      const [authentication] = (await simulator.control('GET', '/authentications')).body.authentications;
      expect(authentication).toMatchObject({ ID3D: order.id3d, outcome: 'authenticated', version: 2 });
      expect(authentication.usedBy).toHaveLength(1);
      expectQuiet(opened);
    });

    test.each([
      ['declines', (page: Page) => page.getByRole('button', { name: ENGLISH.decline }).click()],
      ['cancels', (page: Page) => page.getByRole('button', { name: ENGLISH.cancel }).click()],
      [
        'enters three wrong codes',
        async (page: Page) => {
          for (const left of [/2.tries/, /1.try/]) {
            await answerBank(page, ENGLISH.confirm, '000000');
            await page.getByText(left).waitFor();
          }
          await answerBank(page, ENGLISH.confirm, '000000');
        },
      ],
      [
        'lets the time run out',
        async (page: Page) => {
          await page.locator('#code').waitFor();
          simulator.simulator.clock.advance('PT5M');
          await page.reload();
        },
      ],
    ] as const)('is not paid if the customer %s, and can be paid after that', async (_, act) => {
      const { page } = await open({ locale: 'en' });
      const reference = await pay(page);
      await act(page);
      await shows(page, 'refused');
      expect(await shopOf('safe').order(reference)).toMatchObject({ questions: 0, code: null });
      await page.getByRole('link', { name: 'Try again' }).click();
      await page.getByRole('button', { name: 'Pay' }).click();
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'paid');
      expect(await shopOf('safe').order(reference)).toMatchObject({ questions: 1, attempts: 2 });
    });

    test('is not paid with a card that the bank does not authenticate', async () => {
      const { page } = await open();
      const reference = await pay(page, { card: cardOf(2) });
      await shows(page, 'refused');
      expect(await shopOf('safe').order(reference)).toMatchObject({ questions: 0 });
    });

    test('authenticates after 001A1, and pays', async () => {
      const { page } = await open({ locale: 'en' });
      const reference = await pay(page, { card: cardOf(9), authentication: 'on-demand' });
      await page.locator('#code').waitFor();
      expect(await shopOf('safe').order(reference)).toMatchObject({ state: 'waiting', code: '001A1', questions: 1 });
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'paid');
      expect(await shopOf('safe').order(reference)).toMatchObject({ code: '00000', questions: 2, attempts: 1 });
    });

    test.each(['server-first', 'browser-first', 'together'] as const)('is paid once although the result comes twice, %s', async (order) => {
      const { page } = await open({ locale: 'en' });
      setAccount({ resultOrder: order });
      const reference = await pay(page);
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'paid');
      await expect.poll(async () => (await shopOf('safe').order(reference)).results).toEqual({ server: 1, browser: 1, rejected: 0 });
      expect((await shopOf('safe').order(reference)).questions).toBe(1);
      expect(await paymentsOf(reference)).toHaveLength(1);
    });

    const forNextAuthentication = (authentication: RuleAuthentication): void => {
      simulator.simulator.gateway.rules.add({ match: { TYPE: 'authenticate' }, times: 1, authentication });
    };

    test('is paid if the browser brings no result: the page of the order shows it', async () => {
      const { page } = await open({ locale: 'en' });
      forNextAuthentication({ challenge: true, browser: { lost: true } });
      const reference = await pay(page);
      await answerBank(page, ENGLISH.confirm);
      await expect.poll(async () => (await shopOf('safe').order(reference)).state).toBe('paid');
      expect((await shopOf('safe').order(reference)).results).toEqual({ server: 1, browser: 0, rejected: 0 });
    });

    test('is paid if the server gets no result, and waits if neither does', async () => {
      const { page } = await open({ locale: 'en' });
      forNextAuthentication({ challenge: true, server: { lost: true } });
      await pay(page);
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'paid');
      forNextAuthentication({ challenge: true, server: { lost: true }, browser: { lost: true } });
      const reference = await pay(page);
      await answerBank(page, ENGLISH.confirm);
      await page.waitForURL(/ACS\.cgi/);
      expect(await shopOf('safe').order(reference)).toMatchObject({ state: 'waiting', questions: 0 });
    });

    test('is not paid with results that are not signed, or for another session', async () => {
      const { page } = await open({ locale: 'en' });
      for (const fault of [{ check: 'wrong' }, { session: 'other' }] as const) {
        forNextAuthentication({ challenge: true, server: fault, browser: fault });
        const reference = await pay(page);
        await answerBank(page, ENGLISH.confirm);
        await shows(page, 'waiting');
        await expect.poll(async () => (await shopOf('safe').order(reference)).results).toEqual({ server: 0, browser: 0, rejected: 2 });
        expect(await paymentsOf(reference)).toEqual([]);
      }
    });

    test('is found after a reply that was lost, and unknown while the gateway is silent', async () => {
      const { page } = await open({ locale: 'en' });
      const { rules } = simulator.simulator.gateway;
      rules.add({ match: { TYPE: 'pay' }, times: 1, fault: { reply: 'never' } });
      const found = await pay(page);
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'paid');
      expect(await shopOf('safe').order(found)).toMatchObject({ questions: 1, code: '00000' });

      rules.add({ match: { TYPE: 'pay' }, times: 1, fault: { reply: 'never' } });
      rules.add({ id: 'silence', match: { TYPE: 'exists' }, fault: { http: 503 } });
      await pay(page);
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'unknown');
      rules.remove('silence');
      await page.getByRole('button', { name: 'Check again' }).click();
      await shows(page, 'paid');
    });

    test('of the careless kind pays with what is not signed, and twice: refused is what its customer sees, or a double charge', async () => {
      const { page } = await open({ locale: 'en' });
      setAccount({ resultOrder: 'server-first' });
      forNextAuthentication({ challenge: true, server: { check: 'wrong' }, browser: { check: 'wrong' } });
      const once = await pay(page, { which: 'careless' });
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'refused');
      expect(await paymentsOf(once)).toMatchObject([{ transactions: [{ TYPE: '00003', CODEREPONSE: '00000' }] }]);

      setAccount({ variants: { id3dReuse: 'unlimited' } });
      const twice = await pay(page, { which: 'careless' });
      await answerBank(page, ENGLISH.confirm);
      await shows(page, 'paid');
      expect(await paymentsOf(twice)).toHaveLength(2);
    });
  });
});
