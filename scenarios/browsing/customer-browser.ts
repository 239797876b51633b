import { CookieJar } from 'tough-cookie';
import { encodeForm, latin1Text, readBody } from '../../contracts/index.js';
import type { FormPair, PageForm, ReceivedPage } from './html-page.js';

/** A page of a shop or of the gateway could not be opened. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError';
}

/** A request for a page. */
export interface PageRequest {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a {@link CustomerBrowser} needs. */
export interface BrowserOptions {
  /** Returns the `fetch` for an address. */
  readonly fetchFor: (url: URL) => typeof globalThis.fetch;
  /** Returns the headers to add to every request for an address. */
  readonly headersFor?: (url: URL) => Readonly<Record<string, string>>;
  /** Ends all requests. */
  readonly signal: AbortSignal;
}

const FORM = 'application/x-www-form-urlencoded';
/** Longest page that is read: 16 MiB. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Redirects and forms that are followed before a page counts as one that leads in circles. */
const MAX_PAGES = 30;
/** Redirects that repeat the request with its method and body. */
const REPEATING: ReadonlySet<number> = new Set([307, 308]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, ...REPEATING]);

const charsetOf = (contentType: string): string => /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? 'utf-8';

function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return latin1Text(bytes);
  }
}

// A browser writes a space as `+` and keeps `*`.
const browserForm = (pairs: readonly FormPair[], charset: PageForm['charset']): string =>
  latin1Text(encodeForm(pairs, charset)).replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E');

/** The browser of a customer, without scripts: it keeps cookies and follows redirects. */
export class CustomerBrowser {
  readonly #options: BrowserOptions;
  readonly #cookies = new CookieJar();
  #opened = 0;

  constructor(options: BrowserOptions) {
    this.#options = options;
  }

  /**
   * Opens a page and follows its redirects.
   *
   * @param from the page whose form or link leads there
   * @throws BrowserError when no page comes
   */
  async open(request: PageRequest, from?: ReceivedPage): Promise<ReceivedPage> {
    const url = new URL(request.url);
    if (++this.#opened > MAX_PAGES) throw new BrowserError(`The customer was led through ${MAX_PAGES} pages; the last is ${url.href}.`);
    const response = await this.#fetch(request, url, from);
    await this.#keepCookies(response, url);
    const location = response.headers.get('location');
    if (REDIRECTS.has(response.status) && location !== null) {
      await response.body?.cancel();
      const next = { url: new URL(location, url).href, method: request.method };
      return this.open(REPEATING.has(response.status) ? { ...request, ...next } : { ...next, method: 'GET' }, from);
    }
    const contentType = response.headers.get('content-type') ?? '';
    const charset = charsetOf(contentType);
    const text = decode(await this.#read(response, url), charset);
    return { url: url.href, status: response.status, text, isHtml: /html/i.test(contentType), charset };
  }

  /**
   * Submits a form of a page.
   *
   * @param extra what the customer fills in, and the button that is pressed
   * @throws BrowserError when no page comes
   */
  submit(page: ReceivedPage, form: PageForm, extra: readonly FormPair[] = []): Promise<ReceivedPage> {
    const names = new Set(extra.map(([name]) => name));
    const pairs = [...form.fields.filter(([name]) => !names.has(name)), ...extra];
    const encoded = browserForm(pairs, form.charset);
    if (form.method === 'POST')
      return this.open({ url: form.action, method: 'POST', headers: { 'Content-Type': FORM }, body: encoded }, page);
    const url = new URL(form.action);
    url.search = encoded;
    return this.open({ url: url.href, method: 'GET' }, page);
  }

  async #fetch({ method, headers = {}, body }: PageRequest, url: URL, from: ReceivedPage | undefined): Promise<Response> {
    const { fetchFor, headersFor, signal } = this.#options;
    const cookies = await this.#cookies.getCookieString(url.href, sameSite(method, url, from));
    try {
      return await fetchFor(url)(url.href, {
        method,
        redirect: 'manual',
        headers: { Accept: 'text/html,*/*', ...headers, ...headersFor?.(url), ...(cookies !== '' && { Cookie: cookies }) },
        signal,
        ...(body !== undefined && { body }),
      });
    } catch (cause) {
      throw unopened(url, cause);
    }
  }

  async #read(response: Response, url: URL): Promise<Uint8Array> {
    try {
      return await readBody(response, MAX_BYTES);
    } catch (cause) {
      throw unopened(url, cause);
    }
  }

  async #keepCookies({ headers }: Response, url: URL): Promise<void> {
    for (const cookie of headers.getSetCookie()) await this.#cookies.setCookie(cookie, url.href, { ignoreError: true });
  }
}

// The real gateway is another site than the shop, whatever the addresses of a test are.
function sameSite(method: string, url: URL, from: ReceivedPage | undefined): { readonly sameSiteContext?: 'none' | 'lax' } {
  if (!from || new URL(from.url).origin === url.origin) return {};
  return { sameSiteContext: method === 'GET' ? 'lax' : 'none' };
}

function unopened({ origin, pathname }: URL, cause: unknown): BrowserError {
  const reason = (cause as { cause?: Error }).cause?.message ?? (cause as Error).message;
  return new BrowserError(`${origin}${pathname} did not answer: ${reason}`, { cause });
}
