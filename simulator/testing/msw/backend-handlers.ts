import { type HttpHandler, HttpResponse, http } from 'msw';

/** A call of the front end. */
export interface BackendCall<Body = unknown> {
  /** The body: JSON as it was parsed, the fields of a form, or undefined where there is none. */
  readonly body: Body;
  /** The parts of the path: `/api/orders/:id` has `id`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly request: Request;
}

/** How a back end answers one of the front end's calls: what it asks the gateway, and what it makes of the outcome. */
export interface Mapping<Body, Outcome> {
  /** Carries the call out, with a client of the gateway as a rule. */
  send(call: BackendCall<Body>): Outcome | Promise<Outcome>;
  /** The response: a value to be sent as JSON, or a Response with a status of its own. */
  answer(outcome: Outcome, call: BackendCall<Body>): unknown;
}

/**
 * Ties the types of a mapping together: what `send` gives is what `answer` takes.
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

/** Where the handlers stand. */
export interface BackendOptions {
  /** Origin of paths that have none, `http://localhost:3000`: needed in Node, where there is no page whose origin it could be. */
  readonly origin?: string;
}

class BadBody extends Error {}

async function bodyOf(request: Request): Promise<unknown> {
  if ((request.headers.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(await request.text()));
  }
  const text = await request.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BadBody(`The body is no JSON: ${(cause as Error).message}.`, { cause });
  }
}

const METHODS = { GET: http.get, POST: http.post, PUT: http.put, PATCH: http.patch, DELETE: http.delete } as const;

type Method = keyof typeof METHODS;

function routeOf(key: string): { method: Method; path: string } {
  const [first = '', second] = key.trim().split(/\s+/);
  if (second === undefined) return { method: 'POST', path: first };
  if (first in METHODS) return { method: first as Method, path: second };
  throw new RangeError(`${key}: write a path, or a method and a path; ${first} is none of ${Object.keys(METHODS).join(', ')}.`);
}

function urlOf(key: string, path: string, { origin }: BackendOptions): string {
  if (/^(https?:|\*)/.test(path)) return path;
  if (!path.startsWith('/')) throw new RangeError(`${key}: a path begins with /, a URL with http.`);
  if (origin !== undefined) return `${origin.replace(/\/+$/, '')}${path}`;
  if (typeof location === 'undefined')
    throw new RangeError(
      `${key}: there is no page here that the path could belong to. Give its origin: backendHandlers(…, { origin: 'http://localhost:3000' }).`,
    );
  return path;
}

function checkMapping(key: string, mapped: Partial<Mapping<unknown, unknown>>): void {
  for (const part of ['send', 'answer'] as const) {
    if (typeof mapped[part] !== 'function')
      throw new RangeError(`${key}: a mapping has a function ${part}: mapping({ send: …, answer: … }).`);
  }
}

function problem(error: unknown): Response {
  const status = error instanceof BadBody ? 400 : 500;
  // The browser's console is where its developer looks.
  if (status === 500) console.error(error);
  return HttpResponse.json({ error: error instanceof Error ? error.message : String(error) }, { status });
}

/**
 * MSW handlers that answer a front end's own calls as its back end would: each is mapped to what is asked of the gateway, and the
 * outcome to the response. POST, unless the key names another method.
 *
 * @throws RangeError when a key is no route, or what it leads to no mapping
 * @example
 * const client = createClient(paybox.clientOptions);
 * backendHandlers({
 *   '/api/pay': mapping({ send: ({ body }: BackendCall<Checkout>) => client.pay({ … }), answer: ({ kind }) => ({ paid: kind === 'approved' }) }),
 *   'GET /api/orders/:reference': mapping({ send: ({ params }) => client.exists({ … }), answer: ({ kind }) => ({ found: kind === 'found' }) }),
 * });
 */
export function backendHandlers(
  // biome-ignore lint/suspicious/noExplicitAny: each mapping has types of its own
  routes: Readonly<Record<string, Mapping<any, any>>>,
  options: BackendOptions = {},
): HttpHandler[] {
  return Object.entries(routes).map(([key, mapped]) => {
    checkMapping(key, mapped);
    const { method, path } = routeOf(key);
    return METHODS[method](urlOf(key, path, options), async ({ request, params }) => {
      try {
        const call: BackendCall = {
          body: await bodyOf(request),
          params: params as Record<string, string>,
          query: new URL(request.url).searchParams,
          request,
        };
        const answered = await mapped.answer(await mapped.send(call), call);
        return answered instanceof Response ? answered : HttpResponse.json((answered ?? null) as null);
      } catch (error) {
        return problem(error);
      }
    });
  });
}
