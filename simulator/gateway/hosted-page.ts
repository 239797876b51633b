import { cardSha1, decodeForm, type FormField, readOrderReference } from '../../contracts/index.js';
import type { Account } from '../engine/account.js';
import { type Authentication, outcomeAt } from '../engine/authentication.js';
import { parisDay } from '../engine/calendar.js';
import { type Checkout, type CheckoutAttempt, type EnteredCard, firstAccepted, type PaymentPlan } from '../engine/checkout.js';
import { endOf } from '../engine/decide-authentication.js';
import {
  authenticationFor,
  authenticationOfAttempt,
  decideAttempt,
  decideCheckout,
  endCheckout,
  questionOfAttempt,
  registersSubscriber,
} from '../engine/decide-checkout.js';
import type { InjectedFault } from '../engine/fault.js';
import { type Finding, finding } from '../engine/finding.js';
import { type Lookup, lookupOf } from '../engine/lookup.js';
import { type PbxRefusal, type PbxRequest, pbxAccount, readPbxRequest } from '../engine/pbx-request.js';
import { takeDue } from '../engine/take-due.js';
import type { StepEntry } from '../journal/make-entry.js';
import { TimeSlice } from '../store/time-slice.js';
import type { Received } from './gateway.js';
import type { OUTDATED, PageSteps } from './page-steps.js';

/** What became of a request to the hosted page. */
export interface StartedCheckout {
  /** Undefined: the request was refused, not processed, or the state could not be written. */
  readonly checkout?: Checkout | undefined;
  readonly refusal?: PbxRefusal | undefined;
  readonly failure?: string | undefined;
  readonly fault?: InjectedFault | undefined;
}

/** What became of an attempt to pay. */
export interface Attempted {
  readonly checkout: Checkout;
  /** The attempt that ended; undefined: the cardholder must be authenticated first, or the checkout has ended. */
  readonly attempt?: CheckoutAttempt | undefined;
  /** Whether the cardholder was authenticated, and the card is not in memory any more. */
  readonly isCardForgotten?: boolean;
  /** The authentication that the cardholder is asked for. */
  readonly authentication?: Authentication | undefined;
  /** The fault of a rule that matched the payment. */
  readonly fault?: InjectedFault | undefined;
}

/** What names the subscription to end: one of them. Empty: not sent. */
export interface SubscriptionName {
  /** The number of the subscription (B). */
  readonly ABONNEMENT: string;
  readonly REFERENCE: string;
}

/** Whether a payment was accepted on the hosted page. */
const isAccepted = (checkout: Checkout): boolean => firstAccepted(checkout) !== undefined;

/** Whether a checkout has a subscription that was not ended. */
const isSubscribed = (checkout: Checkout): checkout is Checkout & { readonly plan: PaymentPlan } =>
  checkout.plan?.kind === 'subscription' && checkout.plan.endedAt === 0;

/** What is doubtful about a request that ends a subscription. */
const formFindings = (request: StepEntry['request']): Finding[] =>
  ['VERSION', 'TYPE'].every((name) => request.some(([sent, value]) => sent === name && Number(value) === 1))
    ? []
    : [finding('checkout-doubtful', 'unsubscribeForm')];

/** How long an entered card is kept in memory while its holder is authenticated, in milliseconds of real time. */
const CARD_LIFE = 15 * 60_000;

/** Holds the checkouts of one gateway. Knows nothing of HTTP and sends nothing. */
export class HostedPage {
  readonly #steps: PageSteps;
  /** The cards of attempts whose holder is being authenticated, by ID3D. Never stored. */
  readonly #cards = new Map<string, { readonly card: EnteredCard; readonly until: number }>();

  constructor(steps: PageSteps) {
    this.#steps = steps;
  }

  /** Starts a checkout. Never throws: where the state cannot be written, `failure` says why. */
  async start({ body, tooLarge, contentType, host = 'main', isByGet = false }: Received): Promise<StartedCheckout> {
    const form = decodeForm(tooLarge ? new Uint8Array() : body);
    const request = readPbxRequest(form, { host, isByGet, contentType, problem: tooLarge ? 'too-large' : undefined });
    return this.#steps.startOrFail(() => this.#begin(request));
  }

