import { type MaskOptions, replyText } from '../../contracts/index.js';
import { loadPatterns } from '../../contracts/patterns.js';
import type { Account } from '../engine/account.js';
import { type Admitted, admit, type NotAdmitted } from '../engine/admit.js';
import { type Decision, decide } from '../engine/decide.js';
import type { InjectedFault } from '../engine/fault.js';
import { type Finding, finding } from '../engine/finding.js';
import { lookupOf } from '../engine/lookup.js';
import type { Question } from '../engine/question.js';
import { makeRefusal } from '../engine/refusal.js';
import { refusedReply } from '../engine/reply.js';
import { canEvaluate, isLastCall, type Rule } from '../engine/rule.js';
import { makeEntry, makeMissedEntry } from '../journal/make-entry.js';
import { type Store, StoreError, type TransactionResult } from '../store/store.js';
import { Answer } from './answer.js';
import type { Configuration } from './configuration/configuration.js';
import { recordEntry } from './record-entry.js';

/** The configuration that questions are answered on. */
export interface ProcessorConfiguration {
  readonly committed: Configuration;
  /** Resolves when a question can be answered; undefined when there is nothing to wait for. */
  settled(): Promise<void> | undefined;
  /** Whether the store still holds the configuration that a question was admitted on. Called inside a transaction. */
  isCurrent(admittedOn: Configuration, shared: string | undefined): boolean;
  /** Counts calls of rules. Returns the text that the transaction must write; undefined for nothing. Called inside a transaction. */
  countCalls(ids: readonly string[]): string | undefined;
  /** Reverts to what the store holds, after a transaction that failed. */
  rollback(): Promise<void>;
}

/** A configuration that nothing changes: for questions at a time of their own. */
export function fixedConfiguration(committed: Configuration): ProcessorConfiguration {
  return {
    committed,
    settled: () => undefined,
    isCurrent: () => true,
    countCalls: () => undefined,
    rollback: async () => {},
  };
}

type Decided = Pick<Decision, 'reply' | 'findings' | 'facts'> & Partial<Decision>;

const SECOND_TIME: readonly Finding[] = [finding('fault-staged', 'again')];

/** Closes the connection, so that the client asks what became of its question. */
const NO_REPLY: InjectedFault = { rule: '', delay: 0, reply: 'drop', description: 'closed without a reply' };

/** The result of an attempt on a configuration that was replaced meanwhile. */
const OUTDATED: TransactionResult<undefined> = { facts: [], result: undefined };

interface AnswerOptions {
  readonly at: number;
  readonly account?: Account;
  readonly failure?: string;
  readonly usedUp?: readonly string[];
}

const NONE: readonly string[] = [];

function usedUpBy(matched: readonly string[], rules: readonly Rule[]): readonly string[] {
  if (matched.length === 0) return NONE;
  return rules.filter((rule) => matched.includes(rule.id) && isLastCall(rule)).map(({ id }) => id);
}

function answerOf(
  question: Question,
  decided: Decided,
  { at, account, failure, usedUp = NONE }: AnswerOptions,
  journal: MaskOptions,
): Answer {
  const { reply, payment, fault } = decided;
  const text = replyText(reply);
  const isUrlEncoded = question.get('URL_ENCODE') === 'O';
  const storedEntry = makeEntry(question, decided, { at, text, account: account?.id }, journal);
  const inquired = storedEntry.operation === 'inquire' ? payment : undefined;
  return new Answer({
    reply,
    text: isUrlEncoded ? replyText(reply, true) : text,
    isUrlEncoded,
    isFromHostedPage: inquired?.origin === 'system',
    id3d: inquired?.ID3D ?? '',
    fault,
    failure,
    usedUp,
    storedEntry,
  });
}

const transacted = (answer: Answer, { facts }: Pick<Decided, 'facts'>): TransactionResult<Answer> => ({
  facts,
  entry: answer.storedEntry,
  result: answer,
});

const mayBeWritten = (error: unknown): boolean => error instanceof StoreError && error.mayBeWritten;

/**
 * Answers questions: admits each on the committed configuration, looks up what it names, decides, and commits the facts with the journal
 * entry in one transaction.
 */
export class QuestionProcessor {
  readonly #store: Store;
  readonly #configuration: ProcessorConfiguration;
  readonly #now: () => number;
  readonly #journal: MaskOptions;

  /**
   * @param now the gateway's time in milliseconds since the epoch
   * @param journal what the journal shows
   */
  constructor(store: Store, configuration: ProcessorConfiguration, now: () => number, journal: MaskOptions = {}) {
    this.#store = store;
    this.#configuration = configuration;
    this.#now = now;
    this.#journal = journal;
  }

