import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type OutputAsset, type OutputChunk, rolldown } from 'rolldown';

const ENTRY = fileURLToPath(new URL('entry.js', import.meta.url));

/** Options of {@link bundle}. */
export interface BundleOptions {
  /** Packages that are not included, with all their entry points. */
  readonly external?: readonly string[];
  readonly minify?: boolean;
  /** Whether what is imported with `import()` is left out, as in a page that has not needed it yet. Default: false. */
  readonly isWithoutDynamicImports?: boolean;
}

/** Returns the code of the entry and of the chunks that it imports statically. */
function loadedAtOnce(output: readonly (OutputChunk | OutputAsset)[]): string {
  const chunks = new Map(output.flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one] as const] : [])));
  const loaded = new Set<OutputChunk>();
  const load = (chunk: OutputChunk | undefined): void => {
    if (!chunk || loaded.has(chunk)) return;
    loaded.add(chunk);
    for (const name of chunk.imports) load(chunks.get(name));
  };
  load([...chunks.values()].find(({ isEntry }) => isEntry));
  return [...loaded].map(({ code }) => code).join('\n');
}

/** Bundles `source` with everything it imports into one script. Returns its code, and the built-in modules of Node.js it imports. */
export async function bundle(
  source: string,
  { external = [], minify = false, isWithoutDynamicImports = false }: BundleOptions = {},
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
  const format = isWithoutDynamicImports ? ('es' as const) : ('iife' as const);
  const { output } = await build.generate({ format, name: 'bundle', minify, globals: (id) => id.replace(/\W/g, '_') });
  await build.close();
  return { code: isWithoutDynamicImports ? loadedAtOnce(output) : output[0].code, builtins };
}