  /**
   * Returns a checkout as it is now: its time may be over. Undefined: there is none.
   *
   * @throws StoreError when it could not be written
   */
  async current(id: string): Promise<Checkout | undefined> {
    return this.#end(id, false);
  }

  /** Ends a checkout because the customer cancelled. Returns it, or undefined when there is none. */
  async cancel(id: string): Promise<Checkout | undefined> {
    return this.#end(id, true);
  }

  /**
   * Attempts a payment with a card: the cardholder is authenticated first, if account and card want it.
   *
   * @returns undefined when there is no such checkout
   * @throws StoreError when it could not be written
   */
  async pay(id: string, card: EnteredCard): Promise<Attempted | undefined> {
    const checkout = await this.current(id);
    if (checkout?.state !== 'open') return checkout && { checkout };
    const account = this.#accountOf(checkout);
    const wanted = account && authenticationFor(checkout, account, card);
    if (!wanted) return this.#completeAttempt(id, card, checkout.ID3D);
    const started = await this.#authenticate(id, card, wanted);
    if (!started?.authentication) return started;
    const { ID3D, outcome } = started.authentication;
    if (outcome !== '') return this.#completeAttempt(id, card, ID3D);
    this.#keep(ID3D, card);
    return started;
  }

  /**
   * Continues an attempt whose cardholder was authenticated.
   *
   * @returns the checkout without an attempt if there is none to continue, or if its card is no longer in memory
   */
  async resume(id: string): Promise<Attempted | undefined> {
    const checkout = await this.current(id);
    if (!checkout || checkout.ID3D === '' || checkout.state !== 'open') return checkout && { checkout };
    const authentication = await this.#steps.store.authentication(checkout.ID3D);
    if (authentication && outcomeAt(authentication, this.#steps.now()) === '') return { checkout, authentication };
    const kept = this.#cards.get(checkout.ID3D);
    return kept ? this.#completeAttempt(id, kept.card, checkout.ID3D) : { checkout, isCardForgotten: true };
  }

  /** Does what is due now, of each checkout once: takes a payment, or ends the waiting of a pending one. It gives way to questions. */
  async *takeAllDue(): AsyncGenerator<Attempted, void, undefined> {
    const slice = new TimeSlice();
    const due = await this.#steps.store.checkouts({ dueBefore: this.#steps.now(), limit: DUE_AT_ONCE }).catch(() => []);
    for (const { id } of due) {
      const taken = await this.#takeDue(id).catch(() => undefined);
      if (taken) yield taken;
      if (slice.isOver) await slice.giveWay();
    }
  }

  /**
   * Ends a subscription. Never throws.
   *
   * @param fields the fields of the request, for the journal
   * @returns the checkout that it belongs to; undefined: nothing was ended, and the journal says why
   */
  async unsubscribe(
    account: Account | undefined,
    { ABONNEMENT, REFERENCE }: SubscriptionName,
    fields: readonly FormField[],
  ): Promise<Checkout | undefined> {
    const step = {
      operation: 'unsubscribe',
      at: this.#steps.now(),
      account: account?.id ?? '',
      reference: REFERENCE,
      request: fields.map(({ name, value }) => [name, value] as const),
    } as const;
    const refuse = async (reason: 'unsubscribeAccount' | 'noSubscription' | 'unwritten'): Promise<undefined> => {
      await this.record({ ...step, reply: [['ACQ', 'NO']], findings: [finding('checkout-refused', reason)] });
    };
    if (!account) return refuse('unsubscribeAccount');
    try {
      const id = ABONNEMENT === '' ? (await this.#withReference(account.id, REFERENCE, isSubscribed))?.id : ABONNEMENT;
      const ended = id === undefined ? undefined : await this.#endSubscription(id, account, step);
      return ended ?? (await refuse('noSubscription'));
    } catch (error) {
      console.error(error);
      return refuse('unwritten');
    }
  }

  /** Writes a step into the journal. Never throws. */
  record(step: Omit<StepEntry, 'at'>): Promise<void> {
    return this.#steps.record(step);
  }

  async #takeDue(id: string): Promise<Attempted | undefined> {
    await this.#steps.settled();
    const now = this.#steps.now();
    return this.#steps.write<Attempted | undefined>(this.#lookup(id), (found) => {
      const account = found.checkout && this.#accountOf(found.checkout);
      const taken = found.checkout && account && takeDue(found.checkout, account, found, now);
      if (!taken) return { facts: [], result: undefined };
      const { checkout, attempt, facts } = taken;
      // The attempt of a pending payment is already in the journal.
      if (!taken.isNewPayment) return { facts, result: taken };
      const step = {
        ...this.#attemptStep(checkout, attempt.at),
        payment: attempt.payment,
        reply: [['CODEREPONSE', attempt.code]] as const,
        findings: [],
      };
      return { facts, step, result: taken };
    });
  }

