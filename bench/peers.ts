import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type Benchmark, median } from './benchmark.js';
import type { LoadResult } from './load.js';
import { MEMORY, measureLoad, measureServer, SQLITE } from './throughput.js';

const BODY =
  'NUMTRANS=0000000001&NUMAPPEL=0000000001&NUMQUESTION=0000000001&SITE=1999888&RANG=32&AUTORISATION=XXXXXX&CODEREPONSE=00000&COMMENTAIRE=Demande&REFABONNE=&PORTEUR=';
const HEADERS = { 'Content-Type': 'text/html', 'Content-Length': String(BODY.length) };

/** Another tool that is set up to answer one static body. */
interface Peer {
  readonly name: string;
  readonly package: string;
  /** Writes the configuration into a folder and returns the command that starts the tool on a port. */
  readonly command: (modules: string, folder: string, port: number, otherPort: number) => readonly [program: string, ...args: string[]];
}

/** Writes a JSON file and returns its path. */
const writeJson = (folder: string, file: string, value: unknown): string => {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), JSON.stringify(value));
  return join(folder, file);
};

const mountebank =
  (headers: object): Peer['command'] =>
  (modules, folder, port, otherPort) => {
    const stubs = [{ responses: [{ is: { statusCode: 200, headers, body: BODY } }] }];
    const file = writeJson(folder, 'mountebank.json', { imposters: [{ port, protocol: 'http', stubs }] });
    return [join(modules, '.bin/mb'), 'start', '--port', String(otherPort), '--configfile', file, '--loglevel', 'error', '--nologfile'];
  };

const PEERS: readonly Peer[] = [
  { name: 'mountebank', package: 'mountebank@2.9.1', command: mountebank(HEADERS) },
  // By default it closes each connection.
  {
    name: 'mountebank, set to keep connections',
    package: 'mountebank@2.9.1',
    command: mountebank({ ...HEADERS, Connection: 'keep-alive' }),
  },
  {
    name: 'Mockoon',
    package: '@mockoon/cli@9.9.0',
    command: (modules, folder, port) => {
      const headers = Object.entries(HEADERS).map(([key, value]) => ({ key, value }));
      const response = {
        uuid: 'r',
        body: BODY,
        bodyType: 'INLINE',
        statusCode: 200,
        headers,
        disableTemplating: true,
        default: true,
        rules: [],
      };
      const route = { uuid: 'p', type: 'http', method: 'post', endpoint: 'PPPS.php', responses: [response] };
      const file = writeJson(folder, 'mockoon.json', {
        uuid: 'e',
        name: 'bench',
        port,
        hostname: '127.0.0.1',
        routes: [route],
        lastMigration: 33,
      });
      return [
        join(modules, '.bin/mockoon-cli'),
        'start',
        '--data',
        file,
        '--port',
        String(port),
        '--hostname',
        '127.0.0.1',
        '--repair',
        '--disable-log-to-file',
        '--max-transaction-logs',
        '1',
      ];
    },
  },
  {
    name: 'WireMock',
    package: 'wiremock@3.13.2',
    command: (modules, folder, port) => {
      writeJson(folder, 'wiremock/mappings/pay.json', {
        request: { method: 'POST', url: '/PPPS.php' },
        response: { status: 200, headers: HEADERS, body: BODY },
      });
      const build = join(modules, 'wiremock/build');
      const jar = readdirSync(build).find((name) => name.endsWith('.jar')) ?? '';
      const quiet = ['--disable-banner', '--no-request-journal', '--use-chunked-encoding', 'never'];
      return ['java', '-jar', join(build, jar), '--port', String(port), '--root-dir', join(folder, 'wiremock'), ...quiet];
    },
  },
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const acceptsConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => resolve(true));
    socket.on('connect', () => socket.destroy()).on('error', () => resolve(false));
  });

async function measurePeer(peer: Peer, modules: string, folder: string, requests: number): Promise<LoadResult> {
  const port = await freePort();
  const [program, ...args] = peer.command(modules, folder, port, await freePort());
  const child = spawn(program, args, { stdio: 'ignore', cwd: folder });
  try {
    for (let tries = 0; !(await acceptsConnections(port)); tries++) {
      if (child.exitCode !== null || tries > 600) throw new Error(`${peer.name} did not start: ${[program, ...args].join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return await measureLoad(port, requests);
  } finally {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

/** Compares the simulator, which stores every payment, with tools that answer one static body. The tools are installed from npm first. */
export const peers: Benchmark = async ({ folder, rounds, requests, print }) => {
  const home = join(folder, 'peers');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{}');
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', ...new Set(PEERS.map((peer) => peer.package))], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const hasJava = spawnSync('java', ['-version']).status === 0;
  if (!hasJava) print('WireMock is skipped: Java is not installed.');
  const runnable = PEERS.filter(({ name }) => hasJava || name !== 'WireMock');
  const measurements: Readonly<Record<string, (round: number) => Promise<LoadResult>>> = {
    [MEMORY.name]: () => measureServer(MEMORY, '', requests),
    [SQLITE.name]: (round) => measureServer(SQLITE, join(folder, `peers-${round}.db`), requests),
    ...Object.fromEntries(runnable.map((peer) => [peer.name, () => measurePeer(peer, join(home, 'node_modules'), home, requests)])),
  };
  const measured: Record<string, LoadResult[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(measurements)) measured[name] = [...(measured[name] ?? []), await measure(round)];
  }
  const medianOf = (name: string, read: (load: LoadResult) => number): number => median((measured[name] ?? []).map(read));
  const rows = Object.keys(measurements).map((name) => ({
    name,
    requestsPerSecond: medianOf(name, (load) => load.requestsPerSecond),
    p99: medianOf(name, (load) => load.p99),
    memoryTimes: medianOf(MEMORY.name, (load) => load.requestsPerSecond) / medianOf(name, (load) => load.requestsPerSecond),
  }));
  print(
    `${requests} requests over 32 connections, median of ${rounds} rounds; the simulator stores each payment, the others answer one static body:`,
  );
  for (const row of rows)
    print(
      `  ${row.name.padEnd(40)} ${row.requestsPerSecond.toFixed(0).padStart(6)}/s, p99 ${row.p99.toFixed(1)} ms; the simulator in memory does ${row.memoryTimes.toFixed(1)} times as many`,
    );
  return { requests, rounds, rows };
};
