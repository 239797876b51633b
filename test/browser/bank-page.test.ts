import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { percentDecode } from '../../contracts/index.js';
import { readResult, resultFormFields, signedText } from '../../contracts/signed-result.js';
import type { ResultFields } from '../../contracts/three-d-secure.js';
import { INLINE } from '../../simulator/pages/inline.js';
import type { HtmlPage } from '../../simulator/pages/layout.js';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { everyPage, testChallengePage, testSelfPostingPage } from '../support/html-pages.js';
import { axeViolations } from './accessibility.js';
import { type PageServer, type ReceivedRequest, startPageServer } from './page-server.js';

const RESULT: ResultFields = {
  IdSession: 'Commande n°42',
  StatusPBX: 'Autorisation à faire',
  '3DSTATUS': 'Y',
  '3DCAVV': 'AAABB+/=',
  ID3D: '2000000000001',
};

const CHECK = 'ab+cd/ef=';

const ENCODED_RESULT =
  'IdSession=Commande+n%B042&StatusPBX=Autorisation+%E0+faire&3DSTATUS=Y&3DCAVV=AAABB%2B%2F%3D&ID3D=2000000000001&Check=ab%252bcd%252fef%253d';

/** A self-posting page that stays, with its button. axe needs scripts. */
function withoutSubmission(page: HtmlPage | undefined): HtmlPage {
  const { submit, language } = INLINE;
  const { body = '', headers = {} } = page ?? {};
  const policy = (headers['Content-Security-Policy'] ?? '').replace(submit.hash, language.hash);
  return {
    body: body.replace(submit.text, language.text).replace(/<\/?noscript>/g, ''),
    headers: { ...headers, 'Content-Security-Policy': policy },
  };
}

