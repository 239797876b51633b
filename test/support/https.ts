import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { createSimulator, type ListenOptions, type Simulator, type SimulatorOptions } from '../../simulator/index.js';
import { connectRequest, RawConnection } from './raw-http.js';

/** Stores the certificate authority of a test file in a temporary folder instead of the user's. */
export function useTemporaryHome(): void {
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

/** A simulator that listens with HTTPS. */
export interface HttpsSimulator {
  readonly simulator: Simulator;
  readonly url: string;
  readonly httpsUrl: string;
  readonly port: number;
  /** The certificate of the authority, as PEM. */
  readonly ca: string;
  /** Path of the file with this certificate. */
  readonly file: string;
  /** Path of the file with all public authorities and this one. */
  readonly bundle: string;
  /** The messages of `onWarning`. */
  readonly refused: readonly string[];
}

/** Starts a simulator with HTTPS that is also a proxy. It is closed at the end of the test. */
export async function startHttpsSimulator(options: SimulatorOptions = {}, listenOptions: ListenOptions = {}): Promise<HttpsSimulator> {
  const simulator = createSimulator(options);
  const refused: string[] = [];
  const url = await simulator.listen({ https: true, proxy: true, onWarning: (message) => refused.push(message), ...listenOptions });
  onTestFinished(() => simulator.close());
  const { httpsUrl = '', certificateAuthority: { file, bundle } = { file: '', bundle: '' } } = simulator;
  return { simulator, url, httpsUrl, port: Number(new URL(url).port), ca: readFileSync(file, 'utf8'), file, bundle, refused };
}

/** Opens a TCP connection. It is closed at the end of the test. */
export function connectTcp(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectPlain(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
    onTestFinished(() => void socket.destroy());
  });
}

/** Opens a TLS connection and verifies the certificate of the server. It is closed at the end of the test. */
export function connectTls(options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options, () => resolve(socket));
    socket.once('error', reject);
    onTestFinished(() => void socket.destroy());
  });
}

/** Opens a TLS connection to localhost. */
export const connectLocalhost = async ({ port, ca }: Pick<HttpsSimulator, 'port' | 'ca'>): Promise<RawConnection> =>
  RawConnection.over(await connectTls({ port, host: '127.0.0.1', servername: 'localhost', ca }));

/** Opens a CONNECT tunnel to a host of the gateway. Returns the TLS connection inside it. */
export async function openTunnel({ port, ca }: Pick<HttpsSimulator, 'port' | 'ca'>, host: string): Promise<RawConnection> {
  const outside = RawConnection.over(await connectTcp(port));
  outside.send(connectRequest(`${host}:443`));
  const { status } = await outside.reply();
  if (status !== 200) throw new Error(`The tunnel to ${host} was refused with ${status}.`);
  return RawConnection.over(await connectTls({ socket: outside.release(), servername: host, ca }));
}
