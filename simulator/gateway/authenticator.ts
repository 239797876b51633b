import { decodeForm } from '../../contracts/index.js';
import type { Authentication } from '../engine/authentication.js';
import { parisDay } from '../engine/calendar.js';
import { type ChallengeAction, continueAuthentication, decideAuthentication, merchantAccount } from '../engine/decide-authentication.js';
import type { InjectedFault } from '../engine/fault.js';
import type { Finding } from '../engine/finding.js';
import type { Lookup } from '../engine/lookup.js';
import { type MpiRequest, readMpiRequest } from '../engine/mpi-request.js';
import type { StepEntry } from '../journal/make-entry.js';
import type { Received } from './gateway.js';
import type { OUTDATED, PageSteps } from './page-steps.js';

/** What became of a request to RemoteMPI. */
export interface StartedAuthentication {
  /** Undefined: the request was refused, not processed, or the state could not be written. */
  readonly authentication?: Authentication | undefined;
  /** Whether this request started it. If not, the customer loaded the page again. */
  readonly isNew?: boolean | undefined;
  /** Why it was refused. */
  readonly refusal?: Finding | undefined;
  /** Why the state could not be written. */
  readonly failure?: string | undefined;
  readonly fault?: InjectedFault | undefined;
}

/** What became of an authentication after a step of the cardholder. */
export interface ContinuedAuthentication {
  readonly authentication: Authentication;
  /** Whether this step ended it: its results must be sent. */
  readonly hasEnded: boolean;
}

const EMPTY_FORM = decodeForm(new Uint8Array());

/** Holds the authentications of one gateway. Knows nothing of HTTP and sends nothing. */
export class Authenticator {
  readonly #steps: PageSteps;

  constructor(steps: PageSteps) {
    this.#steps = steps;
  }

  /** Starts an authentication. Never throws: where the state cannot be written, `failure` says why. */
  async start({ body, tooLarge, contentType, host = 'main', isByGet = false }: Received): Promise<StartedAuthentication> {
    const problem = tooLarge ? 'too-large' : undefined;
    const request = readMpiRequest(tooLarge ? EMPTY_FORM : decodeForm(body), { host, isByGet, problem, contentType });
    return this.#steps.startOrFail(() => this.#begin(request));
  }

  /**
   * Continues an authentication: by what the cardholder did, or only by the time that passed.
   *
   * @param act undefined: the cardholder opened the page
   * @returns undefined when there is no authentication with this ID3D
   * @throws StoreError when it could not be written
   */
  async continue(
    id3d: string,
    act?: { readonly action: ChallengeAction; readonly code: string },
  ): Promise<ContinuedAuthentication | undefined> {
    await this.#steps.settled();
    const now = this.#steps.now();
    const lookup: Lookup = { account: '', day: parisDay(now), authentication: { ID3D: id3d } };
    return this.#steps.write<ContinuedAuthentication | undefined>(lookup, ({ authentication: before }) => {
      if (!before) return { facts: [], result: undefined };
      const authentication = continueAuthentication(before, act, now);
      const hasEnded = before.outcome === '' && authentication.outcome !== '';
      const isChanged = authentication !== before;
      const result = { authentication, hasEnded };
      if (!isChanged && !act) return { facts: [], result };
      return {
        facts: isChanged ? [{ fact: 'authentication', authentication }] : [],
        step: {
          operation: 'challenge',
          at: now,
          account: before.account,
          reference: before.IdSession,
          request: [['ID3D', before.ID3D], ...(act ? [['action', act.action] as const] : [])],
          reply: [['(page)', authentication.outcome === '' ? 'challenge' : authentication.outcome]],
          findings: [],
        },
        result,
      };
    });
  }

  /** Writes a step of an authentication into the journal. Never throws. */
  record(step: Omit<StepEntry, 'at'>): Promise<void> {
    return this.#steps.record(step);
  }

  async #begin(request: MpiRequest): Promise<StartedAuthentication | typeof OUTDATED> {
    const now = this.#steps.now();
    const { configuration } = this.#steps;
    const account = merchantAccount(configuration.accounts, request.get('IdMerchant'));
    const lookup: Lookup = {
      account: account?.id ?? '',
      day: parisDay(now),
      authentication: { IdSession: request.get('IdSession') },
    };
    return this.#steps.writeWithRules<StartedAuthentication>(configuration, lookup, (found, rules) => {
      const decision = decideAuthentication(request, account, found, rules, now);
      const { authentication, refusal, fault, facts } = decision;
      return {
        facts,
        rules: decision.rules,
        step: {
          operation: 'authenticate',
          at: now,
          account: account?.id ?? '',
          reference: request.get('IdSession'),
          request: request.form.fields.map(({ name, value }) => [name, value]),
          reply: authentication
            ? [
                ['(page)', authentication.outcome || 'challenge'],
                ['ID3D', authentication.ID3D],
              ]
            : [['(page)', refusal ? 'Erreur' : 'none']],
          findings: decision.findings,
        },
        result: { authentication, isNew: facts.length > 0, refusal, fault },
      };
    });
  }
}
