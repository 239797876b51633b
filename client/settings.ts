import { type Credentials, GATEWAY_PATH, HOSTED_PAGE_PATHS, isHashName, REMOTE_MPI_PATH } from '../contracts/index.js';
import { customerUrlOf } from './customer-url.js';
import { MisuseError } from './errors/client-error.js';
import { ignoreLogErrors, type Log, type Trace } from './events.js';
import type { ClientOptions } from './options.js';
import { type QuestionNumberSource, randomQuestionNumber } from './question-number.js';

/** The options of the client, validated and with defaults. */
export interface Settings {
  /** URL of the main host, then of the backup host if there is one. */
  readonly hosts: readonly [string, ...string[]];
  /** Address of RemoteMPI. */
  readonly mpiUrl: string;
  /** Address of the hosted page. */
  readonly hostedPageUrl: string;
  /** The variables that are the same in every question. */
  readonly accountVariables: { readonly VERSION: string; readonly SITE: string; readonly RANG: string; readonly IDENTIFIANT?: string };
  readonly credentials: Credentials;
  /** Milliseconds. */
  readonly timeout: number;
  readonly fetch: typeof globalThis.fetch;
  readonly questionNumber: QuestionNumberSource;
  readonly now: () => Date;
  /** Milliseconds. */
  readonly askAfter: readonly number[];
  /** Undefined: only where a lost question cannot be reconciled otherwise. */
  readonly precheck: boolean | undefined;
  /** Undefined: nothing is logged. */
  readonly log: Log | undefined;
  readonly trace: Trace | undefined;
}

const DEFAULT_ASK_AFTER: readonly number[] = [0, 1_000, 3_000];

const [HOSTED_PAGE_PATH] = HOSTED_PAGE_PATHS;

/** A URL of each service, by its path. */
const EXAMPLES: Readonly<Record<string, string>> = {
  [GATEWAY_PATH]: 'https://preprod-ppps.paybox.com',
  [REMOTE_MPI_PATH]: 'https://preprod-tpeweb.paybox.com',
  [HOSTED_PAGE_PATH]: 'https://preprod-tpeweb.paybox.com',
};

function check(isValid: boolean, problem: string): void {
  if (!isValid) throw new MisuseError(`createClient: ${problem}.`);
}

function parseUrl(name: string, text: string, defaultPath: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new MisuseError(`createClient: ${name} must be a URL, such as ${EXAMPLES[defaultPath]}.`);
  }
  check(/^https?:$/.test(url.protocol), `${name} must start with https:// or http://`);
  check(url.username === '' && url.password === '', `${name} must not contain a user or password`);
  url.hash = '';
  url.search = '';
  if (url.pathname === '/') url.pathname = defaultPath;
  return url.href;
}

function credentialsOf({ cle, hmacKey, hash }: ClientOptions): Credentials {
  check((cle === undefined) !== (hmacKey === undefined), 'exactly one of cle and hmacKey must be given');
  if (hmacKey === undefined) {
    check(typeof cle === 'string' && cle !== '', 'cle must be a non-empty string');
    return { cle: cle ?? '' };
  }
  check(typeof hmacKey === 'string' && /^([0-9a-f]{2})+$/i.test(hmacKey), 'hmacKey must be hex digits, usually 128 of them');
  check(hash === undefined || isHashName(hash), 'hash must be one of SHA512, SHA384, SHA256, SHA224, RIPEMD160');
  return { hmacKey, ...(hash !== undefined && { hash }) };
}

/** The longest delay of setTimeout in milliseconds: a longer timer fires at once. */
const MAX_DELAY = 2_147_483_647;

const isDuration = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= MAX_DELAY;

/**
 * Checks that a timeout is valid.
 *
 * @param where function or method to name in the error
 * @throws MisuseError if it is not a whole number of milliseconds, from 1, that a timer can wait
 */
export function checkTimeout(where: string, timeout: number): void {
  if (!isDuration(timeout) || !Number.isInteger(timeout) || timeout === 0)
    throw new MisuseError(`${where}: timeout must be a whole number of milliseconds from 1 to ${MAX_DELAY}.`);
}

/**
 * Validates the options and applies the defaults.
 *
 * @throws MisuseError naming the option that is not valid
 */
export function readOptions(options: ClientOptions): Settings {
  const { url, backupUrl, mpiUrl, hostedPageUrl, site, rang, identifiant, version, timeout, askAfter = DEFAULT_ASK_AFTER } = options;
  check(/^\d{1,7}$/.test(site), 'site must be one to seven digits');
  check(/^\d{1,3}$/.test(rang), 'rang must be one to three digits');
  check(version === '00103' || version === '00104', 'version must be 00103 or 00104');
  checkTimeout('createClient', timeout);
  check(Array.isArray(askAfter) && askAfter.every(isDuration), `askAfter must be an array of milliseconds, each from 0 to ${MAX_DELAY}`);
  const main = parseUrl('url', url, GATEWAY_PATH);
  const backup = backupUrl === undefined ? [] : [parseUrl('backupUrl', backupUrl, GATEWAY_PATH)];
  return {
    hosts: [main, ...backup],
    mpiUrl: mpiUrl === undefined ? customerUrlOf(main, REMOTE_MPI_PATH) : parseUrl('mpiUrl', mpiUrl, REMOTE_MPI_PATH),
    hostedPageUrl:
      hostedPageUrl === undefined ? customerUrlOf(main, HOSTED_PAGE_PATH) : parseUrl('hostedPageUrl', hostedPageUrl, HOSTED_PAGE_PATH),
    accountVariables: { VERSION: version, SITE: site, RANG: rang, ...(identifiant !== undefined && { IDENTIFIANT: identifiant }) },
    credentials: credentialsOf(options),
    timeout,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    questionNumber: options.questionNumber ?? randomQuestionNumber,
    now: options.now ?? (() => new Date()),
    askAfter,
    precheck: options.precheck,
    log: options.log && ignoreLogErrors(options.log),
    trace: options.trace,
  };
}
