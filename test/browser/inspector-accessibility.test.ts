import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInChromium, useChromium } from '../support/chromium.js';
import { EVERY_PAGE, fill, type ListeningTestSimulator, openListeningTestSimulator } from './inspector-page.js';

declare global {
  interface Window {
    axe: { run(): Promise<AxeResults> };
  }
}

describeInChromium('every page of the inspector', () => {
  const open = useChromium();
  let made: ListeningTestSimulator;
  let axe: string;
  beforeAll(async () => {
    made = await openListeningTestSimulator();
    await fill(made);
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  afterAll(() => made.simulator.close());

  describe.each(['en', 'fr'] as const)('in %s', (language) => {
    describe.each([
      { colorScheme: 'light', width: 1280 },
      { colorScheme: 'dark', width: 1280 },
      { colorScheme: 'light', width: 360 },
      { colorScheme: 'dark', width: 360 },
    ] as const)('$colorScheme, $width px wide', ({ colorScheme, width }) => {
      test('is accessible, fits the window, requests only the simulator and respects its policy', async () => {
        const visited = await open();
        const { page } = visited;
        await page.setViewportSize({ width, height: 740 });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(`${made.url}/_sim/?lang=${language}`);
        for (const path of EVERY_PAGE) {
          await page.goto(`${made.url}/_sim/${path}`);
          expect(await page.getAttribute('html', 'lang')).toBe(language);
          await page.evaluate(() => {
            for (const details of document.querySelectorAll('details')) details.open = true;
          });
          // Evaluated by the browser, because the policy of the page forbids other scripts.
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => window.axe.run());
          const failures = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
          expect(failures, path).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
        }
        // The browser logs the 404 of the page that does not exist.
        expect(visited.errors.filter((error) => !error.includes('404 (Not Found)'))).toEqual([]);
        expect(visited.requests.filter((request) => !request.startsWith(`${made.url}/`))).toEqual([]);
      });
    });
  });
});
