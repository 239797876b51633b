// npm run bench [-- CAMPAIGN… --short]: measures beside a floor of the same run, prints tables, writes bench/results/*.json.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Campaign } from './campaign.js';
import { install } from './install.js';
import { instances } from './instances.js';
import { peers } from './peers.js';
import { scale } from './scale.js';
import { start } from './start.js';
import { throughput } from './throughput.js';

const CAMPAIGNS: Readonly<Record<string, Campaign>> = { throughput, start, instances, scale, install, peers };

/** Those that need nothing from elsewhere and take no minutes. */
const USUAL = ['throughput', 'start', 'instances'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** So few rounds that the figures mean nothing: to see that it runs. */
    short: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    requests: { type: 'string' },
    payments: { type: 'string' },
  },
});

const number = (given: string | undefined, usual: number, few: number): number => Number(given ?? (values.short ? few : usual));

const folder = mkdtempSync(join(tmpdir(), 'paybox-bench-'));
try {
  for (const name of positionals.length > 0 ? positionals : USUAL) {
    const campaign = CAMPAIGNS[name];
    if (!campaign) throw new RangeError(`No campaign ${name}; there are ${Object.keys(CAMPAIGNS).join(', ')}.`);
    const result = await campaign({
      folder,
      rounds: number(values.rounds, 5, 1),
      requests: number(values.requests, 60_000, 500),
      payments: number(values.payments, 5_000_000, 10_000),
      print: (line) => void process.stdout.write(`${line}\n`),
    });
    mkdirSync('bench/results', { recursive: true });
    const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
    writeFileSync(`bench/results/${name}.json`, `${JSON.stringify({ machine, ...result }, null, 2)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
