import {
  type Bilingual,
  CANCELLED_CODE,
  commentOf,
  decodeForm,
  type FormField,
  formatAmount,
  PENDING_CODE,
  type ReturnEncoding,
  SUCCESS,
  TIMEOUT_CODE,
} from '../../contracts/index.js';
import type { PageAnswer } from '../authentication/handle-authentication.js';
import { type Checkout, type CheckoutAttempt, dueAt, type EnteredCard, firstAccepted, isSameCheckout } from '../engine/checkout.js';
import { canHappenToPage, type InjectedFault } from '../engine/fault.js';
import { firstRenewal } from '../engine/payment-plan.js';
import { fieldValue } from '../engine/question.js';
import type { Gateway, Received } from '../gateway/gateway.js';
import type { Attempted } from '../gateway/hosted-page.js';
import { type CallResult, type ShopCall, withQuery } from '../notifications/call-shop.js';
import { addressOf, answerPairs, type Deliveries, type Delivery } from '../notifications/delivery.js';
import { errorPage } from '../pages/error-page.js';
import type { Language } from '../pages/language.js';
import type { HtmlPage } from '../pages/layout.js';
import { selfPostingPage } from '../pages/self-posting-page.js';
import { pageLanguage } from './page-language.js';
import { CARD_TYPES, type CardPageOptions, cardPage, hostedErrorPage, RETURN_VARIABLES, receiptPage } from './pages.js';
import { notificationOf, type ReturnedResult, type ReturnOptions, returnAddress, type SentResult } from './return-values.js';
import { shownTestCards } from './test-cards.js';
import type { CardField } from './texts.js';

const FAILURES = {
  unwritten: {
    en: 'The simulator could not store the payment. Its output says why.',
    fr: 'Le simulateur n’a pas pu enregistrer le paiement. Sa sortie indique pourquoi.',
  },
  unknown: {
    en: 'There is no payment page with this number. The simulator may have been reset: start again from the shop.',
    fr: 'Aucune page de paiement n’a ce numéro. Le simulateur a peut-être été réinitialisé : recommencez depuis la boutique.',
  },
} as const satisfies Record<string, Bilingual>;

/** What the form of the card shows beside the checkout. `action` is by default that of a page that follows another one. */
type CardForm = Partial<Pick<CardPageOptions, 'action' | 'problem' | 'values'>>;

/** Plays Paybox System for the gateways of one process: shows the pages, calls the shops, takes what is due. */
export class HostedPageHandler {
  readonly #deliveries: Deliveries;
  /** The last call about a later payment of each checkout that is not made yet, by gateway and id. */
  readonly #calls = new WeakMap<Gateway, Map<string, Promise<void>>>();
  /** What ends the wait for what is due next, by gateway. */
  readonly #waits = new WeakMap<Gateway, AbortController>();

  constructor(deliveries: Deliveries) {
    this.#deliveries = deliveries;
  }

