import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { describeInChromium, type OpenedPage, useChromium } from '../support/chromium.js';
import { holdTimers } from '../support/fake-timers.js';
import { numbersOf } from '../support/question.js';
import { fill, fillAuthentications, type ListeningTestSimulator, ORDER, openListeningTestSimulator } from './inspector-page.js';

const openSimulator = async (): Promise<ListeningTestSimulator> => {
  const made = await openListeningTestSimulator();
  onTestFinished(() => made.simulator.close());
  return made;
};

/** Values that must appear as text. */
const HOSTILE: readonly string[] = [
  '<img src=x onerror=alert(1)><script>alert(2)</script>',
  '</td></table></main></body></html><script>alert(1)</script>',
  `"'><svg onload=alert(1)> ' " \` \${1}`,
  'javascript:alert(1)//',
  '&lt;b&gt; &amp; &#x3c;i&#x3e;',
  'ORDER-\u202E1-REDRO\u2066\u200B',
  'a\u0000b\u001b[31mc\r\nd',
  `${'x'.repeat(5000)}<b>`,
  '" autofocus onfocus="alert(1)" x="',
];

/** What a page of the inspector must not contain: `foreign` elements, attributes and links, and characters that are not printed. */
const findInjected = (page: Page): Promise<{ title: string; foreign: string[]; hasHiddenCharacters: boolean; isTooWide: boolean }> =>
  page.evaluate(() => ({
    title: document.title,
    foreign: Array.from(document.querySelectorAll('*'))
      .flatMap((element) => [
        ...(['IMG', 'SVG', 'IFRAME', 'B', 'I', 'STYLE'].includes(element.tagName.toUpperCase()) ? [element.outerHTML] : []),
        ...(element.tagName === 'SCRIPT' && element.getAttribute('src') === null ? [element.outerHTML] : []),
        ...element.getAttributeNames().filter((name) => name.startsWith('on') || name === 'style' || name === 'autofocus'),
      ])
      .concat(Array.from(document.links, ({ protocol }) => protocol).filter((protocol) => protocol !== 'http:')),
    hasHiddenCharacters: /[\u202e\u2066\u200b\u0000\u001b]/.test(document.querySelector('main')?.textContent ?? ''),
    isTooWide: document.documentElement.scrollWidth > innerWidth,
  }));

