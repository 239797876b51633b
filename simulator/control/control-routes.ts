import { type Context, Hono } from 'hono';
import { maskText } from '../../contracts/index.js';
import { GATEWAY_NAME_RULE, isGatewayName, MAIN } from '../gateway/gateways.js';
import { validate } from '../schemas/validate.js';
import type { ControlPolicy } from './access.js';
import { ControlError, errorResponse, refusalMessage } from './errors.js';
import { guardControl } from './guard.js';
import { openApiDocument } from './openapi.js';
import type { ControlRequest, ControlRoute } from './route.js';
import { CONTROL_ROUTES } from './routes/index.js';

const PREFIXES = ['/_sim', '/s/:name/_sim'] as const;

const SEE_OPENAPI = 'GET /_sim/openapi.json describes the body of each route.';

function gatewayName(c: Context): string {
  const name = c.req.param('name') ?? MAIN;
  if (!isGatewayName(name)) throw new ControlError(404, GATEWAY_NAME_RULE);
  return name;
}

// The messages of JSON.parse quote the body, which may contain card data.
const whereOf = ({ message }: SyntaxError): string => {
  const [where] = /(?:at position \d+|Unexpected end of JSON input)(?: \(line \d+ column \d+\))?$/.exec(message) ?? [];
  return where === undefined ? '' : `: ${where}`;
};

async function readJson(c: Context, route: ControlRoute): Promise<unknown> {
  if (!route.body) return undefined;
  const text = await c.req.text();
  if (text === '' && route.bodyOptional) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ControlError(400, `The body is not valid JSON${whereOf(cause as SyntaxError)}. ${SEE_OPENAPI}`);
  }
  const problems = await validate(route.body, value);
  if (problems.length > 0) throw new ControlError(400, `The body does not match its schema. ${SEE_OPENAPI}`, problems);
  return value;
}

type RouteServices = Pick<ControlRequest, 'gateways' | 'outage' | 'publicKey' | 'resend'>;

async function runRoute(c: Context, services: RouteServices, route: ControlRoute, prefix: string): Promise<Response> {
  try {
    const isSession = prefix !== PREFIXES[0];
    checkQuery(c, route);
    const body = await readJson(c, route);
    const gateway = services.gateways.get(isSession ? gatewayName(c) : MAIN);
    await gateway.refresh();
    const result = await route.run({
      ...services,
      gateway,
      param: (name) => c.req.param(name) ?? '',
      query: (name) => c.req.query(name) || undefined,
      body,
    });
    if (result instanceof ReadableStream) return c.body(result, 200, { 'Content-Type': 'application/json' });
    if (typeof result === 'string') return c.body(result, 200, { 'Content-Type': (route.response && route.mediaType) || 'text/plain' });
    return result === undefined ? c.body(null, 204) : c.json(result);
  } catch (error) {
    return errorResponse(error);
  }
}

// An ignored parameter would return everything, which looks like a result of the search.
function checkQuery(c: Context, { query = {} }: ControlRoute): void {
  const unknown = Object.keys(c.req.query()).filter((name) => !Object.hasOwn(query, name));
  if (unknown.length === 0) return;
  const known = Object.keys(query).join(', ') || 'none';
  throw new ControlError(400, `Unknown query parameter: ${unknown.join(', ')}. ${c.req.path} has: ${known}.`);
}

const knownPaths = (): string => [...new Set(CONTROL_ROUTES.map(({ path }) => `/_sim${path}`))].join(', ');

const shownPath = (c: Context): string => maskText(c.req.path);

/** The path of a route in the syntax of Hono. */
const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** Returns the methods of each path below the prefix, in the syntax of Hono. */
function methodsByPath(isSession: boolean): Map<string, string[]> {
  const methods = new Map([['/openapi.json', ['GET']]]);
  for (const { method, path, mainOnly } of CONTROL_ROUTES) {
    if (mainOnly && isSession) continue;
    methods.set(honoPath(path), [...(methods.get(honoPath(path)) ?? []), method.toUpperCase()]);
  }
  return methods;
}

/** Creates the routes of the control API: below `/_sim` for the main gateway, below `/s/<name>/_sim` for the sessions. */
export function controlRoutes(services: RouteServices, policy: ControlPolicy): Hono {
  const app = new Hono();
  for (const prefix of PREFIXES) {
    app.use(
      `${prefix}/*`,
      guardControl(policy, (c, refusal) => c.json({ error: refusalMessage(refusal) }, 403)),
    );
    app.get(`${prefix}/openapi.json`, (c) => c.json(openApiDocument()));
    for (const route of CONTROL_ROUTES) {
      if (route.mainOnly && prefix !== PREFIXES[0]) continue;
      app.on(route.method.toUpperCase(), prefix + honoPath(route.path), (c) => runRoute(c, services, route, prefix));
    }
    for (const [path, methods] of methodsByPath(prefix !== PREFIXES[0])) {
      app.all(prefix + path, (c) =>
        c.json({ error: `${shownPath(c)} does not accept ${c.req.method}: use ${methods.join(' or ')}.` }, 405, {
          Allow: methods.join(', '),
        }),
      );
    }
    app.all(`${prefix}/*`, (c) =>
      c.json({ error: `Not found: ${c.req.method} ${shownPath(c)}. The control API has ${knownPaths()}, /_sim/openapi.json.` }, 404),
    );
  }
  return app;
}