  /** Answers a request to one of the paths of the hosted page. See docs/protocol.md#section-9. */
  async start(received: Received, gateway: Gateway, path: string, acceptLanguage: string): Promise<PageAnswer> {
    const hostedPage = await gateway.hostedPage();
    const { checkout, refusal, failure, fault } = await hostedPage.start(received);
    const language = pageLanguage(checkout?.language, acceptLanguage);
    if (refusal) return hostedErrorPage(refusal.page, { language, details: [refusal.reason.message, refusal.reason.remedy] });
    if (!checkout) return { ...errorPage({ language, reason: failure === undefined ? '' : FAILURES.unwritten[language] }), fault };
    // Another process may have moved the clock.
    if (gateway.isShared) this.watch(gateway);
    return { ...(await this.#pageOf(gateway, checkout, language, { action: continueAddress(checkout, path) })), fault };
  }

  /** Answers a request to the page of a checkout. */
  async continue(received: Received, query: string, gateway: Gateway, acceptLanguage: string): Promise<PageAnswer> {
    const id = new URLSearchParams(query).get('id') ?? '';
    const { fields } = decodeForm(received.isByGet ? new Uint8Array() : received.body);
    let language = pageLanguage(undefined, acceptLanguage);
    try {
      const known = await gateway.checkout(id);
      language = pageLanguage(known?.language, acceptLanguage);
      return known ? await this.#act(gateway, known, fields, language) : errorPage({ language, reason: FAILURES.unknown[language] });
    } catch (error) {
      console.error(error);
      return errorPage({ language, reason: FAILURES.unwritten[language] });
    }
  }

  /** Does what is due of the checkouts of a gateway, now and whenever its clock passes it, until nothing is due any more. */
  watch(gateway: Gateway): void {
    this.#waits.get(gateway)?.abort();
    const wait = new AbortController();
    this.#waits.set(gateway, wait);
    this.#takeDue(gateway, wait).catch((error: unknown) => console.error(error));
  }

  async #act(gateway: Gateway, known: Checkout, fields: readonly FormField[], language: Language): Promise<PageAnswer> {
    const hostedPage = await gateway.hostedPage();
    const { id } = known;
    const startedAt = fieldValue(fields, 'startedAt');
    if (startedAt !== '' && startedAt !== String(known.startedAt)) return errorPage({ language, reason: FAILURES.unknown[language] });
    const action = fieldValue(fields, 'action');
    if (action === 'cancel') {
      const cancelled = await hostedPage.cancel(id);
      return this.#pageOf(gateway, cancelled ?? known, language);
    }
    if (action === 'pay') {
      const card = enteredCard(known, fields);
      const wrong = wrongFields(card, known);
      if (wrong.length === 0) return this.#attemptPage(gateway, await hostedPage.pay(id, card), language);
      const checkout = (await hostedPage.current(id)) ?? known;
      const values = { DATEVAL: fieldValue(fields, 'DATEVAL').slice(0, 7), TYPECARTE: fieldValue(fields, 'TYPECARTE') };
      return this.#pageOf(gateway, checkout, language, { problem: { fields: wrong }, values });
    }
    return this.#attemptPage(gateway, await hostedPage.resume(id), language);
  }

  async #attemptPage(gateway: Gateway, attempted: Attempted | undefined, language: Language): Promise<PageAnswer> {
    if (!attempted) return errorPage({ language, reason: FAILURES.unknown[language] });
    return { ...(await this.#pageAfter(gateway, attempted, language)), fault: pageFault(attempted.fault) };
  }

  async #pageAfter(
    gateway: Gateway,
    { checkout, attempt, authentication, isCardForgotten }: Attempted,
    language: Language,
  ): Promise<HtmlPage> {
    if (authentication && !attempt)
      return selfPostingPage({ language, url: 'ACS.cgi', method: 'GET', fields: [['ID3D', authentication.ID3D]] });
    if (!attempt) return this.#pageOf(gateway, checkout, language, { problem: isCardForgotten ? 'forgotten' : undefined });
    await this.#notify(gateway, checkout, attempt);
    // The shop may have taken its time, and the gateway may have been reset meanwhile.
    const stored = await gateway.checkout(checkout.id);
    if (!stored || !isSameCheckout(stored, checkout)) return errorPage({ language, reason: FAILURES.unknown[language] });
    if (dueAt(checkout) !== undefined) this.watch(gateway);
    return this.#pageOf(gateway, checkout, language, { problem: { code: attempt.code, text: commentOf(attempt.code) } });
  }

  async #cardPage(
    gateway: Gateway,
    checkout: Checkout,
    language: Language,
    { action = continueAddress(checkout), problem, values }: CardForm,
  ): Promise<HtmlPage> {
    const now = gateway.clock.now();
    const last = checkout.attempts.at(-1);
    const refuse = last && (await this.#address(gateway, checkout, checkout.addresses.PBX_REFUSE, last));
    const year = new Date(now).getUTCFullYear() + 3;
    return cardPage({
      language,
      merchant: checkout.account,
      reference: checkout.REFERENCE,
      amount: formatAmount(checkout.MONTANT, checkout.DEVISE),
      means: checkout.TYPECARTE === '' ? CARD_TYPES : [checkout.TYPECARTE],
      action,
      problem,
      values,
      startedAt: checkout.startedAt,
      secondsLeft: Math.max(0, (checkout.expiresAt - now) / 1000),
      links: { refuse },
      testCards: shownTestCards(language),
      testExpiry: `12/${String(year).slice(-2)}`,
      ...(checkout.token !== '' && { token: { card: checkout.card?.mask ?? '', expiry: checkout.DATEVAL.replace(/(?=..$)/, '/') } }),
      plan: shownPlan(checkout, now),
    });
  }

  /** The page of a checkout as it is: the form, while it is open; else a link to the shop with the result. */
  async #pageOf(gateway: Gateway, checkout: Checkout, language: Language, form: CardForm = {}): Promise<HtmlPage> {
    const { state } = checkout;
    if (state === 'open') return this.#cardPage(gateway, checkout, language, form);
    const code = CODES[state];
    const address = checkout.addresses[RETURN_VARIABLES[state]];
    const link = await this.#address(gateway, checkout, address, firstAccepted(checkout), code);
    const { browser } = checkout.faults;
    await this.#deliveries.waitFor(gateway, browser);
    return receiptPage({
      language,
      outcome: state,
      amount: formatAmount(checkout.MONTANT, checkout.DEVISE),
      reference: checkout.REFERENCE,
      code,
      link,
      isLost: address !== '' && browser?.lost,
      secondsToReturn: 1,
    });
  }

