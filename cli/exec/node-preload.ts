// Loaded into Node programs that are led to a simulator: fetch and https of Node 20 know no proxy variable.
import { syncBuiltinESMExports } from 'node:module';
import { connect as connectPlain } from 'node:net';
import { Duplex } from 'node:stream';
import tls, { type ConnectionOptions, type TLSSocket } from 'node:tls';
import { gatewayHost } from '../../contracts/hosts.js';
import { bypassesProxy } from '../trust/no-proxy.js';
import { proxyAddress } from '../trust/proxy-address.js';

const simulator = process.env.PAYBOX_SIM_URL;
const connect = tls.connect;

type Callback = () => void;
type Arguments =
  | [port: number, host?: string, options?: ConnectionOptions]
  | [port: number, options?: ConnectionOptions]
  | [ConnectionOptions];

// The three forms of tls.connect, as options.
function optionsOf(given: readonly unknown[]): ConnectionOptions {
  const [first, second] = given;
  const named = given.find((one): one is ConnectionOptions => typeof one === 'object' && one !== null) ?? {};
  if (typeof first === 'object') return named;
  return { ...named, port: Number(first), ...(typeof second === 'string' && { host: second }) };
}

/** The host that HTTPS is to be spoken to. One that was given a socket goes through a tunnel already, or is none of HTTPS: a database. */
const secureHost = ({ host, port, socket, path }: ConnectionOptions): string | undefined =>
  socket || path || Number(port) !== 443 ? undefined : host;

const isDirect = (host: string): boolean => bypassesProxy(host, process.env.no_proxy || process.env.NO_PROXY || '');

/** A connection that fails with what the simulator, asked for a tunnel as its proxy, says of the host: there it is told too. */
function refused(host: string, options: ConnectionOptions, url: string, callback: Callback | undefined): TLSSocket {
  const socket = new Duplex({ read: () => {}, write: (_bytes, _encoding, done) => done() });
  const secure = connect({ ...options, socket }, callback);
  const target = `${host.includes(':') ? `[${host}]` : host}:443`;
  const asked = connectPlain(proxyAddress(url), () => asked.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`));
  let reply = '';
  asked.on('data', (bytes: Buffer) => (reply += bytes.toString()));
  asked.on('error', () => {});
  asked.on('close', () => {
    const said = /^HTTP\/1\.1 403 [\s\S]*?\r\n\r\n([\s\S]+)/.exec(reply)?.[1]?.trimEnd();
    const why = said ?? `${target} was refused: it is none of the gateway's hosts, and the simulator at ${url} does not answer.`;
    secure.destroy(Object.assign(new Error(why), { code: 'ECONNREFUSED' }));
  });
  secure.once('close', () => asked.destroy());
  return secure;
}

if (simulator !== undefined) {
  tls.connect = ((...given: [...Arguments, callback?: Callback]) => {
    const options = optionsOf(given);
    const host = secureHost(options);
    if (host === undefined || isDirect(host)) return Reflect.apply(connect, tls, given);
    const callback = given.find((one) => typeof one === 'function') as Callback | undefined;
    if (!gatewayHost(host)) return refused(host, options, simulator, callback);
    return connect({ ...options, servername: options.servername || host, ...proxyAddress(simulator) }, callback);
  }) as typeof tls.connect;
  syncBuiltinESMExports();
}
