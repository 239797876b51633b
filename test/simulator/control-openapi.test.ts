import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { CONTROL_ROUTES } from '../../simulator/control/routes/index.js';
import { SCHEMAS } from '../../simulator/schemas/schemas.js';
import { openTestSimulator } from '../support/test-simulator.js';

type Json = { readonly [name: string]: Json } & readonly Json[];

let text: string;
let document: Json;

beforeAll(async () => {
  const response = await openTestSimulator().simulator.fetch(new Request('http://localhost/_sim/openapi.json'));
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  text = await response.text();
  document = JSON.parse(text);
});

function at(pointer: string): unknown {
  let value: unknown = document;
  for (const part of pointer.slice(2).split('/')) value = (value as Record<string, unknown> | undefined)?.[part];
  return value;
}

test('lists exactly the routes of the control API', () => {
  const listed = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(listed.sort()).toEqual(CONTROL_ROUTES.map(({ method, path }) => `${method} /_sim${path}`).sort());
});

test('references only schemas that it contains', () => {
  const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '');
  expect(refs.length).toBeGreaterThan(CONTROL_ROUTES.length);
  for (const ref of new Set(refs)) expect(at(ref), ref).toBeTypeOf('object');
});

test.each(Object.keys(SCHEMAS))('contains the schema %s, which is a valid JSON Schema', (name) => {
  const schema = at(`#/components/schemas/${name}`);
  expect(schema).toEqual(JSON.parse(JSON.stringify(SCHEMAS[name as keyof typeof SCHEMAS])));
  expect(() => new Ajv2020({ strict: false }).compile(schema as object)).not.toThrow();
});

describe.each(CONTROL_ROUTES)('$method $path', ({ method, path, query = {}, body, bodyOptional, summary }) => {
  const operation = (): Json => (document.paths as Json)[`/_sim${path}`]?.[method] as Json;

  test('has its parameters, body, responses and summary', () => {
    const { parameters, requestBody, responses, summary: described } = operation();
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`);
    const inQuery = Object.keys(query).map((name) => `query ${name}`);
    expect(parameters?.map((parameter) => `${parameter.in} ${parameter.name}`)).toEqual([...inPath, ...inQuery]);
    expect(requestBody?.required).toBe(body === undefined ? undefined : !bodyOptional);
    expect(JSON.stringify(requestBody ?? {}).includes(`#/components/schemas/${body}`)).toBe(body !== undefined);
    expect(Object.keys(responses ?? {})).toEqual(expect.arrayContaining(['400', '403', '503']));
    expect(described).toBe(summary);
  });

  test('has a unique operationId', () => {
    const names = Object.values(document.paths ?? {}).flatMap((methods) =>
      Object.values(methods as Json).map(({ operationId }) => operationId),
    );
    expect(names.filter((name) => name === operation().operationId)).toHaveLength(1);
  });
});

test('is also served for a separate gateway', async () => {
  const response = await openTestSimulator().simulator.fetch(new Request('http://localhost/s/a/_sim/openapi.json'));
  expect(await response.text()).toBe(text);
});