  async #address(
    gateway: Gateway,
    checkout: Checkout,
    address: string,
    attempt: CheckoutAttempt | undefined,
    code = attempt?.code ?? SUCCESS,
  ) {
    return returnAddress(await this.#resultOf(gateway, checkout, attempt, code), address, this.#options(gateway, checkout));
  }

  async #resultOf(gateway: Gateway, checkout: Checkout, attempt: CheckoutAttempt | undefined, code: string): Promise<ReturnedResult> {
    const [payment, authentication] = await Promise.all([
      attempt?.payment ? gateway.payment(attempt.payment) : undefined,
      attempt?.ID3D ? gateway.authentication(attempt.ID3D) : undefined,
    ]);
    return { checkout, code, attempt, payment, authentication };
  }

  #options(gateway: Gateway, { account }: Checkout): ReturnOptions {
    const encoding: ReturnEncoding = gateway.accountWithId(account)?.variants.returnEncoding ?? 'raw';
    return { encoding, signer: this.#deliveries.signer, now: gateway.clock.now() };
  }

  /**
   * Sends the last call of a checkout again, at once and without the faults of rules.
   *
   * @returns what became of it; undefined: there was no attempt, or the shop gave no address
   */
  async resend(gateway: Gateway, checkout: Checkout): Promise<CallResult | undefined> {
    const attempt = checkout.attempts.at(-1);
    if (!attempt || checkout.addresses.PBX_REPONDRE_A === '') return undefined;
    const { makeCall, ...delivery } = this.#deliveryOf(gateway, { ...checkout, faults: {} }, attempt);
    return this.#deliveries.call(delivery, await makeCall());
  }

  /** Calls the shop with the result of an attempt. See docs/protocol.md#section-9. */
  async #notify(gateway: Gateway, checkout: Checkout, attempt: CheckoutAttempt): Promise<void> {
    if (checkout.addresses.PBX_REPONDRE_A !== '') await this.#deliveries.send(this.#deliveryOf(gateway, checkout, attempt));
  }

  // A shop that does not answer must not hold up the payments of others. The calls of one checkout stay in their order.
  #notifyNext(gateway: Gateway, checkout: Checkout, attempt: CheckoutAttempt): void {
    const calls = this.#calls.get(gateway) ?? new Map<string, Promise<void>>();
    this.#calls.set(gateway, calls);
    const last = calls.get(checkout.id) ?? Promise.resolve();
    const next = last.then(() => this.#notify(gateway, checkout, attempt)).catch((error: unknown) => console.error(error));
    calls.set(checkout.id, next);
    void next.then(() => calls.get(checkout.id) === next && calls.delete(checkout.id));
  }

  #deliveryOf(gateway: Gateway, checkout: Checkout, attempt: CheckoutAttempt): Delivery {
    const { PBX_REPONDRE_A } = checkout.addresses;
    // An instalment may be taken while the first payment is pending.
    const isPending = checkout.state === 'pending' && attempt.payment === firstAccepted(checkout)?.payment;
    const code = isPending ? PENDING_CODE : attempt.code;
    let sent: SentResult | undefined;
    return {
      gateway,
      account: checkout.account,
      order: checkout.order,
      fault: checkout.faults.server,
      isWanted: async () => {
        const stored = await gateway.checkout(checkout.id);
        return stored !== undefined && isSameCheckout(stored, checkout);
      },
      makeCall: async () => {
        sent = await notificationOf(await this.#resultOf(gateway, checkout, attempt, code), this.#options(gateway, checkout));
        return checkout.isCallByPost ? { url: PBX_REPONDRE_A, body: sent.query } : { url: withQuery(PBX_REPONDRE_A, sent.query) };
      },
      record: async (call: ShopCall, result) => {
        const hostedPage = await gateway.hostedPage();
        await hostedPage.record({
          operation: 'notification',
          account: checkout.account,
          reference: checkout.REFERENCE,
          payment: attempt.payment,
          request: [['(address)', addressOf(call)], ['(checkout)', checkout.id], ...(sent?.pairs ?? [])],
          reply: answerPairs(result),
          findings: result.problem ? [result.problem] : [],
        });
      },
    };
  }

  /** Does what is due, whenever the clock reaches it. */
  async #takeDue(gateway: Gateway, wait: AbortController): Promise<void> {
    while (!wait.signal.aborted) {
      const [first] = await gateway.checkouts({ dueBefore: Number.MAX_SAFE_INTEGER, limit: 1 }).catch(() => []);
      const next = first && dueAt(first);
      if (next === undefined || !(await this.#deliveries.reaches(gateway, next, wait))) return;
      const hostedPage = await gateway.hostedPage();
      let taken = 0;
      for await (const { checkout, attempt } of hostedPage.takeAllDue()) {
        taken += 1;
        if (attempt) this.#notifyNext(gateway, checkout, attempt);
      }
      // The state cannot be written now.
      if (taken === 0) return;
    }
  }
}

