import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { describe, expect, test } from 'vitest';

const CONTRACTS = fileURLToPath(new URL('../../contracts/index.ts', import.meta.url));
const ENTRY = fileURLToPath(new URL('entry.js', import.meta.url));

/** The code of a script that holds `source` and all it imports or requires, and the built-in modules of Node it asks for. */
async function bundle(source: string): Promise<{ code: string; builtins: string[] }> {
  const builtins: string[] = [];
  const build = await rolldown({
    input: ENTRY,
    platform: 'browser',
    resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    plugins: [
      {
        name: 'entry',
        load: (id) => (id === ENTRY ? source : null),
        resolveId(id) {
          if (id === ENTRY) return id;
          if (!isBuiltin(id)) return null;
          builtins.push(id);
          return { id, external: true };
        },
      },
    ],
  });
  const { output } = await build.generate({ format: 'iife', name: 'bundle', globals: (id) => id.replace(/\W/g, '_') });
  await build.close();
  return { code: output[0].code, builtins };
}

describe('contracts, bundled for a browser,', () => {
  const contracts = bundle(`export * from ${JSON.stringify(CONTRACTS)};`);

  test('ask for nothing of Node', async () => {
    const { code, builtins } = await contracts;
    expect(builtins).toEqual([]);
    expect(code).not.toMatch(/["'`]node:/);
  });

  test('run where there is nothing but the web platform', async () => {
    const { code } = await contracts;
    const use = `
      const signed = bundle.withCredentials([['REFERENCE', 'é']], { hmacKey: bundle.TEST_HMAC_KEY });
      const { fields } = bundle.decodeForm(bundle.encodeForm(signed));
      [fields[0].value, fields.at(-1).value.length, bundle.formatAmount(1234, '978'), bundle.magicCard('00105')].join(' ')`;
    expect(runInNewContext(`${code};${use}`, { TextEncoder, TextDecoder })).toBe('é 128 12.34 EUR 1111220000001055');
  });
});

test.each([
  "require('node:crypto')",
  "require('crypto')",
  "import('node:crypto')",
  "import { createHmac } from 'node:crypto'; createHmac()",
])('%s would be seen', async (source) => {
  const { builtins } = await bundle(source);
  expect(builtins).toEqual([expect.stringMatching(/^(node:)?crypto$/)]);
});
