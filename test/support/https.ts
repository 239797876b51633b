import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { createSimulator, type ListenOptions, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { RawConnection } from './raw-http.js';

/** Keeps the certificate authority of a file's tests in a folder of their own, away from the user's. */
export function ownHome(): void {
  const before = process.env.PAYBOX_SIM_HOME;
  const home = mkdtempSync(join(tmpdir(), 'paybox-sim-home-'));
  beforeAll(() => {
    process.env.PAYBOX_SIM_HOME = home;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.PAYBOX_SIM_HOME;
    else process.env.PAYBOX_SIM_HOME = before;
    rmSync(home, { recursive: true });
  });
}

/** A simulator that speaks HTTPS. */
export interface SecureSimulator {
  readonly simulator: Simulator;
  readonly url: string;
  readonly httpsUrl: string;
  readonly port: number;
  /** The authority's certificate, and the files. */
  readonly ca: string;
  readonly file: string;
  readonly bundle: string;
  /** What it told of refusals. */
  readonly refused: readonly string[];
}

/** Starts a simulator that speaks HTTPS and is a proxy; it ends with the test. */
export async function serveSecurely(options: SimulatorOptions = {}, doors: ListenOptions = {}): Promise<SecureSimulator> {
  const simulator = createSimulator(options);
  const refused: string[] = [];
  const url = await simulator.listen({ https: true, proxy: true, onRefused: (why) => refused.push(why), ...doors });
  onTestFinished(() => simulator.close());
  const { httpsUrl = '', certificateAuthority: { file, bundle } = { file: '', bundle: '' } } = simulator;
  return { simulator, url, httpsUrl, port: Number(new URL(url).port), ca: readFileSync(file, 'utf8'), file, bundle, refused };
}

/** A TCP connection; it ends with the test. */
export function connection(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectPlain(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
    onTestFinished(() => void socket.destroy());
  });
}

/** Secures a connection as a client that verifies does. */
export function secured(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => resolve(socket));
    socket.once('error', reject);
    onTestFinished(() => void socket.destroy());
  });
}

/** The connection inside a tunnel to a host of the gateway. */
export async function tunnel({ port, ca }: Pick<SecureSimulator, 'port' | 'ca'>, host: string): Promise<RawConnection> {
  const outside = RawConnection.over(await connection(port));
  outside.send(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
  const { status } = await outside.reply();
  if (status !== 200) throw new Error(`The tunnel to ${host} was refused with ${status}.`);
  return RawConnection.over(await secured({ socket: outside.release(), servername: host, ca }));
}
