import { sendQuestion } from '../scenarios/exchange.js';
import { endpointTarget, simulatorTarget, type Target, type TargetAccount } from '../scenarios/target.js';
import { createSimulator } from '../simulator/index.js';
import { UserError } from './user-error.js';

/** Options that say which endpoint scenarios are run against. */
export interface TargetOptions {
  /** The gateway's URL with its path; without it a simulator is started for the run. */
  readonly target?: string;
  readonly site?: string;
  readonly rang?: string;
  readonly identifiant?: string;
  readonly cle?: string;
  readonly hmacKey?: string;
  readonly protocol: '00103' | '00104';
}

/** What the options of the account may be. */
const ACCOUNT_OPTIONS: readonly (readonly [name: keyof TargetOptions, option: string, form: RegExp, says: string])[] = [
  ['site', '--site', /^\d{1,7}$/, 'one to seven digits'],
  ['rang', '--rang', /^\d{1,3}$/, 'one to three digits'],
  ['identifiant', '--identifiant', /^\d{1,10}$/, 'one to ten digits'],
  ['cle', '--cle', /./, 'the key of the account, not empty'],
  ['hmacKey', '--hmac-key', /^([0-9a-f]{2})+$/i, 'hex digits, 128 of them as a rule'],
];

// What a key is is not repeated: it would stand in logs.
function checkAccount(options: TargetOptions): void {
  const wrong = ACCOUNT_OPTIONS.filter(([name, , form]) => options[name] !== undefined && !form.test(options[name]));
  if (wrong.length > 0) throw new UserError(wrong.map(([, option, , says]) => `${option} is ${says}.`).join('\n'));
}

/** The account of a target's options. */
function accountOf(options: TargetOptions): TargetAccount {
  checkAccount(options);
  const { site, rang, identifiant, cle, hmacKey, protocol } = options;
  if (site === undefined || rang === undefined || (cle === undefined && hmacKey === undefined)) {
    throw new UserError('--target needs the account to use: --site, --rang, and --cle or --hmac-key.');
  }
  return {
    site,
    rang,
    version: protocol,
    ...(identifiant !== undefined && { identifiant }),
    ...(cle !== undefined && { cle }),
    ...(hmacKey !== undefined && { hmacKey }),
  };
}

/** Any endpoint, by its URL and the account of the options. */
export function endpointOf(url: string, options: TargetOptions): Target {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UserError(`${url} is no URL: write http://127.0.0.1:8888/PPPS.php.`);
  return endpointTarget(url, accountOf(options));
}

/** Works on a simulator that is there for as long as the work takes. */
export async function withSimulator<Result>(work: (target: Target) => Promise<Result>): Promise<Result> {
  const simulator = createSimulator();
  try {
    return await work(simulatorTarget(await simulator.listen()));
  } finally {
    await simulator.close();
  }
}

/**
 * Asks an endpoint one harmless question, so that one that is down or refuses the account is said once and not in every case.
 *
 * @throws UserError when it does not answer, or refuses the account
 */
async function probe(target: Target): Promise<void> {
  const endpoint = await target.open('probe');
  const inquiry = { NUMTRANS: '0000000001', NUMAPPEL: '0000000001' };
  const { reply } = await sendQuestion(endpoint, '00017', inquiry, {}, () => new Date()).catch((cause: unknown) => {
    throw new UserError(`No gateway answers at ${target.name}: ${(cause as Error).message}`, { cause });
  });
  if (reply.get('CODEREPONSE') === '00006') {
    throw new UserError(
      `${target.name} refuses the account (00006 ${reply.get('COMMENTAIRE') ?? ''}): check --site, --rang, and --cle or --hmac-key.`,
    );
  }
}

/** Works on the endpoint of the options, or on a simulator started for it. */
export async function withTarget<Result>(options: TargetOptions, work: (target: Target) => Promise<Result>): Promise<Result> {
  if (options.target === undefined) return withSimulator(work);
  const target = endpointOf(options.target, options);
  await probe(target);
  return work(target);
}
