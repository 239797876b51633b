import { fileURLToPath } from 'node:url';
import { build, type InlineConfig } from 'vite';

/** The folder of the example. */
export const CHECKOUT = fileURLToPath(new URL('../../scenarios/examples/checkout', import.meta.url));

/** Builds the example checkout for production into a folder. */
export async function buildCheckout(outDir: string, config: InlineConfig = {}): Promise<void> {
  await build({ ...config, configFile: `${CHECKOUT}/vite.config.ts`, logLevel: 'error', build: { outDir, emptyOutDir: true } });
}
