import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { linksOf } from '../support/markdown.js';
import { CARD, numbersOf } from '../support/question.js';
import { type ListeningTestSimulator, ORDER, openListeningTestSimulator } from './inspector-page.js';

/** The screenshots in the docs: name, path of the page, and the element to wait for. */
const SCREENSHOTS = [
  ['list', '', 'h1'],
  ['payment', 'ui/payments/0001000001', 'h1'],
  ['finding', 'ui/findings', 'h1'],
] as const;

const SCHEMES = ['light', 'dark'] as const;

const LANGUAGES = ['en', 'fr'] as const;

const fileOf = (name: string, scheme: string, language: string): string =>
  `docs/inspector-${name}-${scheme}${language === 'fr' ? '-fr' : ''}.png`;

/** Sends typical questions of a shop: payments, a partial refund, refusals and mistakes. */
async function sendQuestions({ ask, simulator }: ListeningTestSimulator): Promise<void> {
  simulator.clock.set('2026-06-09T10:12', true);
  const authorized = await ask({ ...ORDER, TYPE: '00001', REFERENCE: 'WEB-2041', DATEQ: '09062026' });
  simulator.clock.set('2026-06-09T16:40', true);
  const numbers = { ...numbersOf(authorized), DATEQ: '09062026', DEVISE: '978' };
  const captured = await ask({ TYPE: '00002', MONTANT: '4990', ...numbers });
  simulator.clock.set('2026-06-10T09:03', true);
  const earlier = { ...numbersOf(captured), DEVISE: '978' };
  await ask({ TYPE: '00005', MONTANT: '4990', ...earlier });
  await ask({ TYPE: '00014', MONTANT: '1500', ...earlier });
  await ask({ ...ORDER, REFERENCE: 'WEB-2042', MONTANT: '49.90' });
  simulator.clock.set('2026-06-10T11:58', true);
  await ask({ ...ORDER, REFERENCE: 'WEB-2043', PORTEUR: '1111220000001519' });
  await ask({ ...ORDER, REFERENCE: 'WEB-2044', PORTEUR: '4012001038443335', MONTANT: '12900' });
  await ask({ ...CARD, TYPE: '00056', MONTANT: '0', DEVISE: '978', REFABONNE: 'anna' });
}

describe.runIf(process.env.GENERATE === 'write')('the screenshots in the docs', () => {
  describeInChromium('are generated', () => {
    const open = useChromium();
    let listening: ListeningTestSimulator;

    beforeAll(async () => {
      listening = await openListeningTestSimulator();
      await sendQuestions(listening);
      mkdirSync('docs', { recursive: true });
    });
    afterAll(() => listening.simulator.close());

    test.each(
      SCHEMES.flatMap((scheme) =>
        SCREENSHOTS.flatMap((screenshot) => LANGUAGES.map((language) => [scheme, language, ...screenshot] as const)),
      ),
    )('%s, %s: %s', async (scheme, language, name, path, ready) => {
      const { page } = await open();
      await page.emulateMedia({ colorScheme: scheme });
      await page.setExtraHTTPHeaders({ 'Accept-Language': language });
      await page.setViewportSize({ width: 1280, height: 745 });
      await page.goto(`${listening.url}/_sim/${path}`);
      await page.locator(ready).first().waitFor();
      await page.screenshot({ path: fileOf(name, scheme, language) });
    });
  });
});

const ALL = SCHEMES.flatMap((scheme) => SCREENSHOTS.flatMap(([name]) => LANGUAGES.map((language) => fileOf(name, scheme, language))));

const shownIn = (page: string): string[] => linksOf(readFileSync(page, 'utf8')).filter((target) => target.endsWith('.png'));

test('docs/inspector.md shows every screenshot, and each file exists', () => {
  expect(
    shownIn('docs/inspector.md')
      .map((path) => `docs/${path}`)
      .sort(),
  ).toEqual([...ALL].sort());
  expect(ALL.filter((path) => !existsSync(path))).toEqual([]);
});

test.each(['README.md', 'README.fr.md'])('%s shows one or two of the screenshots, light and dark', (page) => {
  const shown = shownIn(page);
  expect(ALL).toEqual(expect.arrayContaining(shown));
  expect([SCHEMES.length, 2 * SCHEMES.length]).toContain(shown.length);
});
