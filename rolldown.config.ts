import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { defineConfig, type Plugin } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import manifest from './package.json' with { type: 'json' };

/** What is built: everything that is imported, run or read by its path. */
const ENTRIES = [
  'bench/floor-server',
  'bench/hono-floor-server',
  'bench/run',
  'cli/exec/node-preload',
  'cli/main',
  'cli/vitest',
  'client/index',
  'contracts/index',
  'scenarios/examples/reference/merchant',
  'scenarios/index',
  'simulator/index',
  'simulator/testing/msw/index',
];

const { optionalDependencies, peerDependencies } = manifest;

// Everything else is part of what is built: one file is loaded faster than the hundred it is made of, and nothing has to be installed.
const INSTALLED = Object.keys({ ...optionalDependencies, ...peerDependencies });

const isInstalled = (id: string): boolean => INSTALLED.some((name) => id === name || id.startsWith(`${name}/`));

const BUILT_IN = builtinModules.flatMap((name) => [name, `node:${name}`]);

/** The licences of what the build contains of other projects, as these ask. */
function notices(): Plugin {
  return {
    name: 'notices',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? Object.keys(output.modules) : []));
      const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []));
      const texts = [...folders].sort().map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Record<string, string>;
        const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].map((one) => `${folder}/${one}`).find((one) => existsSync(one));
        return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : ''}\n`;
      });
      const source = `Parts of these projects are contained in the files of this folder.\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`;
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source });
    },
  };
}

export default defineConfig({
  input: Object.fromEntries(ENTRIES.map((entry) => [entry, `${entry}.ts`])),
  // For Node alone, every file would ask for `node:module`, which the entries that run in a browser cannot.
  platform: 'neutral',
  external: isInstalled,
  resolve: { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] }, mainFields: ['module', 'main'], conditionNames: ['node'] },
  plugins: [esmExternalRequirePlugin({ external: BUILT_IN }), notices()],
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', comments: false },
});
