import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { defineConfig, type Plugin } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import manifest from './package.json' with { type: 'json' };

/** The files of the package and of the tests that are imported, run or read by their path. */
const ENTRIES = [
  'bench/baseline-server',
  'bench/hono-baseline-server',
  'bench/run',
  'bench/steady-load',
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

// All other packages are bundled: a few large files load faster than hundreds of small ones, and users have less to install.
const INSTALLED = Object.keys({ ...optionalDependencies, ...peerDependencies });

const isInstalled = (id: string): boolean => INSTALLED.some((name) => id === name || id.startsWith(`${name}/`));

const BUILT_IN = builtinModules.flatMap((name) => [name, `node:${name}`]);

/** Writes the licences of the bundled packages into the build, as these licences require. */
function thirdPartyNotices(): Plugin {
  return {
    name: 'third-party-notices',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? Object.keys(output.modules) : []));
      const folders = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id) ?? []));
      const texts = [...folders].sort().map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Record<string, string>;
        const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].map((one) => `${folder}/${one}`).find((one) => existsSync(one));
        return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : ''}\n`;
      });
      const source = `The files of this folder contain parts of these projects.\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`;
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-NOTICES.txt', source });
    },
  };
}

export default defineConfig({
  input: Object.fromEntries(ENTRIES.map((entry) => [entry, `${entry}.ts`])),
  // With the platform `node`, every file would import `node:module`, which the entries for browsers must not.
  platform: 'neutral',
  external: isInstalled,
  resolve: { extensionAlias: { '.js': ['.ts', '.tsx', '.js'] }, mainFields: ['module', 'main'], conditionNames: ['node'] },
  plugins: [esmExternalRequirePlugin({ external: BUILT_IN }), thirdPartyNotices()],
  output: { dir: 'dist', format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', comments: false },
});
