import { readFileSync, writeFileSync } from 'node:fs';
import currencies from 'currency-codes';
import { expect, test } from 'vitest';
import { SCENARIO_SCHEMA } from '../../scenarios/schema.js';
import { VERSION } from '../../simulator/index.js';
import { SCHEMAS } from '../../simulator/schemas/schemas.js';
import type { KeySchema } from '../../simulator/schemas/unknown-keys.js';
import { docsOutput, REQUIRED_OUTPUTS, withoutVariableParts } from '../support/docs-outputs.js';
import { docsTable, REQUIRED_TABLES } from '../support/docs-tables.js';
import { DOCS_PAGES } from '../support/markdown.js';

const WRITES = process.env.GENERATE === 'write';

const read = (file: string): string => readFileSync(file, 'utf8');

/** Checks that the file has this content, or writes it with `GENERATE=write`. */
function checkOrWrite(file: string, content: string): void {
  if (WRITES) writeFileSync(file, content);
  else expect(read(file), `${file} is out of date: run npm run generate`).toBe(content);
}

/** A part of a page that is generated: a table, or the output of a command. */
const BLOCK = /(<!-- (table|output): ([\w-]+) -->\n)([\s\S]*?)(<!-- end -->)/g;

async function blockOf(kind: string, name: string, before: string): Promise<string> {
  if (kind === 'table') return `\n${docsTable(name)}\n\n`;
  const output = `\n${await docsOutput(name)}\n\n`;
  return withoutVariableParts(output) === withoutVariableParts(before) ? before : output;
}

async function withBlocks(page: string): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const block of page.matchAll(BLOCK)) {
    const [all, open = '', kind = '', name = '', before = '', close = ''] = block;
    parts.push(page.slice(end, block.index), open, await blockOf(kind, name, before), close);
    end = block.index + all.length;
  }
  return parts.join('') + page.slice(end);
}

test.each(DOCS_PAGES)('the tables and outputs in %s are up to date', async (page) => {
  checkOrWrite(page, await withBlocks(read(page)));
});

test('the docs show every table once, and every output', () => {
  const named = DOCS_PAGES.flatMap((page) => [...read(page).matchAll(BLOCK)].map(([, , kind = '', name = '']) => `${kind} ${name}`));
  const tables = named.filter((name) => name.startsWith('table'));
  expect(tables.sort()).toEqual(REQUIRED_TABLES.map((name) => `table ${name}`).sort());
  expect(named).toEqual(expect.arrayContaining(REQUIRED_OUTPUTS.map((name) => `output ${name}`)));
});

test('commands that the docs describe together have the same options', () => {
  expect(docsTable('options-verify')).toBe(docsTable('options-run'));
  for (const command of ['codes', 'cards', 'accounts']) expect(docsTable(`options-${command}`)).toBe(docsTable('options-operations'));
});

test.each([
  ['cli/config.schema.json', SCHEMAS.config],
  ['scenarios/scenario.schema.json', SCENARIO_SCHEMA],
])('the published schema %s is the one that validates files', (file, schema) => {
  checkOrWrite(file, `${JSON.stringify(schema, null, 2)}\n`);
});

test('the table of currencies is that of the package currency-codes', () => {
  const file = 'contracts/currency-table.ts';
  const rows = currencies.data.map(({ number, code, digits }) => `${number}${code}${digits}`).sort();
  const lines = Array.from({ length: Math.ceil(rows.length / 16) }, (_, line) => rows.slice(line * 16, line * 16 + 16).join(' '));
  const comment = [
    '/**',
    ' * The currencies of ISO 4217: number, code, and number of decimals. Written by `npm run generate` from the package currency-codes, whose',
    ' * names of countries would be the largest part of what a page with the MSW handlers loads.',
    ' */',
  ];
  checkOrWrite(file, [...comment, 'export const CURRENCY_TABLE = `', ...lines, '`;', ''].join('\n'));
});

/** What {@link findUnknownKey} reads of a schema. */
function keysOf({ properties, items, enum: choices }: KeySchema): KeySchema {
  if (choices) return { enum: choices };
  if (items) return { items: keysOf(items) };
  if (!properties) return {};
  return { properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, keysOf(schema)])) };
}

test('the known names of settings are those of the schema', () => {
  const { accounts, rules, payments, subscribers } = SCHEMAS.config.properties as Readonly<Record<string, KeySchema>>;
  const comment = [
    '/**',
    ' * The known names of settings, without the descriptions that pages with the MSW handlers do not need. Written by `npm run generate` from',
    ' * the schemas.',
    ' */',
  ];
  const type = "import type { KeySchema } from './unknown-keys.js';\n";
  const settings = {
    accounts: keysOf(accounts ?? {}),
    rules: keysOf(rules ?? {}),
    payments: keysOf(payments ?? {}),
    subscribers: keysOf(subscribers ?? {}),
  };
  const json = JSON.stringify(settings, null, 1);
  checkOrWrite(
    'simulator/schemas/setting-keys.ts',
    [
      type,
      ...comment,
      '// biome-ignore format: generated',
      `export const SETTING_KEYS: Readonly<Record<'accounts' | 'rules' | 'payments' | 'subscribers', KeySchema>> = ${json};`,
      '',
    ].join('\n'),
  );
});

test('VERSION is the version in package.json', () => {
  expect(VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
});
