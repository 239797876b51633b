import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this machine can run the shops. */
export const hasPhp = spawnSync('php', ['-r', 'exit(extension_loaded("openssl") ? 0 : 1);']).status === 0;

/** An order of a shop, as it describes it. */
interface ShopOrder {
  readonly state: 'waiting' | 'paid' | 'refused' | 'unknown' | 'none';
  readonly code: string | null;
  readonly numtrans: string | null;
  readonly id3d: string | null;
  readonly attempts: number;
  readonly questions: number;
  readonly results: { readonly server: number; readonly browser: number; readonly rejected: number };
}

/** A web shop of `scenarios/examples/php-shop` that runs. */
export interface PhpShop {
  readonly url: string;
  order(reference: string): Promise<ShopOrder>;
  /** The contents of the files that it keeps. */
  files(): Promise<string[]>;
  /** Ends it. @throws Error when PHP reported a problem */
  close(): Promise<void>;
}

/** Returns a port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a shop with several processes. `environment` has its settings. */
export async function openPhpShop(which: 'safe' | 'careless', environment: Readonly<Record<string, string>>): Promise<PhpShop> {
  const folder = await mkdtemp(join(tmpdir(), 'paybox-sim-shop-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn('php', ['-S', url.slice('http://'.length), '-t', `scenarios/examples/php-shop/${which}`], {
    // A group of its own: the processes of PHP's server end together.
    detached: true,
    env: { ...process.env, PHP_CLI_SERVER_WORKERS: '4', SHOP_DATA: folder, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const order = async (reference: string): Promise<ShopOrder> => (await fetch(`${url}/orders/${reference}`)).json() as Promise<ShopOrder>;
  for (let tries = 0; ; tries++) {
    if (await fetch(url).catch(() => undefined)) break;
    if (tries === 100 || child.exitCode !== null) throw new Error(`The shop does not start. ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    order,
    files: async () => Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'utf8'))),
    close: async () => {
      const closed = once(child, 'close');
      process.kill(-(child.pid as number), 'SIGKILL');
      await closed;
      await rm(folder, { recursive: true, force: true });
      const problems = output.split('\n').filter((line) => /PHP (?!\d)/.test(line));
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
  };
}
