import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

// No host name is resolved, so every request to another machine fails, also requests of the browser itself. The first rule that matches counts.
const resolverFlag = (hosts: Readonly<Record<string, string>>): string => {
  const rules = [...Object.entries(hosts).map(([host, address]) => `MAP ${host} ${address}`), 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'];
  return `--host-resolver-rules=${rules.join(', ')}`;
};

const MISSING = `Chromium was not found. Install Debian's package "chromium", or set CHROMIUM to the path of a browser.`;

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

/** Declares tests that need a browser. Without a browser they are skipped; in CI they fail. */
export function describeInChromium(name: string, tests: () => void): void {
  describe.skipIf(executablePath === undefined)(name, tests);
}

/** A page in a browser, with a record of what it did. */
export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The URLs that it requested. */
  readonly requests: string[];
  /** Errors on its console and errors that were not caught. */
  readonly errors: string[];
}

/**
 * Starts a browser for all tests of a `describe`. Returns a function that opens a page with a new profile, closed after the test.
 *
 * @param hosts the host names that are resolved, to an address with a port. Called after the `beforeAll` that are declared before
 */
export function useChromium(
  hosts: () => Readonly<Record<string, string>> = () => ({}),
): (options?: BrowserContextOptions) => Promise<OpenedPage> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath as string, args: [...FLAGS, resolverFlag(hosts())] });
  });
  afterAll(() => browser?.close());
  return async (options) => {
    const context = await browser.newContext(options);
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const opened: OpenedPage = { page, context, requests: [], errors: [] };
    page.setDefaultTimeout(30_000);
    page.on('request', (request) => opened.requests.push(request.url()));
    page.on('pageerror', (error) => opened.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') opened.errors.push(message.text());
    });
    return opened;
  };
}
