import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { packageRoot } from '../../scenarios/package-root.js';
import type { CertificateAuthority } from '../../simulator/index.js';
import { replaceFile } from '../../simulator/transport/tls/replace-file.js';
import { proxyAddress } from '../trust/proxy-address.js';
import { javaStore } from '../trust/runtimes.js';
import { type Environment, proxyVariables, trustVariables, type Variables } from '../trust/variables.js';
import { PREPEND, phpIni, phpPrepend } from './php.js';

/** The environment of a program that is led to a simulator in the gateway's place. */
export interface ChildEnvironment {
  readonly env: Environment;
  /** Removes the files that the environment names. */
  remove(): void;
}

/** What the variables of {@link programVariables} lead to. */
export interface Lead {
  readonly authority: Pick<CertificateAuthority, 'file' | 'bundle'>;
  /** Base URL of the simulator, which is a proxy too; without it programs are made to trust the authority only. */
  readonly url: string | undefined;
  /** Where the files are kept that the variables name; made where there is none. */
  readonly folder: string;
}

// Authorities that the user trusts already stay trusted: theirs and ours in a file beside.
function withTheirs(variables: Variables, env: Environment, { authority, folder }: Lead): Variables {
  const own = readFileSync(authority.file, 'utf8');
  const isOurs = (file: string): boolean => file === authority.file || file === authority.bundle;
  return Object.fromEntries(
    Object.entries(variables).map(([name, file]) => {
      const theirs = env[name];
      if (!theirs || isOurs(theirs) || !existsSync(theirs)) return [name, file];
      const text = readFileSync(theirs, 'utf8');
      if (text.includes(own)) return [name, theirs];
      const joined = join(folder, `${name}.pem`);
      replaceFile(joined, `${text.trimEnd()}\n${own}`);
      return [name, joined];
    }),
  );
}

// What stands there already comes to stand at the end, where it wins.
const appended = (before = '', ...more: readonly string[]): string =>
  [...before.split(' ').filter((one) => one !== '' && !more.includes(one)), ...more].join(' ');

const quoteSpaces = (text: string): string => (text.includes(' ') ? `"${text}"` : text);

function javaOptions({ authority, url }: Lead): string[] {
  const store = javaStore(authority);
  const trust = existsSync(store) ? [`-Djavax.net.ssl.trustStore=${store}`, '-Djavax.net.ssl.trustStorePassword=changeit'] : [];
  const proxy = url === undefined ? undefined : proxyAddress(url);
  return [...(proxy ? [`-Dhttps.proxyHost=${proxy.host}`, `-Dhttps.proxyPort=${proxy.port}`] : []), ...trust].map(quoteSpaces);
}

function phpVariables(env: Environment, { authority, folder, url }: Lead): Variables {
  const prepend = url === undefined ? undefined : join(folder, PREPEND);
  if (prepend !== undefined && url !== undefined) replaceFile(prepend, phpPrepend(proxyAddress(url)));
  replaceFile(join(folder, 'paybox-sim.ini'), phpIni({ bundle: authority.bundle, prepend }));
  // An empty part stands for the directory that PHP was built with.
  const before = (env.PHP_INI_SCAN_DIR ?? '').split(delimiter).filter((one) => one !== folder);
  return { PHP_INI_SCAN_DIR: [...before, folder].join(delimiter) };
}

const PRELOAD = new URL('dist/cli/exec/node-preload.js', packageRoot()).href;

/**
 * The variables that make programs trust an authority and, given a simulator, take it for the gateway's hosts.
 *
 * @param env what the programs would find otherwise; what the user set in it is kept and added to
 */
export function programVariables(env: Environment, lead: Lead): Variables {
  const { authority, folder, url } = lead;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const java = javaOptions(lead);
  return {
    ...withTheirs(trustVariables(authority), env, lead),
    ...phpVariables(env, lead),
    ...(java.length > 0 && { JAVA_TOOL_OPTIONS: appended(env.JAVA_TOOL_OPTIONS, ...java) }),
    ...(url !== undefined && {
      ...proxyVariables(url, env),
      PAYBOX_SIM_URL: url,
      NODE_OPTIONS: appended(env.NODE_OPTIONS, `--import=${PRELOAD}`),
    }),
  };
}

/**
 * The environment in which a program's calls to the gateway's hosts come to a simulator and its certificate is trusted.
 *
 * @param url base URL of the simulator, which is a proxy too
 * @param env what the program would find otherwise
 */
export function childEnvironment(url: string, authority: Lead['authority'], env: Environment): ChildEnvironment {
  const folder = mkdtempSync(join(tmpdir(), 'paybox-sim-exec-'));
  return {
    env: { ...env, ...programVariables(env, { authority, url, folder }) },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