describeInChromium('the inspector in Chromium', () => {
  const open = useChromium();

  async function visit(url: string, path = ''): Promise<OpenedPage> {
    const visited = await open();
    await visited.page.goto(`${url}/_sim/${path}`);
    return visited;
  }

  // A page must not log errors or send requests to other servers.
  function isClean({ requests, errors }: OpenedPage, url: string): void {
    expect(errors).toEqual([]);
    expect(requests.filter((request) => !request.startsWith(`${url}/`))).toEqual([]);
  }

  const rows = (page: Page): Promise<string[]> => page.locator('#rows > tr .reference').allTextContents();

  const isLive = (page: Page): Promise<void> => page.getByRole('status').getByText('Live').waitFor();

  test('shows a new exchange without polling', async () => {
    const { url, ask } = await openSimulator();
    const visited = await open();
    const { page } = visited;
    await page.clock.install();
    await page.goto(`${url}/_sim/`);
    await page.getByText('No exchanges yet.').waitFor();
    await isLive(page);
    const before = visited.requests.length;
    await page.clock.runFor('01:00:00');
    // A request whose order among the others shows that none came before it.
    await page.evaluate(() => fetch('/_sim/ui/clock'));
    expect(visited.requests.slice(before)).toEqual([`${url}/_sim/ui/clock`]);

    await ask({ ...ORDER, REFERENCE: 'FIRST' });
    await page.getByRole('cell', { name: 'FIRST' }).waitFor();
    await ask({ ...ORDER, REFERENCE: 'SECOND', PORTEUR: '1111220000001519' });
    await page.getByRole('cell', { name: 'SECOND' }).waitFor();
    expect(await rows(page)).toEqual(['SECOND', 'FIRST']);
    await expect.poll(() => page.getByRole('status').textContent()).toBe('New: 1');
    expect(await page.locator('#rows > tr').first().textContent()).toMatch(/€49\.90.*111122\*{6}1519.*Refused 00151.*insufficient funds/);
    isClean(visited, url);
  });

  test('shows exchanges missed during a lost connection after the reconnection', async () => {
    const { url, ask, simulator } = await openSimulator();
    const { page } = await visit(url);
    await isLive(page);
    const endOutage = holdTimers(1500);
    const outage = simulator.outage(1500);
    await page.getByRole('status').getByText('Not live').waitFor();
    await ask({ ...ORDER, REFERENCE: 'MEANWHILE' });
    endOutage();
    await outage;
    await page.getByRole('cell', { name: 'MEANWHILE' }).waitFor();
    expect(await rows(page)).toEqual(['MEANWHILE']);
  });

  test('keeps the focus on a row while new rows are inserted before it', async () => {
    const { url, ask } = await openSimulator();
    await ask(ORDER);
    const { page } = await visit(url);
    await isLive(page);
    await page.locator('#rows a.row').first().focus();
    await ask({ ...ORDER, REFERENCE: 'LATER' });
    await page.getByRole('cell', { name: 'LATER' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest('tr')?.id)).toBe('exchange-1');
  });

  test('searches by reference, amount, card and code, and says if there are no results', async () => {
    const made = await openSimulator();
    await fill(made);
    const visited = await visit(made.url);
    const { page } = visited;
    const search = async (text: string): Promise<string[]> => {
      await page.getByRole('searchbox').fill(text);
      await page.keyboard.press('Enter');
      await page.waitForURL((where) => where.searchParams.get('q') === text);
      return rows(page);
    };
    expect(await search('order-2')).toEqual(['ORDER-2']);
    expect(await search('9,90')).toEqual(['ORDER-1']);
    expect(await search('…1519')).toEqual(['ORDER-2']);
    expect(await search('00011')).toEqual(['ORDER-3']);
    expect(await search('nobody')).toEqual([]);
    await page.getByText('No results.').waitFor();
    await page.getByRole('link', { name: 'Show all' }).click();
    expect(await page.locator('#rows > tr').count()).toBe(8);
    await page.getByLabel('Outcome').selectOption('refused');
    await page.getByRole('button', { name: 'Search' }).click();
    await expect.poll(() => rows(page)).toEqual(['ORDER-4', 'ORDER-3', 'ORDER-2', 'ORDER-1']);
    isClean(visited, made.url);
  });

  test('follows an authentication, and opens the page of the bank while it is pending', async () => {
    const made = await openSimulator();
    await fillAuthentications(made);
    const { page } = await visit(made.url, 'ui/authentications');
    await page.getByRole('link', { name: 'session-4' }).click();
    await page.getByText('pending').waitFor();
    await page.getByRole('link', { name: 'Open the page of the bank' }).click();
    await page.getByLabel('Code').fill('123456');
    const [id3d] = new URL(page.url()).searchParams.values();
    await page.route('http://127.0.0.1:1/back', (route) => route.fulfill({ body: 'shop' }));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.waitForURL('http://127.0.0.1:1/back');
    await page.goto(`${made.url}/_sim/ui/authentications/${id3d}`);
    expect(await page.locator('.step h3').allTextContents()).toEqual(['Authentication (RemoteMPI) 3DS €10.00', 'Page of the bank 3DS ']);
    await page.getByText('A payment with this ID3D is accepted.').waitFor();
  });

  test('shows each exchange of a payment with its reply, state and findings, and updates itself', async () => {
    const made = await openSimulator();
    await fill(made);
    const visited = await visit(made.url, 'ui/payments/0001000001');
    const { page } = visited;
    const steps = page.locator('.timeline > li');
    expect(await steps.locator('h3').allTextContents()).toEqual([
      'authorization only 00001 €49.90',
      'debit (capture) 00002 €49.90',
      expect.stringMatching(/^Remitted to the bank REMISE \d{9}$/),
      'cancel 00005 €49.90',
      'refund 00014 €9.90',
    ]);
    expect(await steps.locator('.after .badge').allTextContents()).toEqual([
      '◔ Autorisé',
      '✓ Capturé',
      '✓ Capturé',
      '✓ Capturé',
      '✓ Capturé',
    ]);
    expect(await steps.nth(4).locator('.sums').textContent()).toMatch(/Captured€49\.90Refunded€9\.90Remitted€49\.90/);
    expect(await steps.nth(3).textContent()).toContain('After the nightly remittance use a refund (00014).');
    await steps.nth(3).getByText('Request and reply, explained').click();
    const montant = steps.nth(3).getByRole('row', { name: 'MONTANT' });
    expect(await montant.textContent()).toMatch(/4990€49\.90 · amount in minor units/);

    await isLive(page);
    const { NUMTRANS, NUMAPPEL } = { NUMTRANS: '0001000001', NUMAPPEL: '0050000001' };
    await made.ask({ TYPE: '00014', MONTANT: '4000', DEVISE: '978', ...numbersOf({ NUMTRANS, NUMAPPEL }) });
    await expect.poll(() => steps.count()).toBe(6);
    expect(
      await steps
        .nth(3)
        .locator('details')
        .evaluate((details) => (details as HTMLDetailsElement).open),
    ).toBe(true);
    await page.locator('.card-box').getByText('Remboursé').waitFor();
    isClean(visited, made.url);
  });

  test('shows 25 exchanges on a laptop, each on one line, and no amount or number is cut off', async () => {
    const made = await openSimulator();
    await fill(made);
    for (let n = 0; n < 22; n++) await made.ask({ ...ORDER, REFERENCE: `LIST-${n}`, MONTANT: '123456789' });
    // A screen of 1440 × 900 without the bars of the browser.
    const { page } = await visit(made.url);
    await page.setViewportSize({ width: 1440, height: 789 });
    for (const language of ['en', 'fr']) {
      await page.goto(`${made.url}/_sim/?lang=${language}`);
      const shown = await page.evaluate(() => {
        const all = Array.from(document.querySelectorAll('#rows > tr'));
        const isCut = ({ scrollWidth, clientWidth }: Element): boolean => scrollWidth > clientWidth;
        return {
          visible: all.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length,
          cut: Array.from(document.querySelectorAll('.time, td.amount, td.card')).filter(isCut).length,
          heights: Array.from(new Set(all.map((row) => row.getBoundingClientRect().height > 26))),
        };
      });
      expect(shown).toEqual({ visible: expect.toSatisfy((rows: number) => rows >= 25), cut: 0, heights: [false] });
    }
  });

  test('counts refusals and findings above the list, and the counts filter it', async () => {
    const made = await openSimulator();
    await fill(made);
    const visited = await visit(made.url);
    const { page } = visited;
    const counts = page.getByRole('navigation', { name: 'Counts' });
    expect(await counts.getByRole('link').allTextContents()).toEqual([
      '4 refused',
      '3 not on request',
      '1 on request',
      '0 with errors',
      '3 with warnings',
      '1 with notes',
    ]);
    await counts.getByRole('link', { name: '3 not on request' }).click();
    await page.waitForURL(/outcome=mistakes/);
    expect(await rows(page)).toEqual(['ORDER-4', 'ORDER-3', 'ORDER-1']);
    await counts.getByRole('link', { name: '1 on request' }).click();
    await page.waitForURL(/outcome=chosen/);
    expect(await rows(page)).toEqual(['ORDER-2']);
    // A refusal on request does not look like a mistake.
    expect(await page.locator('#rows .badge.bad').count()).toBe(0);
    await counts.getByRole('link', { name: '0 with errors' }).click();
    await page.getByText('No results.').waitFor();
    await counts.getByRole('link', { name: 'with errors' }).click();
    await page.waitForURL((url) => !url.searchParams.has('outcome'));
    await isLive(page);
    await made.ask({ ...ORDER, PORTEUR: '1111220000001519', REFERENCE: 'MORE' });
    await counts.getByRole('link', { name: '2 on request' }).waitFor();
    isClean(visited, made.url);
  });

  test('lists the sessions, each with a link to its pages', async () => {
    const { url } = await openSimulator();
    for (const name of ['beta', 'alpha']) await fetch(`${url}/s/${name}/PPPS.php`, { method: 'POST', body: 'TYPE=00003' });
    const visited = await visit(url);
    const { page } = visited;
    await page.getByRole('link', { name: 'Sessions' }).click();
    expect(await page.locator('#rows a').allTextContents()).toEqual(['main gateway', 'alpha', 'beta']);
    await page.getByRole('link', { name: 'alpha' }).click();
    await page.waitForURL(`${url}/s/alpha/_sim/`);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByRole('link', { name: 'main gateway' }).click();
    await page.waitForURL(`${url}/_sim/`);
    isClean(visited, url);
  });

  test('shows only the fields of the chosen operation, and sends a card of the user', async () => {
    const { url, simulator } = await openSimulator();
    const visited = await visit(url, 'ui/try');
    const { page } = visited;
    const fields = (): Promise<(string | null)[]> =>
      page
        .locator('form :is(input, select):visible')
        .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).name))
        .then((names) => names.sort());
    expect(await fields()).toEqual(['DEVISE', 'MONTANT', 'PORTEUR', 'REFERENCE', 'account', 'operation']);
    await page.locator('[name=operation]').selectOption('refund');
    expect(await fields()).toEqual(['DEVISE', 'MONTANT', 'NUMAPPEL', 'NUMTRANS', 'account', 'operation']);
    await page.locator('[name=operation]').selectOption('subscribers.unsubscribe');
    expect(await fields()).toEqual(['REFABONNE', 'account', 'operation']);
    await page.locator('[name=operation]').selectOption('pay');
    await page.locator('[name=PORTEUR]').selectOption('own');
    await page.locator('[name=ownPORTEUR]').fill('5555444433331111');
    await page.locator('[name=ownDATEVAL]').fill('0120');
    await page.locator('[name=ownCVV]').fill('123');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.waitForURL(/exchanges\/1$/);
    const [entry] = await simulator.journal();
    expect(entry?.request).toContainEqual(['PORTEUR', '555544******1111']);
    expect(entry?.request).toContainEqual(['DATEVAL', '0120']);
    isClean(visited, url);
  });

  test('keeps what was entered in a form that is not valid, with the problem beside its field', async () => {
    const { url, simulator } = await openSimulator();
    const { page } = await visit(url, 'ui/rules');
    await page.getByLabel('REFERENCE of the request').fill('KEPT-1');
    await page.getByLabel('Delay, milliseconds').fill('99999999');
    await page.getByRole('button', { name: 'Add the rule' }).click();
    const delay = page.getByLabel('Delay, milliseconds');
    await expect.poll(() => delay.getAttribute('aria-invalid')).toBe('true');
    expect(await delay.inputValue()).toBe('99999999');
    expect(await page.getByLabel('REFERENCE of the request').inputValue()).toBe('KEPT-1');
    expect(await page.locator('.field', { has: delay }).locator('.problem').textContent()).toContain('fault/delay');
    expect(await delay.getAttribute('aria-describedby')).toBe('delay-problem');
    await delay.fill('50');
    await page.getByRole('button', { name: 'Add the rule' }).click();
    await page.waitForURL(/ui\/rules$/);
    await expect.poll(() => simulator.gateway.rules.list().map(({ match }) => match)).toEqual([{ REFERENCE: 'KEPT-1' }]);
    await page.goto(`${url}/_sim/ui/clock`);
    await page.getByLabel('Time in Paris').fill('9999-12-31T12:00:00');
    await page.getByRole('button', { name: 'Set the clock' }).click();
    await expect.poll(() => page.getByLabel('Time in Paris').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Time in Paris').inputValue()).toMatch(/^9999-12-31T12:00/);
    expect(await page.locator('main button:not(.quiet)').allTextContents()).toEqual(['Advance one day']);
  });

  test('can be used with the keyboard alone', async () => {
    const { url, ask } = await openSimulator();
    await ask(ORDER);
    const visited = await visit(url);
    const { page } = visited;
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    const tabTo = async (text: string | RegExp): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab');
        if ((await focused()).match(text)) return;
      }
      throw new Error(`The Tab key does not reach ${text}.`);
    };
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(/^authorization \+ capture$/);
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element, '::after').outlineStyle);
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await page.waitForURL(/exchanges\/1$/);
    await tabTo(/^Show the payment$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/payments\/0001000001$/);
    await tabTo(/^Next operation$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/ui\/try\?/);
    await tabTo(/^Send$/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/exchanges\/2$/);
    expect(await page.locator('.lead').textContent()).toMatch(/^refund 00014/);
    isClean(visited, url);
  });

  test('previews a rule as scenario and curl while the form is filled in, then adds, matches and removes it', async () => {
    const { url, ask, simulator } = await openSimulator();
    const visited = await visit(url, 'ui/rules');
    const { page } = visited;
    await page.locator('[name=type]').selectOption('pay');
    await page.getByLabel('REFERENCE of the request').fill("O'BRIEN");
    await page.getByLabel('Response code').selectOption('00105');
    await expect.poll(() => page.locator('#rule-yaml').textContent()).toContain('REFERENCE: O\'BRIEN\n      answer: "00105"');
    await expect.poll(() => page.locator('#rule-curl').textContent()).toContain("O'\\''BRIEN");
    await page.getByRole('button', { name: 'Add the rule' }).click();
    await page.waitForURL(/ui\/rules$/);
    await isLive(page);
    expect((await ask({ ...ORDER, REFERENCE: "O'BRIEN" })).CODEREPONSE).toBe('00105');
    await expect.poll(() => page.locator('#rows td.amount').textContent()).toBe('1');
    await page.getByRole('button', { name: 'Remove rule-1' }).click();
    await page.getByText('No rules.').waitFor();
    expect(simulator.gateway.rules.list()).toEqual([]);
    isClean(visited, url);
  });

  test('advances and sets the clock', async () => {
    const { url, simulator } = await openSimulator();
    const visited = await visit(url, 'ui/clock');
    const { page } = visited;
    const now = () => simulator.clock.state().now.slice(0, 16);
    for (const [button, time] of [
      ['Advance one hour', '2026-06-10T13:00'],
      ['Advance one day', '2026-06-11T13:00'],
      ['Advance one week', '2026-06-18T13:00'],
      ['Run the remittance', '2026-06-19T03:30'],
    ] as const) {
      await page.getByRole('button', { name: button }).click();
      await expect.poll(now).toBe(time);
    }
    await page.getByLabel('Time in Paris').fill('2027-01-02T03:04:05');
    await page.getByRole('button', { name: 'Set the clock' }).click();
    await expect.poll(now).toBe('2027-01-02T03:04');
    await page.getByRole('button', { name: 'Return to real time' }).click();
    await expect.poll(() => Math.abs(simulator.clock.now() - Date.now()) < 5000).toBe(true);
    isClean(visited, url);
  });

  test('copies the curl command of a request', async () => {
    const { url, ask } = await openSimulator();
    await ask(ORDER);
    const visited = await visit(url, 'ui/exchanges/1');
    const { page, context } = visited;
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
    await page.getByRole('button', { name: /^Copy.*As a curl command$/ }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(`curl -s '${url}/PPPS.php'`);
    isClean(visited, url);
  });

  test('works without JavaScript', async () => {
    const { url, ask } = await openSimulator();
    await ask(ORDER);
    const { page } = await open({ javaScriptEnabled: false });
    await page.goto(`${url}/_sim/`);
    await page.getByRole('searchbox').fill('order-1');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'authorization + capture' }).click();
    expect(await page.locator('#curl-text').textContent()).toContain('curl -s');
    expect(await page.getByRole('button', { name: 'Copy' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Français' }).click();
    await page.getByRole('heading', { name: 'Échange 1' }).waitFor();
  });

  describe('values of requests', () => {
    let made: ListeningTestSimulator;
    beforeAll(async () => {
      made = await openListeningTestSimulator();
      // Each value has two exchanges: an accepted one, which makes a payment and a subscriber, and a refused one.
      for (const hostile of HOSTILE) {
        const name = hostile.slice(0, 200);
        await made.ask({ ...ORDER, TYPE: '00056', REFERENCE: name, REFABONNE: name });
        await made.ask({
          ...ORDER,
          REFERENCE: hostile,
          CLE: 'wrong',
          DEVISE: hostile,
          MONTANT: hostile,
          PORTEUR: hostile,
          [hostile.slice(0, 60)]: hostile,
        });
      }
      await made.post(HOSTILE.map((hostile) => [hostile, hostile]));
    });
    afterAll(() => made.simulator.close());

    /** Expects that the values on these pages are only text. */
    async function expectText(paths: readonly string[]): Promise<void> {
      const { page, errors, requests } = await open();
      await page.addInitScript(() => {
        for (const name of ['alert', 'confirm', 'prompt'] as const)
          window[name] = () => Object.assign(document, { title: 'EXECUTED' }) as never;
      });
      for (const path of paths) {
        expect((await page.goto(`${made.url}/_sim/${path}`))?.status(), path).toBe(200);
        const expected = { title: expect.not.stringContaining('EXECUTED'), foreign: [], hasHiddenCharacters: false, isTooWide: false };
        expect(await findInjected(page), path).toEqual(expected);
      }
      expect(errors).toEqual([]);
      expect(requests.filter((request) => !request.startsWith(`${made.url}/`))).toEqual([]);
    }

    test('appear as text on the pages that show all of them', () =>
      expectText(['', 'ui/payments', 'ui/findings', 'ui/subscribers', `ui/exchanges/${2 * HOSTILE.length + 1}`]));

    test('appear as text on the pages of a payment and of an exchange', () =>
      expectText(
        HOSTILE.flatMap((_, index) => [
          `ui/payments/000100${String(index + 1).padStart(4, '0')}`,
          `ui/exchanges/${2 * index + 1}`,
          `ui/exchanges/${2 * index + 2}`,
        ]),
      ));

    test('appear as text in the search and in forms', () =>
      expectText(
        HOSTILE.map((hostile) => hostile.slice(0, 250)).flatMap((value) => [
          `?${new URLSearchParams({ q: value })}`,
          `ui/rules?${new URLSearchParams({ reference: value, answer: '00105', variable: value, value, type: value })}`,
          `ui/try?${new URLSearchParams({ REFERENCE: value, NUMTRANS: value, operation: value })}`,
        ]),
      ));
  });
});
