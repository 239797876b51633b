import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Resend } from '../control/route.js';
import { RuleError } from '../gateway/configuration/check-rule.js';
import type { Gateways } from '../gateway/gateways.js';
import { parseLanguage } from '../pages/language.js';
import { StoreError } from '../store/store.js';
import { ASSETS } from './assets/assets.js';
import { exchangeEvents } from './events.js';
import { formatsOf } from './format.js';
import { LANGUAGE_COOKIE, languageOf } from './language.js';
import { MESSAGES } from './messages/index.js';
import { FormError, type Page, PageError, type Redirect, type RenderedPage } from './page.js';
import type { PageContext } from './page-context.js';
import { pageAt } from './pages/index.js';
import { Layout } from './parts/layout.js';
import { Problem } from './parts/problem.js';

/** Allows resources of the simulator only, and no inline script or style. */
const CONTENT_SECURITY_POLICY = [
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
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  // With `no-referrer`, browsers send forms with `Origin: null`, which the guard refuses.
  'Referrer-Policy': 'same-origin',
} as const;

/** Bytes of a form that are read. The forms of the inspector are shorter. */
const FORM_LIMIT = 64 * 1024;

async function readForm(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams((await c.req.text()).slice(0, FORM_LIMIT));
}

/** What the inspector needs of the simulator. */
export interface InspectorServices {
  readonly gateways: Gateways;
  readonly resend: Resend;
}

async function createContext(
  c: Context,
  { gateways, resend }: InspectorServices,
  name: string,
  base: string,
  pathParameters: Readonly<Record<string, string>>,
): Promise<PageContext> {
  const url = new URL(c.req.url);
  const given = c.req.method === 'POST' ? await readForm(c) : url.searchParams;
  const gateway = gateways.get(name);
  await gateway.refresh();
  const language = languageOf(getCookie(c, LANGUAGE_COOKIE), c.req.header('accept-language'));
  return {
    gateway,
    base,
    url,
    language,
    t: MESSAGES[language],
    formats: formatsOf(language),
    now: gateway.clock.now(),
    problems: {},
    sessions: () => gateways.sessions(),
    resend: (checkout) => resend(gateway, checkout),
    query: (parameter) => pathParameters[parameter] ?? given.get(parameter) ?? '',
  };
}

const ERROR_STATUSES = [
  [RuleError, 400],
  [RangeError, 400],
  [StoreError, 503],
] as const;

/** Returns the page that reports an error to the user. Throws the error again if it is a defect of the simulator. */
function errorPage(context: PageContext, error: unknown): RenderedPage {
  const status = error instanceof PageError ? error.status : ERROR_STATUSES.find(([known]) => error instanceof known)?.[1];
  if (status === undefined) throw error;
  return { title: context.t.problem.title, status, body: <Problem context={context} message={(error as Error).message} /> };
}

async function submitForm(context: PageContext, page: Page, submit: NonNullable<Page['submit']>): Promise<RenderedPage | Redirect> {
  try {
    return await submit(context);
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    return { ...(await page.render({ ...context, problems: error.problems })), status: 400 };
  }
}

async function renderOrSubmit(c: Context, context: PageContext, page: Page | undefined): Promise<RenderedPage | Redirect> {
  try {
    if (!page) throw new PageError(404, context.t.problem.notFound);
    if (c.req.method !== 'POST') return await page.render(context);
    if (!page.submit) throw new PageError(400, context.t.problem.unknownAction);
    return await submitForm(context, page, page.submit);
  } catch (error) {
    return errorPage(context, error);
  }
}

async function servePage(c: Context, context: PageContext, page: Page | undefined): Promise<Response> {
  const result = await renderOrSubmit(c, context, page);
  if ('to' in result) return c.redirect(result.to, 303);
  const layout = <Layout context={context} section={page?.section ?? 'exchanges'} page={result} />;
  return c.body(`<!doctype html>${await layout.toString()}`, result.status ?? 200, {
    ...HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    Vary: 'Accept-Language, Cookie',
  });
}

/** If the URL has a `lang` parameter, stores the language in a cookie and redirects to the URL without it. */
function selectLanguage(c: Context): Response | undefined {
  const url = new URL(c.req.url);
  const language = parseLanguage(url.searchParams.get('lang') ?? undefined);
  if (language === undefined || c.req.method !== 'GET') return undefined;
  setCookie(c, LANGUAGE_COOKIE, language, { path: '/', sameSite: 'Strict', httpOnly: true, maxAge: 365 * 24 * 3600 });
  url.searchParams.delete('lang');
  return c.redirect(url.pathname + url.search, 303);
}

function serveAsset(c: Context, name: string): Response {
  const asset = ASSETS.get(name);
  if (!asset) return c.text('Not found.\n', 404);
  return c.body(asset.text, 200, { ...HEADERS, 'Content-Type': asset.type, 'Cache-Control': 'no-cache' });
}

/**
 * Handles a request to the inspector of a gateway.
 *
 * @param name the name of the gateway
 * @param base the path of the inspector, without a slash at the end
 */
export async function serveInspector(c: Context, services: InspectorServices, name: string, base: string): Promise<Response> {
  const path = c.req.path.slice(base.length);
  if (path === '/events') return exchangeEvents(c, services.gateways, name);
  if (path.startsWith('/assets/')) return serveAsset(c, path.slice('/assets/'.length));
  const found = pageAt(path);
  const redirect = selectLanguage(c);
  if (redirect) return redirect;
  return servePage(c, await createContext(c, services, name, base, found?.parameters ?? {}), found?.page);
}
