import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/**
 * Starts the simulator with a database file, runs the payment that it suggests, and ends it.
 *
 * @param command the program and its first arguments
 * @param n which payment of the file it must be
 * @param options options of `spawn`
 * @param visit called with the base URL of the simulator before it ends
 * @throws Error when there is no payment, or the simulator prints a warning
 */
export async function pay([program, ...args], db, n, options, visit = async () => {}) {
  const server = spawn(program, [...args, '--port', '0', '--db', db], options);
  const errors = server.stderr.toArray();
  let reply = '';
  for await (const line of createInterface(server.stdout)) {
    if (!/^ +curl /.test(line)) continue;
    ({ stdout: reply } = await promisify(execFile)('sh', ['-c', line.replace('$(date +%s)', n)]));
    await visit(/http:\/\/[^/]+/.exec(line)[0]).finally(() => server.kill('SIGTERM'));
  }
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  const error = Buffer.concat(await errors).toString();
  const isPaid = reply.includes(`NUMTRANS=000${1_000_000 + n}&`) && reply.includes('CODEREPONSE=00000');
  if (!isPaid || error.includes('Warning')) throw new Error(`The reply was: ${reply}\n${error}`);
}
