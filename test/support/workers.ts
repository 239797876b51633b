import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { decodeReply, encodeForm } from '../../contracts/index.js';
import { type Served, serve } from './command.js';
import { HEAD, type Variables } from './question.js';
import { tempFolder } from './temp-folder.js';

let questions = 0;

/** Starts `serve --workers` on a file of its own; it ends with the test. */
export async function serveWorkers(count: number, ...args: readonly string[]): Promise<Served & { readonly db: string }> {
  const db = join(await tempFolder(), 'state.db');
  const served = await serve('--db', db, '--workers', String(count), ...args);
  onTestFinished(async () => void (await served.stop()));
  return { ...served, db };
}

/** Sends a request over a connection of its own: the workers are given connections in turn. */
export function send(url: string, method: string, body: Uint8Array | string = ''): Promise<{ status: number; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent: false, headers: { 'Content-Length': Buffer.byteLength(body) } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Puts a question over a connection of its own; NUMQUESTION counts up unless it is given. */
export async function askWorkers(url: string, variables: Variables, path = ''): Promise<Variables> {
  const body = encodeForm(Object.entries({ ...HEAD, NUMQUESTION: String(++questions), ...variables }));
  const { bytes } = await send(`${url}${path}/PPPS.php`, 'POST', body);
  return Object.fromEntries(decodeReply(new Uint8Array(bytes)));
}

/** Calls the control API over a connection of its own; answers the body. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of it
export async function controlWorkers(url: string, method: string, path: string, body?: unknown): Promise<any> {
  const { bytes } = await send(`${url}${path}`, method, body === undefined ? '' : JSON.stringify(body));
  return bytes.length === 0 ? undefined : JSON.parse(bytes.toString());
}

/** Ids of the processes that a simulator has started. */
export function workersOf({ child }: Pick<Served, 'child'>): number[] {
  const found = execFileSync('ps', ['--ppid', String(child.pid), '-o', 'pid='], { encoding: 'utf8' });
  return found.trim().split(/\s+/).map(Number);
}
