import { sendQuestion } from '../scenarios/exchange.js';
import { endpointTarget, simulatorTarget, type Target, type TargetAccount } from '../scenarios/target.js';
import { createSimulator } from '../simulator/index.js';
import { messages } from './messages/index.js';
import { readSigningKey } from './signing-key.js';
import { UserError } from './user-error.js';

/** Options that select the endpoint to run scenarios against. */
export interface TargetOptions {
  /** URL of the gateway, including its path. Default: a simulator started for the run. */
  readonly target?: string;
  readonly site?: string;
  readonly rang?: string;
  readonly identifiant?: string;
  readonly cle?: string;
  readonly hmacKey?: string;
  readonly protocol: '00103' | '00104';
  /** The file of the private key with which a simulator started for the run signs results. */
  readonly signingKey?: string;
}

/** The formats of the account options. */
const ACCOUNT_OPTIONS = [
  ['site', /^\d{1,7}$/],
  ['rang', /^\d{1,3}$/],
  ['identifiant', /^\d{1,9}$/],
  ['cle', /./],
  ['hmacKey', /^([0-9a-f]{2})+$/i],
] as const satisfies readonly (readonly [name: keyof TargetOptions, pattern: RegExp])[];

// The messages do not repeat the values: a key would end up in logs.
function checkAccount(options: TargetOptions): void {
  const wrong = ACCOUNT_OPTIONS.filter(([name, pattern]) => options[name] !== undefined && !pattern.test(options[name]));
  const { formats } = messages().target;
  if (wrong.length > 0) throw new UserError(wrong.map(([name]) => formats[name]).join('\n'));
}

function accountFromOptions(options: TargetOptions): TargetAccount {
  checkAccount(options);
  const { site, rang, identifiant, cle, hmacKey, protocol } = options;
  if (site === undefined || rang === undefined || (cle === undefined && hmacKey === undefined)) {
    throw new UserError(messages().target.noAccount);
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

/**
 * Returns the endpoint with this URL and the account of the options.
 *
 * @throws UserError when the URL or an option of the account is not valid
 */
export function targetAt(url: string, options: TargetOptions): Target {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new UserError(messages().notUrl(url, 'http://127.0.0.1:8888/PPPS.php'));
  return endpointTarget(url, accountFromOptions(options));
}

/**
 * Runs `work` with a simulator that is closed afterwards. Questions are sent to its port; the control API is called in this process.
 *
 * @throws UserError when the signing key is not valid
 */
export async function withSimulator<Result>(
  work: (target: Target) => Promise<Result>,
  { signingKey }: Pick<TargetOptions, 'signingKey'> = {},
): Promise<Result> {
  const simulator = createSimulator(signingKey === undefined ? {} : { signingKey: readSigningKey(signingKey) });
  try {
    const controlFetch: typeof fetch = async (input, init) => simulator.fetch(new Request(input, init));
    return await work(simulatorTarget(await simulator.listen(), fetch, controlFetch));
  } finally {
    await simulator.close();
  }
}

/**
 * Sends one harmless question, so that an unreachable endpoint, an endpoint that is not a gateway or a refused account is reported once instead of in every case.
 *
 * @throws UserError when no gateway answers at the endpoint, or it refuses the account
 */
async function probe(target: Target): Promise<void> {
  const endpoint = await target.open('probe');
  const inquiry = { NUMTRANS: '0000000001', NUMAPPEL: '0000000001' };
  const { reply, wire } = await sendQuestion(endpoint, '00017', inquiry, {}, () => new Date()).catch((cause: unknown) => {
    throw new UserError(messages().target.noAnswer(target.name, (cause as Error).message), { cause });
  });
  if (wire.status !== 200 || !reply.has('CODEREPONSE')) {
    throw new UserError(messages().target.noGateway(target.name, wire.status, reply.has('CODEREPONSE')));
  }
  if (reply.get('CODEREPONSE') === '00006') {
    throw new UserError(messages().target.refused(target.name, reply.get('COMMENTAIRE') ?? ''));
  }
}

/**
 * Runs `work` with the endpoint of the options, or with a simulator started for it.
 *
 * @throws UserError when no gateway answers at the endpoint, or it refuses the account
 */
export async function withTarget<Result>(options: TargetOptions, work: (target: Target) => Promise<Result>): Promise<Result> {
  if (options.target === undefined) return withSimulator(work, options);
  const target = targetAt(options.target, options);
  await probe(target);
  return work(target);
}
