// npm run bench [-- BENCHMARK… --short]: runs benchmarks, prints their figures and writes bench/results/*.json.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { authentications } from './authentications.js';
import type { Benchmark } from './benchmark.js';
import { exploring } from './exploring.js';
import { install } from './install.js';
import { instances } from './instances.js';
import { peers } from './peers.js';
import { scale } from './scale.js';
import { stalls } from './stalls.js';
import { start } from './start.js';
import { throughput } from './throughput.js';

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  throughput,
  start,
  instances,
  authentications,
  scale,
  stalls,
  exploring,
  install,
  peers,
};

/** The benchmarks that need no network, Java or large disk. */
const DEFAULT_BENCHMARKS = ['throughput', 'start', 'instances'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Few rounds and requests, to check that the benchmarks run. The figures mean nothing. */
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    requests: { type: 'string' },
    payments: { type: 'string' },
  },
});

const countOption = (given: string | undefined, normal: number, short: number): number => Number(given ?? (values.short ? short : normal));

const folder = mkdtempSync(join(tmpdir(), 'paybox-bench-'));
try {
  for (const name of positionals.length > 0 ? positionals : DEFAULT_BENCHMARKS) {
    const benchmark = BENCHMARKS[name];
    if (!benchmark) throw new RangeError(`There is no benchmark ${name}. Use ${Object.keys(BENCHMARKS).join(', ')}.`);
    const result = await benchmark({
      folder,
      rounds: countOption(values.rounds, 5, 1),
      requests: countOption(values.requests, 60_000, 500),
      payments: countOption(values.payments, 5_000_000, 10_000),
      print: (line) => void process.stdout.write(`${line}\n`),
    });
    mkdirSync('bench/results', { recursive: true });
    const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
    writeFileSync(`bench/results/${name}.json`, `${JSON.stringify({ machine, ...result }, null, 2)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
