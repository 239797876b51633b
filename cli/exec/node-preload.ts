// Loaded into Node programs that `exec` starts: fetch and https of Node 20 know no proxy variable.
import { syncBuiltinESMExports } from 'node:module';
import tls, { type ConnectionOptions } from 'node:tls';
import { gatewayHost } from '../../contracts/hosts.js';

const simulator = process.env.PAYBOX_SIM_URL;
const connect = tls.connect;

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

// One that was given a socket goes through a tunnel already.
const isForGateway = ({ host, port, socket, path }: ConnectionOptions): boolean =>
  !socket && !path && Number(port) === 443 && host !== undefined && gatewayHost(host) !== undefined;

if (simulator !== undefined) {
  const { hostname, port } = new URL(simulator);
  tls.connect = ((...given: [...Arguments, callback?: () => void]) => {
    const options = optionsOf(given);
    if (!isForGateway(options)) return Reflect.apply(connect, tls, given);
    const callback = given.find((one) => typeof one === 'function') as (() => void) | undefined;
    const servername = options.servername || options.host;
    return connect({ ...options, ...(servername && { servername }), host: hostname, port: Number(port) }, callback);
  }) as typeof tls.connect;
  syncBuiltinESMExports();
}
