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

/** The account of a target's options. */
function accountOf({ site, rang, identifiant, cle, hmacKey, protocol }: TargetOptions): TargetAccount {
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
  if (!/^https?:\/\//.test(url)) throw new UserError(`${url} is no URL: write http://127.0.0.1:8888/PPPS.php.`);
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

/** Works on the endpoint of the options, or on a simulator started for it. */
export function withTarget<Result>(options: TargetOptions, work: (target: Target) => Promise<Result>): Promise<Result> {
  return options.target === undefined ? withSimulator(work) : work(endpointOf(options.target, options));
}
