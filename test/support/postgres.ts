import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const DEBIAN = '/usr/lib/postgresql';

function findBinaries(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(DEBIAN, version, 'bin')), ...(process.env.PATH ?? '').split(':')];
  return folders.find((folder) => existsSync(join(folder, 'initdb')));
}

const BINARIES = findBinaries();

/** Whether PostgreSQL is installed on this machine. */
export const hasPostgres = BINARIES !== undefined;

/** The owner of the test server, and the password that must not appear in any message. */
export const USER = 'paybox';
export const PASSWORD = 'never:shown@4711';

// PostgreSQL refuses to run as root.
const NOBODY = 65534;
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** Settings that make the server start and commit faster. */
const FAST_SETTINGS = [
  'fsync=off',
  'full_page_writes=off',
  'shared_buffers=32MB',
  'autovacuum=off',
  'listen_addresses=127.0.0.1',
  'logging_collector=off',
];

// Reads the signal that stops the server. When standard input is closed without one, the test process has ended, perhaps because it was
// killed: then the server's folder is deleted too.
const SCRIPT =
  'cd /; folder=$1; shift; "$@" & server=$!; read -r signal || ended=yes; kill -"${signal:-QUIT}" $server; wait $server; [ -z "$ended" ] || rm -rf "$folder"';

const binary = (name: string): string => join(BINARIES ?? '', name);

/** A PostgreSQL server with its own data directory. */
export class PostgresServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'paybox-sim-postgres-'));
  readonly port: number;
  #process: ChildProcess | undefined;
  #databases = 0;

  constructor(port: number) {
    this.port = port;
    if (asNobody.uid !== undefined) chownSync(this.#folder, NOBODY, NOBODY);
    const secret = join(this.#folder, 'password');
    writeFileSync(secret, PASSWORD);
    const options = ['-U', USER, '--auth-host=scram-sha-256', '--auth-local=trust', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C', '-N'];
    execFileSync(binary('initdb'), ['-D', this.#data, ...options], { ...asNobody, cwd: this.#folder, stdio: 'pipe' });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  /** Starts the server. Resolves when it accepts connections. */
  async start(): Promise<void> {
    const settings = [...FAST_SETTINGS, `unix_socket_directories=${this.#folder}`].flatMap((setting) => ['-c', setting]);
    const command = [binary('postgres'), '-D', this.#data, '-p', String(this.port), ...settings];
    const started = spawn('sh', ['-c', SCRIPT, 'sh', this.#folder, ...command], {
      ...asNobody,
      cwd: this.#folder,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#process = started;
    while (started.exitCode === null && !this.#isReady()) await wait(20);
    if (started.exitCode !== null) throw new Error(`PostgreSQL ended with ${started.exitCode}.`);
  }

  /** @param signal `INT`: connections are closed cleanly. `QUIT`: like a power cut */
  async stop(signal: 'INT' | 'QUIT' = 'INT'): Promise<void> {
    const stopped = this.#process;
    if (!stopped || stopped.exitCode !== null) return;
    const ended = new Promise((resolve) => stopped.once('exit', resolve));
    stopped.stdin?.end(`${signal}\n`);
    await ended;
  }

  /** Returns the URL of a database. */
  url(database: string, user = USER, password = PASSWORD): string {
    return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${this.port}/${database}`;
  }

  /** Creates an empty database. Returns its URL. */
  makeDatabase(encoding = 'UTF8'): string {
    const name = `test_${++this.#databases}`;
    this.sql('postgres', `CREATE DATABASE ${name} ENCODING '${encoding}' TEMPLATE template0`);
    return this.url(name);
  }

  /** Runs statements with psql. Returns its output without headings. */
  sql(database: string, statements: string): string {
    const args = [
      '-h',
      this.#folder,
      '-p',
      String(this.port),
      '-U',
      USER,
      '-d',
      database,
      '-qAtX',
      '-v',
      'ON_ERROR_STOP=1',
      '-c',
      statements,
    ];
    return execFileSync(binary('psql'), args, { cwd: this.#folder, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1e8 }).trim();
  }

  /** Returns the whole content of a database, as pg_dump writes it. */
  contentOf(database: string): string {
    const args = ['-h', this.#folder, '-p', String(this.port), '-U', USER, database];
    const dump = execFileSync(binary('pg_dump'), args, { cwd: this.#folder, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1e8 });
    // These lines contain a random token, which is different in each dump.
    return dump.replace(/^\\(un)?restrict .*$/gm, '');
  }

  #isReady(): boolean {
    try {
      return this.sql('postgres', 'SELECT 1') === '1';
    } catch {
      return false;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const listening = createServer().listen(0, '127.0.0.1', () => {
      const { port } = listening.address() as { port: number };
      listening.close(() => resolve(port));
    });
  });
}

let server: Promise<PostgresServer> | undefined;

async function start(): Promise<PostgresServer> {
  const started = new PostgresServer(await freePort());
  await started.start();
  return started;
}

/** Returns the server of this process, which its test files share. It is started at the first call. */
export function postgres(): Promise<PostgresServer> {
  server ??= start();
  return server;
}

/** Returns the name of the database in a URL. */
export const databaseOf = (url: string): string => new URL(url).pathname.slice(1);