/** The code (E) of each end of a checkout. */
const CODES = { paid: SUCCESS, pending: PENDING_CODE, cancelled: CANCELLED_CODE, timeout: TIMEOUT_CODE } as const;

/** The address at which a checkout continues, relative to a path of the hosted page. */
function continueAddress({ id }: Checkout, path = '/cgi/'): string {
  return `${path.endsWith('/php/') ? '../cgi/' : ''}checkout.cgi?id=${id}`;
}

/** The fault of a rule for a payment, as far as a page can have it. */
function pageFault(fault: InjectedFault | undefined): InjectedFault | undefined {
  if (!fault) return undefined;
  const { echo: _, reply, ...rest } = fault;
  return canHappenToPage(reply) ? { ...rest, ...(reply && { reply }) } : rest;
}

/** What the customer entered. With a token it is only the CVV. */
function enteredCard({ token, DATEVAL }: Checkout, fields: readonly FormField[]): EnteredCard {
  const CVV = fieldValue(fields, 'CVV').trim();
  if (token !== '') return { PORTEUR: token, DATEVAL, CVV };
  return {
    PORTEUR: fieldValue(fields, 'PORTEUR').replace(/[\s-]/g, ''),
    DATEVAL: fieldValue(fields, 'DATEVAL').replace(/\D/g, ''),
    CVV,
  };
}

function wrongFields({ PORTEUR, DATEVAL, CVV }: EnteredCard, { token }: Checkout): CardField[] {
  const hasToken = token !== '';
  const checks: readonly (readonly [CardField, boolean])[] = [
    ['PORTEUR', hasToken || /^\d{12,19}$/.test(PORTEUR)],
    ['DATEVAL', hasToken || /^(0[1-9]|1[0-2])\d\d$/.test(DATEVAL)],
    ['CVV', /^\d{3,4}$/.test(CVV)],
  ];
  return checks.flatMap(([name, isRight]) => (isRight ? [] : [name]));
}

function shownPlan(checkout: Checkout, now: number): CardPageOptions['plan'] {
  const { instalments, terms, DEVISE } = checkout;
  const renewal = firstRenewal(checkout, now);
  if (terms && renewal) {
    const { due } = renewal;
    return { kind: 'subscription', amount: formatAmount(due.MONTANT, DEVISE), months: terms.FREQ, first: due.at, payments: terms.NBPAIE };
  }
  if (instalments.length === 0) return undefined;
  return { kind: 'instalments', payments: instalments.map(({ at, MONTANT: value }) => ({ at, amount: formatAmount(value, DEVISE) })) };
}
