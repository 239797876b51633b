import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TABLE_NOTES, TABLES, type TableName, toMarkdown } from '../../cli/tables.js';
import { SCENARIO_SCHEMA } from '../../scenarios/schema.js';
import { CONTROL_ROUTES } from '../../simulator/control/routes/index.js';
import { FINDING_RULES } from '../../simulator/engine/finding.js';
import { VERSION } from '../../simulator/index.js';
import { SCHEMAS } from '../../simulator/schemas/schemas.js';

const WRITES = process.env.GENERATE === 'write';

const read = (file: string): string => readFileSync(file, 'utf8');

function hold(file: string, wanted: string): void {
  if (WRITES) writeFileSync(file, wanted);
  else expect(read(file), `${file} is out of date: npm run generate writes it anew`).toBe(wanted);
}

const routes = {
  head: ['route', 'what it does'],
  rows: CONTROL_ROUTES.map(({ method, path, summary }) => [`\`${method.toUpperCase()} /_sim${path}\``, summary]),
};

const findings = {
  head: ['rule', 'severity', 'remedy'],
  rows: Object.entries(FINDING_RULES).map(([rule, { severity, remedy }]) => [`\`${rule}\``, severity, remedy]),
};

function block(name: string): string {
  if (name === 'control') return toMarkdown(routes);
  if (name === 'findings') return toMarkdown(findings);
  const note = TABLE_NOTES[name as TableName];
  return toMarkdown(TABLES[name as TableName]()) + (note === undefined ? '' : `\n\n${note}`);
}

test('the tables of the README are those of the code', () => {
  const readme = read('README.md');
  const names: string[] = [];
  const wanted = readme.replace(/(<!-- table: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, start: string, name: string, end: string) => {
    names.push(name);
    return `${start}${block(name)}\n${end}`;
  });
  expect(names.sort()).toEqual([...Object.keys(TABLES), 'control', 'findings'].sort());
  hold('README.md', wanted);
});

test.each([
  ['cli/config.schema.json', SCHEMAS.config],
  ['scenarios/scenario.schema.json', SCENARIO_SCHEMA],
])('the published schema %s is the one files are held against', (file, schema) => {
  hold(file, `${JSON.stringify(schema, null, 2)}\n`);
});

test('the version in the code is that of the package', () => {
  expect(VERSION).toBe((JSON.parse(read('package.json')) as { version: string }).version);
});
