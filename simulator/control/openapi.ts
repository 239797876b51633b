import { SCHEMAS } from '../schemas/schemas.js';
import { VERSION } from '../version.js';
import type { ControlRoute } from './route.js';
import { CONTROL_ROUTES } from './routes/index.js';

const ERROR = {
  type: 'object',
  properties: {
    error: { type: 'string' },
    problems: { type: 'array', items: { type: 'object', properties: { where: { type: 'string' }, what: { type: 'string' } } } },
  },
  required: ['error'],
} as const;

const text = (mediaType: string) => ({ [mediaType]: { schema: { type: 'string' } } });
const json = (schema: object) => ({ 'application/json': { schema } });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const failure = (description: string) => ({ description, content: json(ref('error')) });

function parametersOf(route: ControlRoute): object[] {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(route.query ?? {}).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery];
}

function successOf(route: ControlRoute): object {
  if (route.response === undefined) return { '204': { description: 'Done. The response has no body.' } };
  const { response, mediaType } = route;
  return { '200': { description: response, content: mediaType === undefined ? json({ type: 'object' }) : text(mediaType) } };
}

function operationOf(route: ControlRoute): object {
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replace(/[/{}]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    parameters: parametersOf(route),
    ...(route.body && { requestBody: { required: !route.bodyOptional, content: json(ref(route.body)) } }),
    responses: {
      ...successOf(route),
      '400': failure('The request is not valid. The error says what is wrong.'),
      ...(route.path.includes('{') && { '404': failure('Not found.') }),
      '403': failure('The caller may not use the control API, for example because it is another machine.'),
      '503': failure('The store cannot be read or written.'),
    },
  };
}

/** Returns the OpenAPI 3.1 document of the control API, generated from its routes. */
export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of CONTROL_ROUTES) {
    const path = `/_sim${route.path}`;
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'paybox-direct-simulator control API',
      version: VERSION,
      description:
        'Controls the simulator from a test. Every path also exists below /s/{name} for the session of that name, except /_sim/sessions and /_sim/outage.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: '/', description: 'The main gateway' },
      { url: '/s/{name}', description: 'A session', variables: { name: { default: 'test-1' } } },
    ],
    paths,
    components: { schemas: { ...SCHEMAS, error: ERROR } },
  };
}
