// Preloaded into Node programs whose requests are routed to a simulator, because fetch and https of Node 20 ignore HTTPS_PROXY.
import { syncBuiltinESMExports } from 'node:module';
import { connect as connectPlain } from 'node:net';
import { Duplex } from 'node:stream';
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls';
import { gatewayHost } from '../../contracts/hosts.js';
import { bypassesProxy, proxyAddress } from '../trust/proxy.js';

const simulator = process.env.PAYBOX_SIM_URL;
const connect = tls.connect;

type Callback = () => void;
type Arguments =
  | [port: number, host?: string, options?: ConnectionOptions]
  | [port: number, options?: ConnectionOptions]
  | [ConnectionOptions];

// tls.connect has three signatures.
function optionsOf(args: readonly unknown[]): ConnectionOptions {
  const [first, second] = args;
  const named = args.find((one): one is ConnectionOptions => typeof one === 'object' && one !== null) ?? {};
  if (typeof first === 'object') return named;
  return { ...named, port: Number(first), ...(typeof second === 'string' && { host: second }) };
}

/**
 * Returns the host of an HTTPS connection; undefined for other connections. A connection over a given socket already goes
 * through a tunnel, or upgrades another protocol to TLS, such as a database's.
 */
const httpsHost = ({ host, port, socket, path }: ConnectionOptions): string | undefined =>
  socket || path || Number(port) !== 443 ? undefined : host;

const isDirect = (host: string): boolean => bypassesProxy(host, process.env.no_proxy || process.env.NO_PROXY || '');

/**
 * Returns a connection that fails. Requests a tunnel to the host from the simulator, which refuses it and reports the refusal
 * where it runs; its reason becomes the error of the connection.
 */
function refusedConnection(host: string, options: ConnectionOptions, url: string, callback: Callback | undefined): TLSSocket {
  const socket = new Duplex({ read: () => {}, write: (_bytes, _encoding, done) => done() });
  const secure = connect({ ...options, socket }, callback);
  const target = `${host.includes(':') ? `[${host}]` : host}:443`;
  const tunnel = connectPlain(proxyAddress(url), () => tunnel.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
  let reply = '';
  tunnel.on('data', (bytes: Buffer) => (reply += bytes.toString()));
  tunnel.on('error', () => {});
  tunnel.on('close', () => {
    const reason = /^HTTP\/1\.1 403 [\s\S]*?\r\n\r\n([\s\S]+)/.exec(reply)?.[1]?.trimEnd();
    const message = reason ?? `${target} was refused: it is not one of the gateway's hosts, and the simulator at ${url} does not answer.`;
    secure.destroy(Object.assign(new Error(message), { code: 'ECONNREFUSED' }));
  });
  secure.once('close', () => tunnel.destroy());
  return secure;
}

if (simulator !== undefined) {
  tls.connect = ((...args: [...Arguments, callback?: Callback]) => {
    const options = optionsOf(args);
    const host = httpsHost(options);
    if (host === undefined || isDirect(host)) return Reflect.apply(connect, tls, args);
    const callback = args.find((one) => typeof one === 'function') as Callback | undefined;
    if (!gatewayHost(host)) return refusedConnection(host, options, simulator, callback);
    return connect({ ...options, servername: options.servername || host, ...proxyAddress(simulator) }, callback);
  }) as typeof tls.connect;
  syncBuiltinESMExports();
}
