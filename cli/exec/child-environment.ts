import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GATEWAY_HOSTS } from '../../contracts/index.js';
import { isSingleFile, packageRoot } from '../../scenarios/package-root.js';
import { JAVA_STORE_PASSWORD } from '../../simulator/transport/tls/java-store.js';
import { replaceFile } from '../../simulator/transport/tls/replace-file.js';
import { noProxyEntries, proxyAddress } from '../trust/proxy.js';
import { type AuthorityFiles, type Environment, proxyVariables, trustVariables, type Variables } from '../trust/variables.js';
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
  readonly authority: AuthorityFiles;
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

/** Adds options at the end, where they take effect. An option that is there already, or a Java property with the same name, is removed. */
function appended(before = '', ...more: readonly string[]): string {
  const keyOf = (option: string): string => /^"?-D[^=]+=/.exec(option)?.[0].replace('"', '') ?? option;
  const added = new Set(more.map(keyOf));
  const kept = (before.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).filter((one) => !added.has(keyOf(one)));
  return [...kept, ...more].join(' ');
}

const quoteSpaces = (text: string): string => (text.includes(' ') ? `"${text}"` : text);

/** An entry of NO_PROXY in the syntax of Java, which knows no networks: a name stands for its subdomains too. */
function nonProxyHosts(noProxy: string): string {
  const names = noProxyEntries(noProxy).filter((entry) => !entry.includes('/'));
  const patterns = names.flatMap((name) =>
    /^[\d.]+$|:|^\*$/.test(name) ? [name] : [name.replace(/^\*?\./, ''), `*.${name.replace(/^\*?\./, '')}`],
  );
  return [...new Set(patterns.map((name) => (name.includes('::') ? `[${name.replace(/[[\]]/g, '')}]` : name)))].join('|');
}

function javaOptions({ authority, url }: ChildSettings, env: Environment): string[] {
  const proxy = url === undefined ? undefined : proxyAddress(url);
  const routes = proxy && {
    'https.proxyHost': proxy.host,
    'https.proxyPort': proxy.port,
    'http.nonProxyHosts': nonProxyHosts(proxyVariables(url ?? '', env).NO_PROXY ?? ''),
  };
  const trust = { 'javax.net.ssl.trustStore': authority.javaStore, 'javax.net.ssl.trustStorePassword': JAVA_STORE_PASSWORD };
  return Object.entries({ ...routes, ...trust }).map(([name, value]) => quoteSpaces(`-D${name}=${value}`));
}

function phpVariables(env: Environment, { authority, folder, url }: ChildSettings): Variables {
  const prepend = url === undefined ? undefined : join(folder, PREPEND_FILE);
  if (prepend !== undefined && url !== undefined) replaceFile(prepend, phpPrepend(proxyAddress(url), proxyVariables(url, env).NO_PROXY));
  replaceFile(join(folder, 'paybox-sim.ini'), phpIni({ bundle: authority.bundle, prepend }));
  // An empty entry stands for the directory that PHP was built with.
  const before = (env.PHP_INI_SCAN_DIR ?? '').split(delimiter).filter((one) => one !== folder);
  return { PHP_INI_SCAN_DIR: [...before, folder].join(delimiter) };
}

/** Adds a folder to a list of folders. */
const withFolder = (before: string | undefined, folder: string): string =>
  [folder, ...(before ?? '').split(delimiter).filter((one) => one !== '' && one !== folder)].join(delimiter);

/** Folder with the code that Python and Ruby load at their start. */
const PRELOADS = fileURLToPath(new URL('cli/exec/preload', packageRoot()));

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
  return {
    ...withUserAuthorities(trustVariables(authority), env, settings),
    ...phpVariables(env, settings),
    JAVA_TOOL_OPTIONS: appended(env.JAVA_TOOL_OPTIONS, ...javaOptions(settings, env)),
    ...(url !== undefined && {
      ...proxyVariables(url, env),
      PAYBOX_SIM_URL: url,
      PAYBOX_SIM_CA: settings.authority.file,
      PAYBOX_SIM_HOSTS: GATEWAY_HOSTS.map(({ host }) => host).join(','),
      PERL_LWP_ENV_PROXY: '1',
      PYTHONPATH: withFolder(env.PYTHONPATH, PRELOADS),
      RUBYLIB: withFolder(env.RUBYLIB, PRELOADS),
      RUBYOPT: appended(env.RUBYOPT, '-rpaybox_sim_preload'),
      NODE_OPTIONS: appended(env.NODE_OPTIONS, `--import=${PRELOAD}`),
    }),
  };
}

/**
 * Copies the files of the authority, whose own folder is private, to a folder that all users can read: a server may run its workers as
 * another user. The private key is not among them.
 */
export function sharedAuthority(authority: AuthorityFiles, folder: string): AuthorityFiles {
  // The mode of mkdir is subject to the umask. A folder of the user keeps its mode.
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o755);
  const copy = (file: string): string => {
    const target = join(folder, basename(file));
    replaceFile(target, readFileSync(file));
    return target;
  };
  return { file: copy(authority.file), bundle: copy(authority.bundle), javaStore: copy(authority.javaStore) };
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
    env: { ...env, ...programVariables(env, { authority: sharedAuthority(authority, folder), url, folder }) },
    remove,
  };
}
