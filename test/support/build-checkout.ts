import { fileURLToPath } from 'node:url';
import { build, createServer, type InlineConfig } from 'vite';

const CONFIG: InlineConfig = {
  configFile: fileURLToPath(new URL('../../scenarios/examples/checkout/vite.config.ts', import.meta.url)),
  logLevel: 'error',
};

/** Builds the example checkout for production into a folder. */
export async function buildCheckout(outDir: string, config: InlineConfig = {}): Promise<void> {
  await build({ ...config, ...CONFIG, build: { outDir, emptyOutDir: true } });
}

/** vite's development server with the example checkout. */
export interface DevServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts vite's development server with the example checkout. */
export async function serveCheckout(cacheDir: string): Promise<DevServer> {
  const server = await createServer({ ...CONFIG, cacheDir, server: { host: '127.0.0.1', port: 0 } });
  await server.listen();
  const [url = ''] = server.resolvedUrls?.local ?? [];
  return { origin: new URL(url).origin, close: () => server.close() };
}
