// Checks the build on every supported Node.js: the contract, a payment with a database file, and, where Node.js has SQLite, the store tests
// on it. The programs come from npm packages in a folder that is deleted afterwards.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { pay } from './payment.mjs';

const VERSIONS = [20, 22, 24, 26];
/** The versions that have SQLite. On the others, a file needs better-sqlite3, which is built for the Node.js that runs this. */
const WITH_SQLITE = VERSIONS.filter((version) => version >= 22);
const OWN_VERSION = Number.parseInt(process.versions.node, 10);

const MAIN = resolve('dist/cli/main.js');
const VITEST = 'node_modules/vitest/vitest.mjs';
const SQLITE_TESTS = ['test/simulator/store-sqlite-'];
/** Tests of all stores, selected by the name of the storage, and of the choice of the SQLite. They run on the first version that has one. */
const MORE_TESTS = ['test/cli/missing-driver', 'test/simulator/store-behaviour', 'test/simulator/store-equivalence', '-t', 'SQLite'];

const stop = new AbortController();
const run = (program, args, options) => promisify(execFile)(program, args, { signal: stop.signal, ...options });
const withoutBetterSqlite3 = { ...process.env, NODE_OPTIONS: `--require ${JSON.stringify(resolve('.ci/without-better-sqlite3.cjs'))}` };

const folder = mkdtempSync(resolve('.ci/nodes-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const programOf = (version) => join(folder, `node_modules/node${version}/bin/node`);
const environmentOf = (version) => (WITH_SQLITE.includes(version) ? withoutBetterSqlite3 : process.env);

async function step(name, work) {
  const began = performance.now();
  try {
    await work();
  } catch (error) {
    console.error(`${name}: failed\n${error.stdout ?? ''}${error.stderr ?? ''}${error.stack}`);
    stop.abort();
    process.exit(1);
  }
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

async function install() {
  const packages = VERSIONS.map((version) => `node${version}@npm:node-${process.platform}-${process.arch}@${version}`);
  const options = ['--prefix', folder, '--cache', join(folder, 'cache'), '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...options, ...packages]);
}

async function check(version) {
  const program = programOf(version);
  await step(`Node.js ${version}, verify`, () => run(program, [MAIN, 'verify']));
  // The oldest and the newest: what works on both works in between.
  const isEdge = version === WITH_SQLITE[0] || version === WITH_SQLITE.at(-1);
  const tests = [...(isEdge ? [SQLITE_TESTS] : []), ...(version === WITH_SQLITE[0] ? [MORE_TESTS] : [])];
  for (const names of tests)
    await step(`Node.js ${version}, ${names.join(' ')}`, () => run(program, [VITEST, 'run', ...names], { env: withoutBetterSqlite3 }));
}

await step('install', install);
// One file for all: what one SQLite has written, the next one reads.
const paying = [...new Set([OWN_VERSION, ...WITH_SQLITE])].filter((version) => VERSIONS.includes(version));
for (const [index, version] of paying.entries())
  await step(`Node.js ${version}, payment with --db`, () =>
    pay([programOf(version), MAIN], join(folder, 'state.db'), index + 1, { env: environmentOf(version), signal: stop.signal }),
  );
await Promise.all(VERSIONS.map(check));
