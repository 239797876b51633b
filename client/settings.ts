import { type Credentials, GATEWAY_PATH, isHashName } from '../contracts/index.js';
import { MisuseError } from './errors/misuse-error.js';
import { type Log, quietly, type Trace } from './events.js';
import type { ClientOptions } from './options.js';
import { type QuestionNumberSource, randomQuestionNumber } from './question-number.js';

/** Options, checked and filled in: what the rest of the client trusts. */
export interface Settings {
  /** The main host, then the backup where there is one. */
  readonly hosts: readonly [string, ...string[]];
  readonly head: { readonly VERSION: string; readonly SITE: string; readonly RANG: string; readonly IDENTIFIANT?: string };
  readonly credentials: Credentials;
  readonly timeout: number;
  readonly fetch: typeof globalThis.fetch;
  readonly questionNumber: QuestionNumberSource;
  readonly now: () => Date;
  readonly askAfter: readonly number[];
  /** Undefined: where nothing else tells. */
  readonly precheck: boolean | undefined;
  readonly log: Log;
  readonly trace: Trace | undefined;
}

const DEFAULT_ASK_AFTER: readonly number[] = [0, 1_000, 3_000];

function require(isRight: boolean, problem: string): void {
  if (!isRight) throw new MisuseError(`createClient: ${problem}.`);
}

function hostOf(name: string, text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new MisuseError(`createClient: ${name} is no URL.`);
  }
  require(/^https?:$/.test(url.protocol), `${name} begins with https:// (or http://)`);
  require(url.username === '' && url.password === '', `${name} holds no user or password`);
  url.hash = '';
  url.search = '';
  if (url.pathname === '/') url.pathname = GATEWAY_PATH;
  return url.href;
}

function credentialsOf({ cle, hmacKey, hash }: ClientOptions): Credentials {
  require((cle === undefined) !== (hmacKey === undefined), 'give either cle or hmacKey');
  if (hmacKey === undefined) {
    require(typeof cle === 'string' && cle !== '', 'cle is a text that is not empty');
    return { cle: cle ?? '' };
  }
  require(typeof hmacKey === 'string' && /^([0-9a-f]{2})+$/i.test(hmacKey), 'hmacKey is hex digits, 128 of them as a rule');
  require(hash === undefined || isHashName(hash), 'hash is one of SHA512, SHA384, SHA256, SHA224, RIPEMD160');
  return { hmacKey, ...(hash !== undefined && { hash }) };
}

/** A longer one would make a timer fire at once. */
const LONGEST_TIMER = 2_147_483_647;

const isDuration = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= LONGEST_TIMER;

/**
 * Checks a time-out.
 *
 * @param where what to name in the error
 * @throws MisuseError where it is none
 */
export function checkTimeout(where: string, timeout: number): void {
  if (!isDuration(timeout) || timeout === 0)
    throw new MisuseError(`${where}: timeout is a number of milliseconds from 1 to ${LONGEST_TIMER}.`);
}

/**
 * Checks the options and fills in what they leave out.
 *
 * @throws MisuseError naming what is wrong with them
 */
export function readOptions(options: ClientOptions): Settings {
  const { url, backupUrl, site, rang, identifiant, version, timeout, askAfter = DEFAULT_ASK_AFTER } = options;
  require(/^\d{1,7}$/.test(site), 'site is one to seven digits');
  require(/^\d{1,3}$/.test(rang), 'rang is one to three digits');
  require(version === '00103' || version === '00104', 'version is 00103 or 00104');
  checkTimeout('createClient', timeout);
  require(Array.isArray(askAfter) && askAfter.every(isDuration), 'askAfter is a list of milliseconds');
  const backup = backupUrl === undefined ? [] : [hostOf('backupUrl', backupUrl)];
  return {
    hosts: [hostOf('url', url), ...backup],
    head: { VERSION: version, SITE: site, RANG: rang, ...(identifiant !== undefined && { IDENTIFIANT: identifiant }) },
    credentials: credentialsOf(options),
    timeout,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    questionNumber: options.questionNumber ?? randomQuestionNumber,
    now: options.now ?? (() => new Date()),
    askAfter,
    precheck: options.precheck,
    log: quietly(options.log),
    trace: options.trace,
  };
}
