import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import pc from 'picocolors';
import type { CertificateAuthority } from '../../simulator/index.js';
import type { CommandIo } from '../command-io.js';
import { programVariables, sharedAuthority } from '../exec/child-environment.js';
import { messages, translated } from '../messages/index.js';
import { runtimes } from '../trust/runtimes.js';
import { type ShellName, shellLines } from '../trust/shells.js';
import type { Variables } from '../trust/variables.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim ca env`. */
export interface CaEnvOptions {
  readonly shell: ShellName;
  readonly proxy?: string;
  readonly folder?: string;
  readonly json?: boolean;
}

/** Options of `paybox-sim ca bundle`. */
export interface CaBundleOptions {
  readonly into?: string;
}

async function authority(io: CommandIo): Promise<CertificateAuthority> {
  const { openAuthority } = await import('../../simulator/transport/tls/authority.js');
  const opened = await openAuthority();
  if (opened.notice !== undefined) io.stderr.write(`${translated('simulator', opened.notice)}\n`);
  return opened;
}

/** Prints the file with the certificate of the authority. Creates the authority if there is none. */
export async function caPath(io: CommandIo): Promise<void> {
  io.stdout.write(`${(await authority(io)).file}\n`);
}

/** Begins the authority in a file that also has others, so that a new one replaces it. */
const MARK = '# paybox-direct-simulator: for local tests only';

const MARKED = new RegExp(`\\n*${MARK}\\n-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\\n?`, 'g');

/**
 * Prints the public authorities and the simulator's. With `into`, adds the simulator's to a file with authorities instead.
 *
 * @throws UserError when the file cannot be read or written, or has no authorities
 */
export async function caBundle({ into }: CaBundleOptions, io: CommandIo): Promise<void> {
  const { file, bundle } = await authority(io);
  if (into === undefined) {
    io.stdout.write(readFileSync(bundle, 'utf8'));
    return;
  }
  try {
    const before = readFileSync(into, 'utf8');
    if (!before.includes('-----BEGIN ')) throw new Error(messages().ca.noCertificate);
    writeFileSync(into, `${before.replace(MARKED, '\n').trimEnd()}\n\n${MARK}\n${readFileSync(file, 'utf8')}`);
  } catch (cause) {
    throw new UserError(messages().ca.notAdded(into, (cause as Error).message), { cause });
  }
  io.stdout.write(`${into}\n`);
}

// Each proxy URL has its own folder, so that shells that use different proxies do not overwrite each other's files.
function ownFolder(opened: CertificateAuthority, url: string | undefined): string {
  const name = url === undefined ? 'trust' : url.replace(/^https?:\/\//, 'proxy-').replace(/[^\w.-]/g, '-');
  return join(dirname(opened.file), 'programs', name);
}

function variablesFor(opened: CertificateAuthority, url: string | undefined, given: string | undefined): Variables {
  const folder = given === undefined ? ownFolder(opened, url) : resolve(given);
  try {
    const files = given === undefined ? opened : sharedAuthority(opened, folder);
    return programVariables(process.env, { authority: files, url, folder });
  } catch (cause) {
    const { ca } = messages();
    const remedy = given === undefined ? ca.setHome : ca.otherFolder;
    throw new UserError(`${ca.notWritten(folder, (cause as Error).message)} ${remedy}`, { cause });
  }
}

/**
 * Prints the environment variables that make programs trust the authority and, with `proxy`, route their requests to a simulator.
 *
 * @throws UserError when the proxy is not a valid URL
 */
export async function caEnv({ shell, proxy, folder, json = false }: CaEnvOptions, io: CommandIo): Promise<void> {
  if (proxy !== undefined && !(/^https?:\/\/[^/]+\/?$/.test(proxy) && URL.canParse(proxy)))
    throw new UserError(messages().ca.notProxy(proxy));
  const url = proxy?.replace(/\/$/, '');
  const variables = variablesFor(await authority(io), url, folder);
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
  const { ca } = messages();
  const width = Math.max(ca.authority.length, ca.bundle.length) + 3;
  const head = [`${ca.authority.padEnd(width)}${file}`, `${ca.bundle.padEnd(width)}${bundle}`, ''];
  const lines = known.flatMap(({ name, trust, proxy }) => [
    pc.bold(name),
    ...trust.map((line) => `  ${line}`),
    ...(proxy === '' ? [] : [`  ${pc.dim(ca.proxy)} ${proxy}`]),
  ]);
  io.stdout.write(`${[...head, ...lines, '', ca.foot].join('\n')}\n`);
}