  #endSubscription(id: string, account: Account, step: Omit<StepEntry, 'reply' | 'findings'>): Promise<Checkout | undefined> {
    return this.#steps.write<Checkout | undefined>(this.#lookup(id), ({ checkout }) => {
      if (checkout?.account !== account.id || !isSubscribed(checkout)) return { facts: [], result: undefined };
      const ended = { ...checkout, plan: { ...checkout.plan, endedAt: endOf(step.at), due: [] } };
      return {
        facts: [{ fact: 'checkout', checkout: ended }],
        step: { ...step, reference: ended.REFERENCE, reply: [['ACQ', 'OK']], findings: formFindings(step.request) },
        result: ended,
      };
    });
  }

  #keep(ID3D: string, card: EnteredCard): void {
    const now = Date.now();
    for (const [key, { until }] of this.#cards) if (until <= now) this.#cards.delete(key);
    this.#cards.set(ID3D, { card, until: now + CARD_LIFE });
  }

  #lookup(id: string): Lookup {
    return { account: '', day: parisDay(this.#steps.now()), checkout: { id } };
  }

  #accountOf(checkout: Checkout): Account | undefined {
    return this.#steps.configuration.accounts.get(checkout.account);
  }

  async #begin(request: PbxRequest): Promise<StartedCheckout | typeof OUTDATED> {
    const instants = { now: this.#steps.now(), realNow: Date.now() };
    const { configuration } = this.#steps;
    const account = pbxAccount(request, configuration.accounts);
    const { reference } = readOrderReference(request.get('PBX_CMD'));
    const paid = account && (await this.#withReference(account.id, reference, isAccepted));
    const lookup: Lookup = {
      account: account?.id ?? '',
      day: parisDay(instants.now),
      checkout: paid ? { id: paid.id } : { REFERENCE: reference },
      REFABONNE: account && (await this.#subscriberOf(request, account.id)),
    };
    return this.#steps.writeWithRules<StartedCheckout>(configuration, lookup, (found, rules) => {
      const decision = decideCheckout(request, account, found, rules, instants);
      const { checkout, refusal, fault } = decision;
      return {
        facts: decision.facts,
        rules: decision.rules,
        step: {
          operation: 'checkout',
          at: instants.now,
          account: account?.id ?? '',
          reference: checkout?.REFERENCE ?? request.get('PBX_CMD'),
          request: request.form.fields.map(({ name, value }) => [name, value]),
          reply: [['(page)', checkout ? 'card' : (refusal?.page ?? 'none')], ...(checkout ? [['(checkout)', checkout.id] as const] : [])],
          findings: decision.findings,
        },
        result: { checkout, refusal, fault },
      };
    });
  }

  /** The newest checkout of an account with a reference that is as wanted. */
  async #withReference(account: string, REFERENCE: string, isWanted: (checkout: Checkout) => boolean): Promise<Checkout | undefined> {
    if (REFERENCE === '') return undefined;
    for (let before: string | undefined; ; ) {
      const checkouts = await this.#steps.store.checkouts({ REFERENCE, account, before, limit: SAME_REFERENCE });
      const found = checkouts.find(isWanted);
      if (found || checkouts.length < SAME_REFERENCE) return found;
      before = checkouts.at(-1)?.id;
    }
  }

  /** The subscriber that a request names: by PBX_REFABONNE, or else by PBX_TOKEN. */
  async #subscriberOf(request: PbxRequest, account: string): Promise<string | undefined> {
    const token = request.get('PBX_TOKEN');
    if (request.get('PBX_REFABONNE') !== '' || token === '') return request.get('PBX_REFABONNE') || undefined;
    const subscribers = await this.#steps.store.subscribers();
    return subscribers.find((one) => one.account === account && one.PORTEUR === token)?.REFABONNE;
  }

  async #end(id: string, isCancelled: boolean): Promise<Checkout | undefined> {
    await this.#steps.settled();
    const now = this.#steps.now();
    return this.#steps.write<Checkout | undefined>(this.#lookup(id), (found) => {
      if (!found.checkout) return { facts: [], result: undefined };
      const checkout = endCheckout(found.checkout, now, isCancelled);
      if (checkout === found.checkout) return { facts: [], result: checkout };
      const step = { ...this.#attemptStep(checkout, now), reply: [['(page)', checkout.state]] as const, findings: [] };
      return { facts: [{ fact: 'checkout', checkout }], step, result: checkout };
    });
  }

  #attemptStep({ id, account, REFERENCE }: Checkout, at: number) {
    return { operation: 'attempt', at, account, reference: REFERENCE, request: [['(checkout)', id]] } as const;
  }

  /** Starts the authentication of an attempt. Without one, the checkout has ended meanwhile. */
  #authenticate(id: string, card: EnteredCard, wanted: NonNullable<ReturnType<typeof authenticationFor>>): Promise<Attempted | undefined> {
    const now = this.#steps.now();
    return this.#steps.store.transact<Attempted | undefined>(this.#lookup(id), (found) => {
      const { checkout } = found;
      if (checkout?.state !== 'open') return { facts: [], result: checkout && { checkout } };
      const { facts, ...asked } = authenticationOfAttempt(checkout, card, wanted, found, now);
      return { facts, result: asked };
    });
  }

  /**
   * Decides the payment of an attempt, in one transaction with what it changes.
   *
   * @param ID3D the authentication of the holder of this card
   */
  #completeAttempt(id: string, card: EnteredCard, ID3D: string): Promise<Attempted | undefined> {
    this.#cards.delete(ID3D);
    return this.#steps.retryWhileOutdated(() => this.#decideAttempt(id, card, ID3D));
  }

  async #decideAttempt(id: string, card: EnteredCard, ID3D: string): Promise<Attempted | undefined | typeof OUTDATED> {
    const instants = { now: this.#steps.now(), realNow: Date.now() };
    const { now } = instants;
    const known = await this.#steps.store.checkout(id);
    const account = known && this.#accountOf(known);
    if (!known || !account || known.ID3D !== ID3D) return known && { checkout: known };
    const isOther = (checkout: Checkout): boolean => checkout.id !== id && isAccepted(checkout);
    const paid = await this.#withReference(account.id, known.REFERENCE, isOther);
    const paidBefore = paid && firstAccepted(paid)?.payment;
    const admitted = questionOfAttempt(known, account, card, now);
    const lookup: Lookup = {
      ...lookupOf(admitted, now),
      ...(registersSubscriber(known) && { REFABONNE: known.REFABONNE, tokenSha1: cardSha1(card.PORTEUR) }),
      checkout: { id },
    };
    return this.#steps.writeWithRules<Attempted>(this.#steps.configuration, lookup, (found, rules) => {
      const { checkout } = found;
      // Another request may have paid or ended it.
      if (checkout?.state !== 'open' || checkout.ID3D !== ID3D) return { facts: [], result: { checkout: checkout ?? known } };
      const decision = decideAttempt(checkout, card, { admitted, paidBefore }, found, rules, instants);
      const { result, facts, findings, fault } = decision;
      return {
        facts,
        rules: decision.rules,
        step: {
          ...this.#attemptStep(checkout, now),
          payment: result?.attempt.payment ?? '',
          request: [
            ['(checkout)', id],
            ['PORTEUR', card.PORTEUR],
            ['DATEVAL', card.DATEVAL],
            ['CVV', card.CVV],
            ['ID3D', checkout.ID3D],
          ],
          reply: [result ? ['CODEREPONSE', result.attempt.code] : ['(page)', 'none']],
          findings,
        },
        result: { checkout, ...result, fault },
      };
    });
  }
}

/** How many checkouts with something due are read at once. */
const DUE_AT_ONCE = 100;
/** How many checkouts of one reference are read at once. */
const SAME_REFERENCE = 100;
