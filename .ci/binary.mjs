// `npm run binary [PLATFORM...]`: makes single executables of the simulator, which need no Node.js and unpack nothing. The programs come from
// npm packages in a folder that is deleted afterwards.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

/** The last version of which all three packages exist. An executable is made by the version that it contains. */
const NODE = '26.10.0';
/** The platforms, and the program in the package of each. */
const PROGRAMS = { 'linux-x64': 'bin/node', 'linux-arm64': 'bin/node', 'win-x64': 'bin/node.exe' };
const OUTPUT = resolve('binary');

const below = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const platforms = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PROGRAMS);
const unknown = platforms.find((platform) => !(platform in PROGRAMS));
if (unknown !== undefined) throw new Error(`There is no platform ${unknown}, only ${Object.keys(PROGRAMS).join(', ')}.`);

const folder = mkdtempSync(resolve('.ci/nodes-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const programOf = (platform) => join(folder, 'node_modules', platform, PROGRAMS[platform] ?? 'bin/node');

// The program of this machine makes all of them.
const own = `${process.platform}-${process.arch}`;
const packages = [...new Set([own, ...platforms])].map((platform) => `${platform}@npm:node-${platform}@${NODE}`);
// Forced: npm refuses packages for other platforms.
const options = ['--prefix', folder, '--cache', join(folder, 'cache'), '--ignore-scripts', '--no-audit', '--no-fund', '--force'];
execFileSync('npm', ['install', '--silent', ...options, ...packages], { stdio: ['ignore', 'ignore', 'inherit'] });

// Alone in one file, because `paybox-sim exec` passes it on to other programs as a data: URL.
const PRELOAD = 'dist/cli/exec/node-preload.js';
const preload = join(folder, 'node-preload.js');
const bundle = await rolldown({ input: PRELOAD, platform: 'node' });
await bundle.write({ file: preload, format: 'esm', minify: true });
const entry = join(folder, 'main.mjs');
writeFileSync(entry, "import './dist/cli/main.js';\n");

const files = ['package.json', 'docs/protocol.md', 'dist/THIRD-PARTY-NOTICES.txt', 'LICENSE'];
for (const source of ['scenarios/contract', 'dist/cli', 'dist/chunks'])
  files.push(...below(source).filter((file) => !file.endsWith('.d.ts')));

mkdirSync(OUTPUT, { recursive: true });
for (const platform of platforms) {
  const output = join(OUTPUT, `paybox-sim-${platform}${platform.startsWith('win') ? '.exe' : ''}`);
  const config = join(folder, `${platform}.json`);
  const settings = {
    main: entry,
    mainFormat: 'module',
    executable: programOf(platform),
    output,
    assets: { ...Object.fromEntries(files.map((file) => [file, file])), [PRELOAD]: preload },
    // The files are read through node:fs, like those of the package.
    useVfs: true,
    disableExperimentalSEAWarning: true,
    // Options of Node.js in the environment are for other programs.
    execArgvExtension: 'none',
  };
  writeFileSync(config, JSON.stringify(settings));
  execFileSync(programOf(own), [`--build-sea=${config}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  console.log(output);
}
