import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const WORKER = 'mockServiceWorker.js';

const source = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Serves MSW's worker and adds it to the build. Elsewhere `npx msw init public` copies it, once per version of MSW. */
function mswWorker(): Plugin {
  const read = (): string => readFileSync(createRequire(import.meta.url).resolve(`msw/${WORKER}`), 'utf8');
  return {
    name: 'msw-worker',
    configureServer: ({ middlewares }) => {
      middlewares.use(`/${WORKER}`, (_, response) => {
        response.setHeader('Content-Type', 'text/javascript').end(read());
      });
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: WORKER, source: read() });
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [mswWorker()],
  build: { target: 'es2022', chunkSizeWarningLimit: 1000 },
  // In this repository the package is imported from its source. Remove the aliases where the package is installed.
  resolve: {
    alias: {
      'paybox-direct-simulator/client': source('client/index.ts'),
      'paybox-direct-simulator/contracts': source('contracts/index.ts'),
      'paybox-direct-simulator/msw': source('simulator/testing/msw/index.ts'),
    },
  },
});
