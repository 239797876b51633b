import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SCENARIO_SCHEMA } from '../../scenarios/schema.js';
import { VERSION } from '../../simulator/index.js';
import { SCHEMAS } from '../../simulator/schemas/schemas.js';
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

test('VERSION is the version in package.json', () => {
  expect(VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
});
