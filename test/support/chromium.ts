import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

// No name but this machine's is resolved: what would leave it fails, whoever asks for it.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

const MISSING = `There is no Chromium: install Debian's package "chromium", or set CHROMIUM to a browser's path.`;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findChromium({ CHROMIUM, PATH = '', CI }: NodeJS.ProcessEnv): string | undefined {
  const found =
    CHROMIUM ||
    PATH.split(delimiter)
      .flatMap((folder) => NAMES.map((name) => join(folder, name)))
      .find(isExecutable);
  if (found === undefined && CI) throw new Error(MISSING);
  if (found === undefined) process.stderr.write(`\n!!! The tests in a real browser are SKIPPED. ${MISSING}\n\n`);
  return found;
}

const executablePath = findChromium(process.env);

/** Tests that need a browser: where there is none they are skipped, but in CI they fail. */
export function describeInChromium(name: string, tests: () => void): void {
  describe.skipIf(executablePath === undefined)(name, tests);
}

/** What a page did that a test may want to look at. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** URLs it asked for, whoever answered. */
  readonly requests: string[];
  /** Errors on its console, and those nobody caught. */
  readonly errors: string[];
}

/** One browser for all tests of a `describe`; answers how a test opens a page of its own, with a profile of its own. */
export function useChromium(): () => Promise<Visit> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: FLAGS });
  });
  afterAll(() => browser?.close());
  return async () => {
    const context = await browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const visit: Visit = { page, context, requests: [], errors: [] };
    page.setDefaultTimeout(10_000);
    page.on('request', (request) => visit.requests.push(request.url()));
    page.on('pageerror', (error) => visit.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') visit.errors.push(message.text());
    });
    return visit;
  };
}
