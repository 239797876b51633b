import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isSingleFile, packageRoot } from '../../scenarios/package-root.js';
import type { CertificateAuthority } from '../../simulator/index.js';
import { replaceFile } from '../../simulator/transport/tls/replace-file.js';
import { proxyAddress } from '../trust/proxy.js';
import { javaStore } from '../trust/runtimes.js';
import { type Environment, proxyVariables, trustVariables, type Variables } from '../trust/variables.js';
import { PREPEND_FILE, phpIni, phpPrepend } from './php.js';
import { makeProcessFolder } from './process-folder.js';

/** The environment of a program whose requests to the gateway are routed to a simulator. */
export interface ChildEnvironment {
  readonly env: Environment;
  /** Deletes the files that the environment refers to. */
  remove(): void;
}

/** The inputs of {@link programVariables}. */
export interface ChildSettings {
  readonly authority: Pick<CertificateAuthority, 'file' | 'bundle'>;
  /** Base URL of the simulator, which is also the proxy. If undefined, programs only trust the authority. */
  readonly url: string | undefined;
  /** Folder for the files that the variables refer to. Created if it does not exist. */
  readonly folder: string;
}

// Authorities that the user's environment trusts stay trusted: a joined file contains theirs and ours.
function withUserAuthorities(variables: Variables, env: Environment, { authority, folder }: ChildSettings): Variables {
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

// An option that is already there moves to the end: the last one takes effect.
const appended = (before = '', ...more: readonly string[]): string =>
  [...before.split(' ').filter((one) => one !== '' && !more.includes(one)), ...more].join(' ');

const quoteSpaces = (text: string): string => (text.includes(' ') ? `"${text}"` : text);

function javaOptions({ authority, url }: ChildSettings): string[] {
  const store = javaStore(authority);
  const trust = existsSync(store) ? [`-Djavax.net.ssl.trustStore=${store}`, '-Djavax.net.ssl.trustStorePassword=changeit'] : [];
  const proxy = url === undefined ? undefined : proxyAddress(url);
  return [...(proxy ? [`-Dhttps.proxyHost=${proxy.host}`, `-Dhttps.proxyPort=${proxy.port}`] : []), ...trust].map(quoteSpaces);
}

function phpVariables(env: Environment, { authority, folder, url }: ChildSettings): Variables {
  const prepend = url === undefined ? undefined : join(folder, PREPEND_FILE);
  if (prepend !== undefined && url !== undefined) replaceFile(prepend, phpPrepend(proxyAddress(url)));
  replaceFile(join(folder, 'paybox-sim.ini'), phpIni({ bundle: authority.bundle, prepend }));
  // An empty entry stands for the directory that PHP was built with.
  const before = (env.PHP_INI_SCAN_DIR ?? '').split(delimiter).filter((one) => one !== folder);
  return { PHP_INI_SCAN_DIR: [...before, folder].join(delimiter) };
}

const PRELOAD_FILE = new URL('dist/cli/exec/node-preload.js', packageRoot());
// Other programs cannot read what is inside the single executable.
const PRELOAD = isSingleFile() ? `data:text/javascript;base64,${readFileSync(PRELOAD_FILE, 'base64')}` : PRELOAD_FILE.href;

/**
 * Returns the variables that make programs trust an authority and, if there is a URL, route their requests to the gateway's
 * hosts to the simulator.
 *
 * @param env the environment to extend; its values are kept and added to
 */
export function programVariables(env: Environment, settings: ChildSettings): Variables {
  const { authority, folder, url } = settings;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const java = javaOptions(settings);
  return {
    ...withUserAuthorities(trustVariables(authority), env, settings),
    ...phpVariables(env, settings),
    ...(java.length > 0 && { JAVA_TOOL_OPTIONS: appended(env.JAVA_TOOL_OPTIONS, ...java) }),
    ...(url !== undefined && {
      ...proxyVariables(url, env),
      PAYBOX_SIM_URL: url,
      NODE_OPTIONS: appended(env.NODE_OPTIONS, `--import=${PRELOAD}`),
    }),
  };
}

/**
 * Returns an environment in which a program's requests to the gateway's hosts reach a simulator, and its certificate is trusted.
 *
 * @param url base URL of the simulator, which is also the proxy
 * @param env the environment to extend
 */
export function childEnvironment(url: string, authority: ChildSettings['authority'], env: Environment): ChildEnvironment {
  const { folder, remove } = makeProcessFolder('paybox-sim-exec');
  return {
    env: { ...env, ...programVariables(env, { authority, url, folder }) },
    remove,
  };
}
