import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { bundle } from '../support/bundle.js';

const CONTRACTS = fileURLToPath(new URL('../../contracts/index.ts', import.meta.url));

describe('contracts, bundled for a browser,', () => {
  const contracts = bundle(`export * from ${JSON.stringify(CONTRACTS)};`);

  test('use no Node built-in', async () => {
    const { code, builtins } = await contracts;
    expect(builtins).toEqual([]);
    expect(code).not.toMatch(/["'`]node:/);
  });

  test('run where only the web platform is available', async () => {
    const { code } = await contracts;
    const use = `
      const signed = bundle.withCredentials([['REFERENCE', 'é']], { hmacKey: bundle.TEST_HMAC_KEY });
      const { fields } = bundle.decodeForm(bundle.encodeForm(signed));
      const reply = bundle.decodeReply(bundle.encodeReply({ REFABONNE: 'é'.repeat(10_000) })).get('REFABONNE');
      [fields[0].value, fields.at(-1).value.length, bundle.formatAmount(1234, '978'), bundle.magicCard('00105'), reply.length].join(' ')`;
    expect(runInNewContext(`${code};${use}`, { TextEncoder, TextDecoder })).toBe('é 128 12.34 EUR 1111220000001055 10000');
  });
});

test.each([
  "require('node:crypto')",
  "require('crypto')",
  "import('node:crypto')",
  "import { createHmac } from 'node:crypto'; createHmac()",
])('the bundle reports the Node built-in in %s', async (source) => {
  const { builtins } = await bundle(source);
  expect(builtins).toEqual([expect.stringMatching(/^(node:)?crypto$/)]);
});
