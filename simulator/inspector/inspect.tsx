import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { RuleError } from '../gateway/configuration/check-rule.js';
import type { Gateways } from '../gateway/gateways.js';
import { StoreError } from '../store/store.js';
import { ASSETS } from './assets/assets.js';
import { exchangeEvents } from './events.js';
import { formatsOf } from './format.js';
import { LANGUAGE_COOKIE, languageOf, readLanguage } from './language.js';
import { MESSAGES } from './messages/index.js';
import { type Page, PageError, type Redirect, type RenderedPage, type Section } from './page.js';
import type { PageContext } from './page-context.js';
import { clockPage } from './pages/clock.js';
import { exchangePage } from './pages/exchange.js';
import { exchangesPage } from './pages/exchanges.js';
import { findingsPage } from './pages/findings.js';
import { paymentPage } from './pages/payment.js';
import { paymentsPage } from './pages/payments.js';
import { rulesPage } from './pages/rules.js';
import { subscribersPage } from './pages/subscribers.js';
import { tryPage } from './pages/try.js';
import { Layout } from './parts/layout.js';
import { Problem } from './parts/problem.js';

const PAGES: readonly Page[] = [
  exchangesPage,
  exchangePage,
  paymentsPage,
  paymentPage,
  findingsPage,
  subscribersPage,
  clockPage,
  rulesPage,
  tryPage,
];

/** Nothing but what the simulator itself serves, and nothing written into a page that would be carried out. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  // Not `no-referrer`: a browser would then send forms from an unknown origin, and they would be refused.
  'Referrer-Policy': 'same-origin',
} as const;

/** Bytes of a form; none of the inspector's is longer. */
const FORM_LIMIT = 64 * 1024;

const PATTERNS = PAGES.map((page) => ({ page, pattern: new RegExp(`^/${page.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`) }));

/** The page of a path below the inspector, and the parts of the path that have a name. */
function pageAt(path: string): { readonly page: Page; readonly named: Readonly<Record<string, string>> } | undefined {
  for (const { page, pattern } of PATTERNS) {
    const found = pattern.exec(path);
    if (found) return { page, named: found.groups ?? {} };
  }
  return undefined;
}

async function formOf(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams((await c.req.text()).slice(0, FORM_LIMIT));
}

async function viewOf(
  c: Context,
  gateways: Gateways,
  name: string,
  base: string,
  named: Readonly<Record<string, string>>,
): Promise<PageContext> {
  const url = new URL(c.req.url);
  const given = c.req.method === 'POST' ? await formOf(c) : url.searchParams;
  const gateway = gateways.get(name);
  await gateway.refresh();
  const language = languageOf(getCookie(c, LANGUAGE_COOKIE), c.req.header('accept-language'));
  return {
    gateways,
    gateway,
    base,
    url,
    language,
    t: MESSAGES[language],
    formats: formatsOf(language),
    now: gateway.clock.now(),
    query: (parameter) => named[parameter] ?? given.get(parameter) ?? '',
  };
}

const STATUS_OF = [
  [RuleError, 400],
  [RangeError, 400],
  [StoreError, 503],
] as const;

function problemOf(view: PageContext, error: unknown): RenderedPage {
  const status = error instanceof PageError ? error.status : STATUS_OF.find(([known]) => error instanceof known)?.[1];
  if (status === undefined) throw error;
  return { title: view.t.problem.title, status, body: <Problem view={view} message={(error as Error).message} /> };
}

async function outcomeOf(c: Context, view: PageContext, page: Page | undefined): Promise<RenderedPage | Redirect> {
  try {
    if (!page) throw new PageError(404, view.t.problem.notFound);
    if (c.req.method !== 'POST') return await page.show(view);
    if (!page.act) throw new PageError(400, view.t.problem.title);
    return await page.act(view);
  } catch (error) {
    return problemOf(view, error);
  }
}

async function answerPage(c: Context, view: PageContext, page: Page | undefined): Promise<Response> {
  const outcome = await outcomeOf(c, view, page);
  if ('to' in outcome) return c.redirect(outcome.to, 303);
  const section: Section = page?.section ?? 'exchanges';
  const html = `<!doctype html>${await (<Layout view={view} section={section} shown={outcome} />).toString()}`;
  return c.body(html, outcome.status ?? 200, {
    ...HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    Vary: 'Accept-Language, Cookie',
  });
}

function chosenLanguage(c: Context): Response | undefined {
  const url = new URL(c.req.url);
  const language = readLanguage(url.searchParams.get('lang') ?? undefined);
  if (language === undefined || c.req.method !== 'GET') return undefined;
  setCookie(c, LANGUAGE_COOKIE, language, { path: '/', sameSite: 'Strict', httpOnly: true, maxAge: 365 * 24 * 3600 });
  url.searchParams.delete('lang');
  return c.redirect(url.pathname + url.search, 303);
}

function answerAsset(c: Context, name: string): Response {
  const asset = ASSETS.get(name);
  if (!asset) return c.text('There is no such file.\n', 404);
  return c.body(asset.text, 200, { ...HEADERS, 'Content-Type': asset.type, 'Cache-Control': 'no-cache' });
}

/**
 * Answers what is asked of the inspector of a gateway.
 *
 * @param base the path it is at, without a slash at its end
 */
export async function inspect(c: Context, gateways: Gateways, name: string, base: string): Promise<Response> {
  const path = c.req.path.slice(base.length);
  if (path === '/events') return exchangeEvents(c, gateways, name);
  if (path.startsWith('/assets/')) return answerAsset(c, path.slice('/assets/'.length));
  const found = pageAt(path);
  return chosenLanguage(c) ?? answerPage(c, await viewOf(c, gateways, name, base, found?.named ?? {}), found?.page);
}
