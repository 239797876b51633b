import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { packageRoot } from '../../scenarios/package-root.js';
import type { CertificateAuthority } from '../../simulator/index.js';
import { javaStore } from '../trust/runtimes.js';
import { type Environment, proxyVariables, trustVariables, type Variables } from '../trust/variables.js';
import { phpIni, phpPrepend } from './php.js';

/** The environment of a program that is led to a simulator in the gateway's place. */
export interface ChildEnvironment {
  readonly env: Environment;
  /** Removes the files that the environment names. */
  remove(): void;
}

type Authority = Pick<CertificateAuthority, 'file' | 'bundle'>;

// Authorities that the user trusts already stay trusted: theirs and ours in a file of the run.
function withTheirs(variables: Variables, env: Environment, authority: Authority, folder: string): Variables {
  const own = readFileSync(authority.file, 'utf8');
  const isOurs = (file: string): boolean => file === authority.file || file === authority.bundle;
  return Object.fromEntries(
    Object.entries(variables).map(([name, file]) => {
      const theirs = env[name];
      if (!theirs || isOurs(theirs) || !existsSync(theirs)) return [name, file];
      const joined = join(folder, `${name}.pem`);
      writeFileSync(joined, `${readFileSync(theirs, 'utf8').trimEnd()}\n${own}`);
      return [name, joined];
    }),
  );
}

const appended = (before: string | undefined, ...more: readonly string[]): string => [before ?? '', ...more].filter(Boolean).join(' ');

const quoteSpaces = (text: string): string => (text.includes(' ') ? `"${text}"` : text);

function javaOptions(proxy: URL, authority: Authority): string[] {
  const store = javaStore(authority);
  const trust = existsSync(store) ? [`-Djavax.net.ssl.trustStore=${store}`, '-Djavax.net.ssl.trustStorePassword=changeit'] : [];
  return [`-Dhttps.proxyHost=${proxy.hostname}`, `-Dhttps.proxyPort=${proxy.port}`, ...trust].map(quoteSpaces);
}

function phpFolder(folder: string, proxy: URL, bundle: string): string {
  const prepend = join(folder, 'prepend.php');
  writeFileSync(prepend, phpPrepend(proxy));
  writeFileSync(join(folder, 'paybox-sim.ini'), phpIni({ bundle, prepend }));
  return folder;
}

const PRELOAD = new URL('dist/cli/exec/node-preload.js', packageRoot()).href;

/**
 * The environment in which a program's calls to the gateway's hosts come to a simulator and its certificate is trusted.
 *
 * @param url base URL of the simulator, which is a proxy too
 * @param env what the program would find otherwise; what the user set in it is kept and added to
 */
export function childEnvironment(url: string, authority: Authority, env: Environment): ChildEnvironment {
  const folder = mkdtempSync(join(tmpdir(), 'paybox-sim-exec-'));
  const proxy = new URL(url);
  const trust = withTheirs(trustVariables(authority), env, authority, folder);
  return {
    env: {
      ...env,
      ...proxyVariables(url, env),
      ...trust,
      PAYBOX_SIM_URL: url,
      // An empty part stands for the directory that PHP was built with.
      PHP_INI_SCAN_DIR: `${env.PHP_INI_SCAN_DIR ?? ''}${delimiter}${phpFolder(folder, proxy, authority.bundle)}`,
      JAVA_TOOL_OPTIONS: appended(env.JAVA_TOOL_OPTIONS, ...javaOptions(proxy, authority)),
      NODE_OPTIONS: appended(env.NODE_OPTIONS, `--import=${PRELOAD}`),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