describeInChromium('the pages of 3-D Secure in Chromium', () => {
  const open = useChromium();
  let bank: PageServer;
  let shop: PageServer;

  beforeAll(async () => {
    bank = await startPageServer();
    shop = await startPageServer();
  });
  beforeEach(() => {
    bank.received.length = 0;
    shop.received.length = 0;
  });

  const posted = ({ received }: PageServer): ReceivedRequest[] => received.filter(({ method }) => method === 'POST');

  const isReceived = (page: Page): Promise<void> => page.getByText('Received').waitFor();

  const widthOf = (page: Page): Promise<number> =>
    page.evaluate(() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth));

  test.each([
    ['en', 'light'],
    ['en', 'dark'],
    ['fr', 'light'],
    ['fr', 'dark'],
  ] as const)('every page is accessible at 360 pixels in %s, %s', async (language, colorScheme) => {
    const { page, errors, requests } = await open({ viewport: { width: 360, height: 640 }, colorScheme });
    const { challenge, error, ...others } = everyPage(language);
    const pages = [challenge, error, others['wrong-code'], others['result-declined'], withoutSubmission(others['self-posting'])];
    for (const [at, htmlPage] of pages.entries()) {
      await page.goto(bank.serve(`/${at}`, htmlPage as HtmlPage));
      expect(await axeViolations(page)).toEqual([]);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      expect(await widthOf(page)).toBeLessThanOrEqual(360);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(colorScheme === 'dark' ? 'rgb(18, 21, 27)' : 'rgb(238, 241, 245)');
    }
    expect(await page.getByRole('button').count()).toBe(1);
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(`${bank.origin}/`) && url !== 'data:,')).toEqual([]);
  });

  test('the self-posting page encodes a result as the gateway does, and keeps the query of the address', async () => {
    const { page, errors } = await open();
    const fields = resultFormFields(RESULT, CHECK);
    await page.goto(bank.serve('/result', testSelfPostingPage({ url: `${shop.origin}/return?order=42&x=%E0+b`, fields })));
    await isReceived(page);
    const [request] = posted(shop);
    expect(posted(shop)).toHaveLength(1);
    expect(request?.url).toBe('/return?order=42&x=%E0+b');
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(request?.body).toBe(ENCODED_RESULT);
    expect(readResult(request?.body ?? '')).toMatchObject({ fields: RESULT, check: CHECK, signedText: signedText(RESULT) });
    expect(errors).toEqual([]);
  });

  test('the shop sees which site sent its customer, but no address', async () => {
    const { page } = await open();
    await page.goto(`${bank.serve('/secret', testSelfPostingPage({ url: `${shop.origin}/return` }))}?ID3D=2000000000001`);
    await isReceived(page);
    expect(posted(shop)[0]?.headers).toMatchObject({ origin: bank.origin, referer: `${bank.origin}/` });
  });

  test('the self-posting page sends names and values unchanged, whatever they contain', async () => {
    const { page } = await open();
    const fields = [
      ['submit', '<b> & "quotes" \'single\' &eacute; </form>'],
      ['action', 'é\u0080\u0099\u009d'],
      ['lines', 'one\r\ntwo'],
      ['', 'no name'],
      ['é', '€'],
    ] as const;
    await page.goto(bank.serve('/unchanged', testSelfPostingPage({ url: `${shop.origin}/return`, fields })));
    await isReceived(page);
    const pairs = (posted(shop)[0]?.body ?? '')
      .split('&')
      .map((pair) => pair.split('=').map((text) => percentDecode(text.replace(/\+/g, ' '))));
    // A form does not send a field without a name. In HTML, ISO-8859-1 is windows-1252, which has € at 0x80.
    expect(pairs).toEqual([fields[0], fields[1], fields[2], ['é', '\u0080']].map((pair) => [...pair]));
  });

  test('the self-posting page has a button where scripts are off', async () => {
    const { page, errors } = await open({ javaScriptEnabled: false });
    const fields = resultFormFields(RESULT, CHECK);
    await page.goto(bank.serve('/no-script', testSelfPostingPage({ language: 'fr', url: `${shop.origin}/return`, fields })));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await isReceived(page);
    expect(posted(shop)[0]?.body).toBe(ENCODED_RESULT);
    expect(errors).toEqual([]);
  });

  test('with the method GET, the self-posting page leads to an address beside it', async () => {
    const { page, errors } = await open();
    const leading = testSelfPostingPage({ url: 'ACS.cgi', method: 'GET', fields: [['ID3D', '2000000000001']] });
    await page.goto(bank.serve('/s/one/cgi/RemoteMPI.cgi', leading));
    await page.waitForURL(`${bank.origin}/s/one/cgi/ACS.cgi?ID3D=2000000000001`);
    expect(errors).toEqual([]);
  });

  test.each([
    ['confirm', ['1', '2', '3', '4', '5', '6', 'Enter'], 'code=123456&action=confirm'],
    ['decline', ['Tab', 'Tab', 'Enter'], 'code=&action=decline'],
    ['cancel', ['Tab', 'Tab', 'Tab', 'Space'], 'code=&action=cancel'],
  ])('the keyboard alone can %s on the page of the bank', async (_, keys, body) => {
    const { page, errors } = await open();
    await page.goto(bank.serve('/cgi/challenge', testChallengePage()));
    await page.locator('#code:focus').waitFor();
    for (const key of keys) await page.keyboard.press(key);
    await isReceived(page);
    expect(posted(bank)).toMatchObject([{ url: '/cgi/ACS.cgi?ID3D=2000000000001', body }]);
    expect(errors).toEqual([]);
  });

  test('the page of the bank does not confirm without a code, and says what its field is for', async () => {
    const { page } = await open();
    await page.goto(bank.serve('/wrong', testChallengePage({ problem: 'wrong-code', triesLeft: 2 })));
    await page.getByRole('button', { name: 'Confirm' }).click();
    expect(await page.getByLabel('Code').evaluate((input) => input.matches(':focus:invalid'))).toBe(true);
    expect(posted(bank)).toEqual([]);
    expect(await page.getByRole('alert').textContent()).toBe('This code is wrong. 2\u00a0tries left.');
    const ids = (await page.getByLabel('Code').getAttribute('aria-describedby'))?.split(' ') ?? [];
    for (const id of ids) expect(await page.locator(`#${id}`).count(), id).toBe(1);
  });

  test('the page of the bank reloads itself when the time is over', async () => {
    const { page } = await open();
    await page.goto(`${bank.serve('/cgi/ACS.cgi', testChallengePage({ secondsLeft: 1 }))}?ID3D=1`);
    bank.serve('/cgi/ACS.cgi', testSelfPostingPage({ url: `${shop.origin}/return` }));
    await isReceived(page);
    expect(bank.received.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /cgi/ACS.cgi?ID3D=1', 'GET /cgi/ACS.cgi?ID3D=1']);
  });

  test('a shop can show the page of the bank in a frame', async () => {
    const { page, errors } = await open();
    const address = bank.serve('/cgi/framed', testChallengePage());
    shop.serve('/pay', {
      body: `<!DOCTYPE html><title>Shop</title><iframe src="${address}"></iframe>`,
      headers: { 'Content-Type': 'text/html' },
    });
    await page.goto(`${shop.origin}/pay`);
    const frame = page.frameLocator('iframe');
    await frame.getByLabel('Code').fill('123456');
    await frame.getByRole('button', { name: 'Confirm' }).click();
    await frame.getByText('Received').waitFor();
    expect(posted(bank)[0]?.body).toBe('code=123456&action=confirm');
    // Chromium never focuses a field in a frame of another site.
    expect(errors.filter((error) => !error.startsWith('Blocked autofocusing'))).toEqual([]);
  });

  test('the policy stops a script that is not of the page, and a form to another site', async () => {
    const { page, errors } = await open();
    const { body, headers } = testChallengePage({ action: `${shop.origin}/steal` });
    await page.goto(
      bank.serve('/injected', { body: body.replace('</main>', '<script>document.title = "injected"</script></main>'), headers }),
    );
    await page.getByRole('button', { name: 'Decline' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => errors.length).toBe(2);
    expect(await page.title()).not.toBe('injected');
    expect(errors).toEqual([expect.stringContaining('script'), expect.stringContaining('form-action')]);
    expect(shop.received).toEqual([]);
  });
});
