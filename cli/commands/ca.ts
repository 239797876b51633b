import { dirname, join } from 'node:path';
import pc from 'picocolors';
import type { CertificateAuthority } from '../../simulator/index.js';
import type { CommandIo } from '../command-io.js';
import { programVariables } from '../exec/child-environment.js';
import { runtimes } from '../trust/runtimes.js';
import { type ShellName, shellLines } from '../trust/shells.js';
import type { Variables } from '../trust/variables.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim ca env`. */
export interface CaEnvOptions {
  readonly shell: ShellName;
  readonly proxy?: string;
  readonly json?: boolean;
}

async function authority(io: CommandIo): Promise<CertificateAuthority> {
  const { openAuthority } = await import('../../simulator/transport/tls/authority.js');
  const opened = await openAuthority();
  if (opened.notice !== undefined) io.stderr.write(`${opened.notice}\n`);
  return opened;
}

/** Prints the file with the certificate of the authority. Creates the authority if there is none. */
export async function caPath(io: CommandIo): Promise<void> {
  io.stdout.write(`${(await authority(io)).file}\n`);
}

// Each proxy URL has its own folder, so that shells that use different proxies do not overwrite each other's files.
function variablesFor(opened: CertificateAuthority, url: string | undefined): Variables {
  const name = url === undefined ? 'trust' : url.replace(/^https?:\/\//, 'proxy-').replace(/[^\w.-]/g, '-');
  const folder = join(dirname(opened.file), 'programs', name);
  try {
    return programVariables(process.env, { authority: opened, url, folder });
  } catch (cause) {
    throw new UserError(
      `Cannot write the settings for PHP to ${folder}: ${(cause as Error).message}. Set PAYBOX_SIM_HOME to a writable folder.`,
      { cause },
    );
  }
}

/**
 * Prints the environment variables that make programs trust the authority and, with `proxy`, route their requests to a simulator.
 *
 * @throws UserError when the proxy is not a valid URL
 */
export async function caEnv({ shell, proxy, json = false }: CaEnvOptions, io: CommandIo): Promise<void> {
  if (proxy !== undefined && !(/^https?:\/\/[^/]+\/?$/.test(proxy) && URL.canParse(proxy)))
    throw new UserError(`--proxy ${proxy} is not the URL of a proxy. Example: http://127.0.0.1:8888`);
  const url = proxy?.replace(/\/$/, '');
  const variables = variablesFor(await authority(io), url);
  io.stdout.write(`${json ? JSON.stringify(variables, null, 2) : shellLines(shell, variables)}\n`);
}

/** Prints how to make each runtime trust the authority. */
export async function caTrust({ json = false }: { json?: boolean }, io: CommandIo): Promise<void> {
  const opened = await authority(io);
  const { file, bundle } = opened;
  const known = runtimes(opened);
  if (json) {
    io.stdout.write(`${JSON.stringify({ file, bundle, runtimes: known }, null, 2)}\n`);
    return;
  }
  const head = [`The certificate authority   ${file}`, `with the public ones        ${bundle}`, ''];
  const lines = known.flatMap(({ name, trust, proxy }) => [
    pc.bold(name),
    ...trust.map((line) => `  ${line}`),
    ...(proxy === '' ? [] : [`  ${pc.dim('proxy:')} ${proxy}`]),
  ]);
  const foot = [
    '',
    `It can only sign for localhost and the gateway's hosts. For a shell and the programs it starts: eval "$(paybox-sim ca env)"; add --proxy URL to route their requests to the simulator.`,
  ];
  io.stdout.write(`${[...head, ...lines, ...foot].join('\n')}\n`);
}
