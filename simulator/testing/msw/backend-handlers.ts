import { type HttpHandler, HttpResponse, http } from 'msw';

/** A call from the front end to its back end. */
export interface BackendCall<Body = unknown> {
  /** The parsed JSON, the fields of a form, or undefined if there is no body. */
  readonly body: Body;
  /** The parameters of the path: `/api/orders/:id` has `id`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Its body can be read: a form as it was sent, which `readAuthentication` of the client needs. */
  readonly request: Request;
}

/** How a mocked back end answers one of the front end's calls. */
export interface Mapping<Body, Outcome> {
  /** Executes the call, usually with a client of the gateway. */
  send(call: BackendCall<Body>): Outcome | Promise<Outcome>;
  /** Returns the response: a value that is sent as JSON, or a Response, for instance for another status than 200. */
  answer(outcome: Outcome, call: BackendCall<Body>): unknown;
}

/**
 * Returns the mapping unchanged. TypeScript infers the type that `answer` receives from the one that `send` returns.
 *
 * @example
 * const pay = mapping({
 *   send: ({ body }: BackendCall<{ cents: number; card: string }>) => client.pay({ … }),
 *   answer: (outcome) => ({ paid: outcome.kind === 'approved' }),
 * });
 */
export function mapping<Body, Outcome>(parts: Mapping<Body, Outcome>): Mapping<Body, Outcome> {
  return parts;
}

/** Options of {@link backendHandlers}. */
export interface BackendOptions {
  /** The origin of keys that are paths, for instance `http://localhost:3000`. Default: the origin of the page. Required in Node.js. */
  readonly origin?: string;
}

class InvalidBodyError extends Error {}

async function readBody(request: Request): Promise<unknown> {
  if ((request.headers.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(await request.text()));
  }
  const text = await request.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidBodyError(`The body is not valid JSON: ${(cause as Error).message}.`, { cause });
  }
}

const METHODS = { GET: http.get, POST: http.post, PUT: http.put, PATCH: http.patch, DELETE: http.delete } as const;

type Method = keyof typeof METHODS;

function parseRoute(key: string): { method: Method; path: string } {
  const [first = '', second] = key.trim().split(/\s+/);
  if (second === undefined) return { method: 'POST', path: first };
  if (first in METHODS) return { method: first as Method, path: second };
  throw new RangeError(`${key}: ${first} is not a method. Write a path, or one of ${Object.keys(METHODS).join(', ')} and a path.`);
}

function resolveUrl(key: string, path: string, { origin }: BackendOptions): string {
  if (/^(https?:|\*)/.test(path)) return path;
  if (!path.startsWith('/')) throw new RangeError(`${key} is neither a path nor a URL. A path begins with /, a URL with http.`);
  if (origin !== undefined) return `${origin.replace(/\/+$/, '')}${path}`;
  if (typeof location === 'undefined')
    throw new RangeError(
      `${key}: the origin of the path is not known, because there is no page. Set it: backendHandlers(…, { origin: 'http://localhost:3000' }).`,
    );
  return path;
}

function checkMapping(key: string, mapped: Partial<Mapping<unknown, unknown>>): void {
  for (const part of ['send', 'answer'] as const) {
    if (typeof mapped[part] !== 'function')
      throw new RangeError(`${key}: the mapping has no function ${part}. Write mapping({ send: …, answer: … }).`);
  }
}

function errorResponse(error: unknown): Response {
  const status = error instanceof InvalidBodyError ? 400 : 500;
  // The error is a mistake in a mapping. Its developer sees it in the browser's console.
  if (status === 500) console.error(error);
  return HttpResponse.json({ error: error instanceof Error ? error.message : String(error) }, { status });
}

/**
 * Returns MSW handlers that mock a front end's back end. A mapping sends a question to the gateway for each call, and makes the response
 * from the outcome. A call whose body is not valid JSON is answered 400; if a mapping throws, the call is answered 500.
 *
 * @param routes mappings by path or by method and path. Default method: POST
 * @throws RangeError when a key is not a route, or its value is not a mapping
 * @example
 * const client = createClient(paybox.clientOptions);
 * backendHandlers({
 *   '/api/pay': mapping({ send: ({ body }: BackendCall<Checkout>) => client.pay({ … }), answer: ({ kind }) => ({ paid: kind === 'approved' }) }),
 *   'GET /api/orders/:reference': mapping({ send: ({ params }) => client.exists({ … }), answer: ({ kind }) => ({ found: kind === 'found' }) }),
 * });
 */
export function backendHandlers(
  // biome-ignore lint/suspicious/noExplicitAny: each mapping has its own types
  routes: Readonly<Record<string, Mapping<any, any>>>,
  options: BackendOptions = {},
): HttpHandler[] {
  return Object.entries(routes).map(([key, mapped]) => {
    checkMapping(key, mapped);
    const { method, path } = parseRoute(key);
    return METHODS[method](resolveUrl(key, path, options), async ({ request, params }) => {
      try {
        const call: BackendCall = {
          body: await readBody(request.clone()),
          params: params as Record<string, string>,
          query: new URL(request.url).searchParams,
          request,
        };
        const answered = await mapped.answer(await mapped.send(call), call);
        return answered instanceof Response ? answered : HttpResponse.json((answered ?? null) as null);
      } catch (error) {
        return errorResponse(error);
      }
    });
  });
}