  /**
   * Answers a question. Never throws: where the state cannot be written, the answer is 00003; where it is not known whether it was written,
   * the connection is closed without a reply.
   */
  async process(question: Question): Promise<Answer> {
    let hasTransacted = false;
    let isStored = false;
    try {
      for (;;) {
        const ready = this.#prepare();
        if (ready) await ready;
        const now = this.#now();
        const configuration = this.#configuration.committed;
        const admitted = admit(question, configuration.accounts);
        hasTransacted = true;
        const answer = await ('refusal' in admitted
          ? this.#makeRefusal(question, admitted, configuration, now)
          : this.#attempt(admitted, configuration, now));
        isStored = answer !== undefined;
        // A refused question meets no rule, and so no fault.
        if (answer?.fault?.processed === 'twice') await this.#processAgain(admitted as Admitted, now);
        if (answer) return answer;
      }
    } catch (error) {
      if (hasTransacted) await this.#configuration.rollback();
      return this.#failed(question, error, isStored || (hasTransacted && mayBeWritten(error)));
    }
  }

  /** Returns what must resolve before a question can be decided; undefined if nothing must. */
  #prepare(): Promise<unknown> | undefined {
    const pending = this.#configuration.settled();
    if (pending) return pending.then(() => this.#prepare());
    return canEvaluate(this.#configuration.committed.rules) ? undefined : loadPatterns();
  }

  /** Records a request that met no route. Never throws: where the journal cannot be written, the answer says why. */
  recordMissed(request: string, status: number, why?: string | Finding): Promise<Answer> {
    return recordEntry(this.#store, makeMissedEntry(request, status, this.#now(), why));
  }

  #makeRefusal(
    question: Question,
    { findings, refusal, account }: NotAdmitted,
    configuration: Configuration,
    now: number,
  ): Promise<Answer | undefined> {
    return this.#store.transact<Answer | undefined>(undefined, (_, shared) => {
      if (!this.#configuration.isCurrent(configuration, shared)) return OUTDATED;
      const decided = { reply: refusedReply(question, refusal, { account }), findings, facts: [] };
      return transacted(this.#answerOf(question, decided, { at: now }), decided);
    });
  }

  /** Resolves with undefined when another process changed the configuration after the question was admitted. */
  #attempt(admitted: Admitted, configuration: Configuration, now: number): Promise<Answer | undefined> {
    return this.#store.transact<Answer | undefined>(lookupOf(admitted, now), (found, shared) => {
      if (!this.#configuration.isCurrent(configuration, shared)) return OUTDATED;
      const { rules } = this.#configuration.committed;
      // Another process may have added the first rule with a pattern.
      if (!canEvaluate(rules)) return OUTDATED;
      const decision = decide(admitted, found, rules, { now, realNow: Date.now() });
      const usedUp = usedUpBy(decision.rules, rules);
      const done = transacted(this.#answerOf(admitted.question, decision, { at: now, account: admitted.account, usedUp }), decision);
      // In the same transaction: a rule for one call answers one question, in whichever process.
      const counted = decision.rules.length > 0 ? this.#configuration.countCalls(decision.rules) : undefined;
      return counted === undefined ? done : { ...done, shared: counted };
    });
  }

  // Like a gateway that has lost track: question numbers are not checked, and no rule is evaluated.
  #processAgain(admitted: Admitted, now: number): Promise<Answer> {
    const again = { ...admitted, account: { ...admitted.account, questionNumbers: 'off' } } as const;
    return this.#store.transact(lookupOf(again, now), (found) => {
      const decided = { ...decide(again, found, [], { now, realNow: Date.now() }), findings: SECOND_TIME };
      return transacted(this.#answerOf(admitted.question, decided, { at: now }), decided);
    });
  }

  // 00003 says that nothing was done, so that clients send the same order again.
  #failed(question: Question, error: unknown, mayBeStored: boolean): Answer {
    const failure = error instanceof Error ? error.message : String(error);
    const decided = mayBeStored ? { reply: {}, fault: NO_REPLY } : { reply: refusedReply(question, makeRefusal('00003')) };
    return this.#answerOf(question, { ...decided, findings: [], facts: [] }, { at: this.#now(), failure });
  }

  #answerOf(question: Question, decided: Decided, options: AnswerOptions): Answer {
    return answerOf(question, decided, options, this.#journal);
  }
}
