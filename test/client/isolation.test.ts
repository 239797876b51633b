import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOM = new URL('../../client/', import.meta.url);

const sources = readdirSync(ROOM, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

test.each(sources)('%s imports nothing but the client itself and the contracts', (name) => {
  const imports = [...readFileSync(new URL(name, ROOM), 'utf8').matchAll(/from '([^']+)'/g)].map(([, from]) => from ?? '');
  for (const from of imports) expect(from).toMatch(/^(\.\/|\.\.\/contracts\/index\.js$|\.\.\/[a-z-]+\.js$|\.\.\/errors\/)/);
});
