import { decodeForm, type MaskOptions } from '../../contracts/index.js';
import { loadPatterns } from '../../contracts/patterns.js';
import type { Authentication } from '../engine/authentication.js';
import { parisDay } from '../engine/calendar.js';
import { type ChallengeAction, continueAuthentication, decideAuthentication, merchantAccount } from '../engine/decide-authentication.js';
import type { InjectedFault } from '../engine/fault.js';
import type { Finding } from '../engine/finding.js';
import type { Lookup } from '../engine/lookup.js';
import { type MpiRequest, readMpiRequest } from '../engine/mpi-request.js';
import { canEvaluate } from '../engine/rule.js';
import { makeStepEntry, type StepEntry } from '../journal/make-entry.js';
import type { NewStoredEntry } from '../journal/stored-entry.js';
import { type Store, StoreError } from '../store/store.js';
import { Answer } from './answer.js';
import type { Received } from './gateway.js';
import type { ProcessorConfiguration } from './question-processor.js';

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

/** The journal shows a step as an exchange. Listeners receive it as the answer to a question. */
function answerOf(storedEntry: NewStoredEntry, failure?: string): Answer {
  return new Answer({
    reply: {},
    text: '',
    isUrlEncoded: false,
    isFromHostedPage: false,
    id3d: '',
    fault: undefined,
    failure,
    usedUp: [],
    storedEntry,
  });
}

const OUTDATED = Symbol('outdated');

/** Holds the authentications of one gateway. Knows nothing of HTTP and sends nothing. */
export class Authenticator {
  readonly #store: Store;
  readonly #configuration: ProcessorConfiguration;
  readonly #now: () => number;
  readonly #journal: MaskOptions;
  readonly #onEntry: (answer: Answer) => void;

  /** @param now the gateway's time in milliseconds since the epoch */
  constructor(
    store: Store,
    configuration: ProcessorConfiguration,
    now: () => number,
    journal: MaskOptions,
    onEntry: (answer: Answer) => void,
  ) {
    this.#store = store;
    this.#configuration = configuration;
    this.#now = now;
    this.#journal = journal;
    this.#onEntry = onEntry;
  }

  /** Starts an authentication. Never throws: where the state cannot be written, `failure` says why. */
  async start({ body, tooLarge, host = 'main', isByGet = false }: Received): Promise<StartedAuthentication> {
    const problem = tooLarge ? 'too-large' : undefined;
    const request = readMpiRequest(tooLarge ? EMPTY_FORM : decodeForm(body), { host, isByGet, problem });
    try {
      for (;;) {
        await this.#settle();
        const started = await this.#begin(request);
        if (started !== OUTDATED) return started;
      }
    } catch (error) {
      await this.#configuration.rollback();
      return { failure: error instanceof Error ? error.message : String(error) };
    }
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
    await this.#settle();
    const now = this.#now();
    const lookup: Lookup = { account: '', day: parisDay(now), authentication: { ID3D: id3d } };
    const { result, answer } = await this.#store.transact<{ result?: ContinuedAuthentication; answer?: Answer }>(lookup, (found) => {
      const before = found.authentication;
      if (!before) return { facts: [], result: {} };
      const authentication = continueAuthentication(before, act, now);
      const hasEnded = before.outcome === '' && authentication.outcome !== '';
      const isChanged = authentication !== before;
      if (!isChanged && !act) return { facts: [], result: { result: { authentication, hasEnded } } };
      const entry = this.#entry({
        operation: 'challenge',
        at: now,
        account: before.account,
        reference: before.IdSession,
        request: [['ID3D', before.ID3D], ...(act ? [['action', act.action] as const] : [])],
        reply: [['(page)', authentication.outcome === '' ? 'challenge' : authentication.outcome]],
        findings: [],
      });
      return {
        facts: isChanged ? [{ fact: 'authentication', authentication }] : [],
        entry,
        result: { result: { authentication, hasEnded }, answer: answerOf(entry) },
      };
    });
    if (answer) this.#onEntry(answer);
    return result;
  }

  /** Writes a step of an authentication into the journal. Never throws. */
  async record(step: Omit<StepEntry, 'at'>): Promise<void> {
    const entry = this.#entry({ ...step, at: this.#now() });
    const failure = await this.#store
      .transact(undefined, () => ({ facts: [], entry, result: undefined }))
      .catch((error: unknown) => (error instanceof StoreError ? error.message : String(error)));
    this.#onEntry(answerOf(entry, failure));
  }

  #entry(step: StepEntry): NewStoredEntry {
    return makeStepEntry(step, this.#journal);
  }

  async #settle(): Promise<void> {
    await this.#configuration.settled();
    if (!canEvaluate(this.#configuration.committed.rules)) await loadPatterns();
  }

  async #begin(request: MpiRequest): Promise<StartedAuthentication | typeof OUTDATED> {
    const now = this.#now();
    const configuration = this.#configuration.committed;
    const account = merchantAccount(configuration.accounts, request.get('IdMerchant'));
    const lookup: Lookup = {
      account: account?.id ?? '',
      day: parisDay(now),
      authentication: { IdSession: request.get('IdSession') },
    };
    const begun = await this.#store.transact<{ started: StartedAuthentication; answer: Answer } | typeof OUTDATED>(
      lookup,
      (found, shared) => {
        if (!this.#configuration.isCurrent(configuration, shared)) return { facts: [], result: OUTDATED };
        const { rules } = this.#configuration.committed;
        if (!canEvaluate(rules)) return { facts: [], result: OUTDATED };
        const decision = decideAuthentication(request, account, found, rules, now);
        const { authentication, refusal, fault } = decision;
        const entry = this.#entry({
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
        });
        const counted = decision.rules.length > 0 ? this.#configuration.countCalls(decision.rules) : undefined;
        return {
          facts: decision.facts,
          entry,
          ...(counted !== undefined && { shared: counted }),
          result: { started: { authentication, isNew: decision.facts.length > 0, refusal, fault }, answer: answerOf(entry) },
        };
      },
    );
    if (begun === OUTDATED) return OUTDATED;
    this.#onEntry(begun.answer);
    return begun.started;
  }
}
