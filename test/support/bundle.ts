import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const ENTRY = fileURLToPath(new URL('entry.js', import.meta.url));

/** The code of a script that holds `source` and all it imports or requires, and the built-in modules of Node it asks for. */
export async function bundle(source: string): Promise<{ code: string; builtins: string[] }> {
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
