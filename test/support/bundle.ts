import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ENTRY = fileURLToPath(new URL('entry.js', import.meta.url));

/** Options of {@link bundle}. */
export interface BundleOptions {
  /** Packages that are not included, with all their entry points. */
  readonly external?: readonly string[];
  readonly minify?: boolean;
}

/** Bundles `source` with everything it imports into one script. Returns its code, and the built-in modules of Node.js it imports. */
export async function bundle(
  source: string,
  { external = [], minify = false }: BundleOptions = {},
): Promise<{ code: string; builtins: string[] }> {
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
          if (external.some((name) => id === name || id.startsWith(`${name}/`))) return { id, external: true };
          if (!isBuiltin(id)) return null;
          builtins.push(id);
          return { id, external: true };
        },
      },
    ],
  });
  const { output } = await build.generate({ format: 'iife', name: 'bundle', minify, globals: (id) => id.replace(/\W/g, '_') });
  await build.close();
  return { code: output[0].code, builtins };
}
