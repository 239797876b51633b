import { SCHEMAS } from '../schemas/schemas.js';
import { VERSION } from '../version.js';
import type { ControlRoute } from './route.js';
import { CONTROL_ROUTES } from './routes.js';

const ERROR = {
  type: 'object',
  properties: {
    error: { type: 'string' },
    problems: { type: 'array', items: { type: 'object', properties: { where: { type: 'string' }, what: { type: 'string' } } } },
  },
  required: ['error'],
} as const;

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

function operationOf(route: ControlRoute): object {
  const isEmpty = route.answers === 'Nothing.';
  return {
    summary: route.summary,
    operationId: `${route.method}${route.path.replace(/[/{}]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    parameters: parametersOf(route),
    ...(route.body && { requestBody: { required: !route.bodyOptional, content: json(ref(route.body)) } }),
    responses: {
      [isEmpty ? '204' : '200']: isEmpty ? { description: 'Done.' } : { description: route.answers, content: json({ type: 'object' }) },
      '400': failure('The request cannot be carried out; the error says why.'),
      ...(route.path.includes('{') && { '404': failure('There is no such thing.') }),
      '403': failure('The request does not come from this machine.'),
      '503': failure('The state cannot be read or written.'),
    },
  };
}

/** The OpenAPI 3.1 document of the control API, made from its routes. */
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
        'Drives the simulator from a test. Every path is there once more under /s/{name} for the separate gateway of that name, but those of /_sim/sessions.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: '/', description: 'The main gateway' },
      { url: '/s/{name}', description: 'A separate gateway', variables: { name: { default: 'test-1' } } },
    ],
    paths,
    components: { schemas: { ...SCHEMAS, error: ERROR } },
  };
}
