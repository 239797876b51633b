import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { everyHostedPage, JUNE_9, testCardPage, testReceiptPage } from '../support/hosted-pages.js';
import { axeViolations } from './accessibility.js';
import { type PageServer, type ReceivedRequest, startPageServer } from './page-server.js';

const PATH = '/cgi/checkout.cgi';
/** Where the page of the card is served. Its form leads to `PATH`. */
const FIRST_PATH = '/cgi/FramepagepaiementRWD.cgi';
/** What the form of the page of the card always sends. */
const STARTED = `startedAt=${JUNE_9}&`;

describeInChromium('the hosted page in Chromium', () => {
  const open = useChromium();
  let gateway: PageServer;
  let shop: PageServer;

  beforeAll(async () => {
    gateway = await startPageServer();
    shop = await startPageServer();
  });
  beforeEach(() => {
    gateway.received.length = 0;
    shop.received.length = 0;
  });

  const posted = ({ received }: PageServer): ReceivedRequest[] => received.filter(({ method }) => method === 'POST');

  const isReceived = (page: Page): Promise<void> => page.getByText('Received').waitFor();

  const widthOf = (page: Page): Promise<number> =>
    page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth));

  const describedBy = (page: Page, id: string): Promise<(string | undefined)[]> =>
    page
      .locator(`#${id}`)
      .evaluate((input) =>
        (input.getAttribute('aria-describedby') ?? '').split(' ').map((name) => document.getElementById(name)?.textContent),
      );

  test.each([
    ['en', 'light', 360],
    ['en', 'dark', 1280],
    ['fr', 'light', 1280],
    ['fr', 'dark', 360],
  ] as const)('every page is accessible in %s, %s, at %d pixels', async (language, colorScheme, width) => {
    const { page, errors, requests } = await open({ viewport: { width, height: 740 }, colorScheme });
    for (const [name, { body, headers }] of Object.entries(everyHostedPage(language))) {
      // The page must stay while it is examined.
      const { Refresh, ...others } = headers;
      await page.goto(gateway.serve(`/${name}`, { body, headers: others }));
      expect(await axeViolations(page), name).toEqual([]);
      expect(await page.getAttribute('html', 'lang'), name).toBe(language);
      expect(await widthOf(page), name).toBeLessThanOrEqual(width);
    }
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${gateway.origin}/`) && url !== 'data:,')).toEqual([]);
  });

  test.each([
    ['in a wide window, beside the form', 1280, true],
    ['at 360 pixels, below the form', 360, false],
  ])('the test cards are %s, and can be hidden', async (_, width, isBeside) => {
    const { page } = await open({ viewport: { width, height: 740 } });
    await page.goto(gateway.serve(FIRST_PATH, testCardPage()));
    const main = await page.locator('main').boundingBox();
    const aside = await page.locator('aside').boundingBox();
    expect((aside?.y ?? 0) < (main?.y ?? 0) + (main?.height ?? 0)).toBe(isBeside);
    expect((aside?.x ?? 0) > (main?.x ?? 0)).toBe(isBeside);
    await page.getByText('Test cards', { exact: true }).click();
    await page.getByText('1111 2222 3333 4444').waitFor({ state: 'hidden' });
  });

  const TYPED = [...'4012001037141112', 'Tab', ...'09/30', 'Tab', ...'123'];

  test.each([
    ['pay', [...TYPED, 'Enter'], 'TYPECARTE=CB&PORTEUR=4012001037141112&DATEVAL=09%2F30&CVV=123&action=pay'],
    [
      'choose another card type and pay',
      ['Shift+Tab', 'ArrowRight', 'ArrowRight', 'Tab', ...TYPED, 'Tab', 'Space'],
      'TYPECARTE=EUROCARD_MASTERCARD&PORTEUR=4012001037141112&DATEVAL=09%2F30&CVV=123&action=pay',
    ],
    ['cancel', ['Tab', 'Tab', 'Tab', 'Tab', 'Enter'], 'TYPECARTE=CB&PORTEUR=&DATEVAL=&CVV=&action=cancel'],
    [
      'use a test card',
      ['Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Enter', 'Enter'],
      'TYPECARTE=CB&PORTEUR=1111222233334444&DATEVAL=12%2F30&CVV=123&action=pay',
    ],
  ])('the keyboard alone can %s', async (_, keys, body) => {
    const { page, errors } = await open();
    await page.goto(gateway.serve(FIRST_PATH, testCardPage()));
    await page.locator('#PORTEUR:focus').waitFor();
    for (const key of keys) await page.keyboard.press(key);
    await isReceived(page);
    expect(posted(gateway)).toMatchObject([{ url: `${PATH}?id=0001000001`, body: STARTED + body }]);
    expect(errors).toEqual([]);
  });

  test("a test card's button fills the form, also after an error", async () => {
    const { page, errors } = await open();
    await page.goto(
      gateway.serve(
        FIRST_PATH,
        testCardPage({ language: 'fr', problem: { fields: ['DATEVAL'] }, values: { DATEVAL: '13', TYPECARTE: 'VISA' } }),
      ),
    );
    await page.getByRole('button', { name: 'Utiliser 4000 0000 0000 1091' }).click();
    expect(await page.locator('button:focus').textContent()).toBe('Payer 1\u202f234,50\u00a0EUR');
    await page.keyboard.press('Enter');
    await isReceived(page);
    expect(posted(gateway)[0]?.body).toBe(`${STARTED}TYPECARTE=VISA&PORTEUR=4000000000001091&DATEVAL=12%2F30&CVV=123&action=pay`);
    expect(errors).toEqual([]);
  });

  test('without scripts the test cards are a list without buttons, and the form pays', async () => {
    const { page, errors } = await open({ javaScriptEnabled: false });
    await page.goto(gateway.serve(FIRST_PATH, testCardPage()));
    expect(await page.getByText('1111 2222 3333 4444').isVisible()).toBe(true);
    expect(await page.getByRole('button').allTextContents()).toEqual(['Pay 1,234.50\u00a0EUR', 'Cancel']);
    await page.getByLabel('Card number').fill('1111222233334444');
    await page.getByLabel('Expiry date').fill('0930');
    await page.getByLabel('Security code').fill('123');
    await page.getByRole('radio', { name: 'American Express' }).check();
    await page.getByRole('button', { name: 'Pay' }).click();
    await isReceived(page);
    expect(posted(gateway)[0]?.body).toBe(`${STARTED}TYPECARTE=AMEX&PORTEUR=1111222233334444&DATEVAL=0930&CVV=123&action=pay`);
    expect(errors).toEqual([]);
  });

  test('an empty form is not paid; a wrong field is focused and described by what is wrong', async () => {
    const { page } = await open();
    await page.goto(gateway.serve(FIRST_PATH, testCardPage({ problem: { fields: ['CVV'] }, values: { DATEVAL: '09/30' } })));
    await page.locator('#CVV:focus').waitFor();
    expect(await describedBy(page, 'CVV')).toEqual([
      'Correct the fields that are marked.',
      'Enter the 3 or 4 digits of the security code.',
      '3 digits on the back of the card; American Express: 4 on the front.',
    ]);
    expect(await page.getByRole('alert').textContent()).toBe('Correct the fields that are marked.');
    expect(await page.getByLabel('Expiry date').inputValue()).toBe('09/30');
    await page.getByRole('button', { name: 'Pay' }).click();
    expect(await page.getByLabel('Card number').evaluate((input) => input.matches(':focus:invalid'))).toBe(true);
    expect(posted(gateway)).toEqual([]);
  });

  test('with a token the CVV is enough', async () => {
    const { page, errors } = await open();
    await page.goto(gateway.serve(FIRST_PATH, testCardPage({ token: { card: '111122******4444', expiry: '12/30' }, means: ['CB'] })));
    await page.locator('#CVV:focus').waitFor();
    await page.keyboard.type('123');
    await page.keyboard.press('Enter');
    await isReceived(page);
    expect(posted(gateway)[0]?.body).toBe(`${STARTED}TYPECARTE=CB&CVV=123&action=pay`);
    expect(errors).toEqual([]);
  });

  test('after a refusal a link leads back to the shop, which sees the site but not the page', async () => {
    const { page, errors } = await open();
    const refuse = `${shop.origin}/refused?order=42&E=00105&K=ab%2Bcd%3D`;
    const problem = { code: '00105', text: 'do not honour' };
    await page.goto(gateway.serve(FIRST_PATH, testCardPage({ problem, links: { refuse } })));
    await page.getByRole('link', { name: 'Back to the shop' }).click();
    await isReceived(page);
    expect(shop.received[0]).toMatchObject({ method: 'GET', url: '/refused?order=42&E=00105&K=ab%2Bcd%3D' });
    expect(shop.received[0]?.headers.referer).toBe(`${gateway.origin}/`);
    expect(errors).toEqual([]);
  });

  test('when the time is over, the browser loads the address of the page with GET, also if a POST showed it', async () => {
    const { page, errors } = await open();
    const address = gateway.serve(FIRST_PATH, testCardPage({ secondsLeft: 1, action: 'over.cgi?id=1' }));
    gateway.serve('/cgi/over.cgi', testReceiptPage({ outcome: 'timeout', link: undefined }));
    const body = `<!DOCTYPE html><title>Shop</title><form action="${address}" method="POST"><button>Order</button></form>`;
    await page.goto(shop.serve('/order', { body, headers: { 'Content-Type': 'text/html' } }));
    await page.getByRole('button').click();
    await page.getByText('The time to pay is over').waitFor();
    expect(gateway.received.map(({ method, url }) => `${method} ${url}`)).toEqual([`POST ${FIRST_PATH}`, 'GET /cgi/over.cgi?id=1']);
    expect(errors).toEqual([]);
  });

  // Every browser encodes an apostrophe.
  const QUERY = '/paid?cmd=a+b&x=(1);y=%e9%E9&Mt=100&Ref=@/:,&auto=XXXXXX&K=ab%2Bcd%2F%3D%3D';

  test('the last page leads to the exact address by itself', async () => {
    const { page, errors } = await open();
    await page.goto(gateway.serve('/receipt', testReceiptPage({ link: shop.origin + QUERY, secondsToReturn: 1 })));
    await isReceived(page);
    expect(shop.received[0]).toMatchObject({ method: 'GET', url: QUERY });
    expect(shop.received[0]?.headers.referer).toBe(`${gateway.origin}/`);
    expect(errors).toEqual([]);
  });

  test('the link of the last page leads to the exact address, by the keyboard', async () => {
    const { page, errors } = await open({ javaScriptEnabled: false });
    await page.goto(gateway.serve('/receipt', testReceiptPage({ link: shop.origin + QUERY, secondsToReturn: 60 })));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await isReceived(page);
    expect(shop.received[0]).toMatchObject({ method: 'GET', url: QUERY });
    expect(errors).toEqual([]);
  });

  test('a shop can show the page in a frame', async () => {
    const { page, errors } = await open();
    const address = gateway.serve(FIRST_PATH, testCardPage());
    shop.serve('/pay', {
      body: `<!DOCTYPE html><title>Shop</title><iframe src="${address}" width="400" height="600"></iframe>`,
      headers: { 'Content-Type': 'text/html' },
    });
    await page.goto(`${shop.origin}/pay`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Use 1111 2222 3333 4444' }).click();
    await frame.getByRole('button', { name: 'Pay' }).click();
    await frame.getByText('Received').waitFor();
    expect(posted(gateway)[0]?.body).toBe(`${STARTED}TYPECARTE=CB&PORTEUR=1111222233334444&DATEVAL=12%2F30&CVV=123&action=pay`);
    // Chromium never focuses a field in a frame of another site.
    expect(errors.filter((error) => !error.startsWith('Blocked autofocusing'))).toEqual([]);
  });

  test('the policy stops a script that is not of the page, a form to another site and an address that is a script', async () => {
    const { page, errors } = await open();
    const { body, headers } = testCardPage({
      action: `${shop.origin}/steal`,
      links: { refuse: 'javascript:document.title="injected"' },
    });
    const injected = body.replace('</main>', '<script>document.title = "injected"</script></main>');
    await page.goto(gateway.serve(FIRST_PATH, { body: injected, headers }));
    await page.getByRole('link', { name: 'Back to the shop' }).click();
    await page.getByRole('button', { name: 'Cancel' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => errors.length).toBe(3);
    expect(await page.locator('title').textContent()).toBe('Pay by card');
    expect(errors).toEqual([expect.stringContaining('script'), expect.stringContaining('script'), expect.stringContaining('form-action')]);
    expect(shop.received).toEqual([]);
  });
});
