import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { OpenedPage } from '../support/chromium.js';
import { EVERY_PAGE } from './inspector-page.js';

declare global {
  interface Window {
    axe: { run(): Promise<AxeResults> };
  }
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** How a user sees the pages. */
export interface Appearance {
  readonly language: 'en' | 'fr';
  readonly colorScheme: 'light' | 'dark';
  /** Width of the window in pixels. */
  readonly width: 360 | 1280;
}

/** Runs axe on a page, with all its rules. Returns a line for each violation. */
export async function axeViolations(page: Page): Promise<string[]> {
  // Evaluated by the browser, because the policy of the page forbids other scripts.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Fails unless every page of the inspector at `url` is accessible, fits the window, requests only the simulator and respects its policy. */
export async function expectAccessiblePages(visited: OpenedPage, url: string, { language, colorScheme, width }: Appearance): Promise<void> {
  const { page } = visited;
  await page.setViewportSize({ width, height: 740 });
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.goto(`${url}/_sim/?lang=${language}`);
  for (const path of EVERY_PAGE) {
    await page.goto(`${url}/_sim/${path}`);
    expect(await page.getAttribute('html', 'lang')).toBe(language);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await axeViolations(page), path).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width);
  }
  // The browser logs the 404 of the page that does not exist.
  expect(visited.errors.filter((error) => !error.includes('404 (Not Found)'))).toEqual([]);
  expect(visited.requests.filter((request) => !request.startsWith(`${url}/`))).toEqual([]);
}
