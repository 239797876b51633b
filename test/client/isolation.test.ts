import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const CLIENT = new URL('../../client/', import.meta.url);
const CONTRACTS = new URL('../../contracts/index.js', import.meta.url);

const sources = readdirSync(CLIENT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

test.each(sources)('%s imports only files of the client and the contracts', (name) => {
  const file = new URL(name, CLIENT);
  const imports = [...readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)].map(([, from]) => from ?? '');
  for (const from of imports) {
    expect(from).toMatch(/^\.\.?\//);
    const { href } = new URL(from, file);
    if (href !== CONTRACTS.href) expect(href.slice(0, CLIENT.href.length)).toBe(CLIENT.href);
  }
});
