import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import packageConfig from '../../rolldown.config.js';
import { buildCheckout } from '../support/build-checkout.js';
import { bundle } from '../support/bundle.js';
import { tempFolder } from '../support/temp-folder.js';

const MSW_ENTRY = fileURLToPath(new URL('../../simulator/testing/msw/index.ts', import.meta.url));

/** The maximum size of the handlers in a page in bytes, minified and compressed, without MSW. */
const LIMIT = 82_000;

async function scriptsOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.js'));
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
}

test('the handlers import no built-in module of Node.js, and their size is the one in the docs', async () => {
  const { code, builtins } = await bundle(`export * from ${JSON.stringify(MSW_ENTRY)};`, {
    external: ['msw'],
    minify: true,
    isWithoutDynamicImports: true,
  });
  expect(builtins).toEqual([]);
  const size = gzipSync(code, { level: 9 }).length;
  expect(size).toBeLessThan(LIMIT);
  const [, documented] = /The handlers are about (\d+) kB gzipped/.exec(await readFile('docs/msw-and-vitest.md', 'utf8')) ?? [];
  expect(
    Math.abs(size / 1000 / Number(documented) - 1),
    `docs/msw-and-vitest.md says ${documented} kB, but the size is ${size} bytes`,
  ).toBeLessThan(0.1);
});

test.each(['simulator/testing/msw', 'client', 'contracts'])('the built %s imports no built-in module of Node.js', async (entry) => {
  const folder = await tempFolder();
  const build = await rolldown(packageConfig);
  await build.write({ ...packageConfig.output, dir: folder });
  await build.close();
  const { builtins } = await bundle(`export * from ${JSON.stringify(join(folder, entry, 'index.js'))};`, { external: ['msw'] });
  expect(builtins).toEqual([]);
});

test('the built example checkout contains no import of Node.js, and no simulator if its back end is real', async () => {
  const [mocked, real] = [await tempFolder(), await tempFolder()];
  await buildCheckout(mocked);
  await buildCheckout(real, { define: { 'import.meta.env.VITE_BACKEND': '"real"' } });
  const script = await scriptsOf(mocked);
  expect(script).toContain('preprod-ppps');
  expect(script).not.toMatch(/["'`]node:/);
  expect(await scriptsOf(join(real, 'assets'))).not.toMatch(/preprod-ppps|mockServiceWorker/);
});
