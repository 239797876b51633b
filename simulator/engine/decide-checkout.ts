import {
  type AuthenticationOutcome,
  authenticationBehaviourOf,
  decodeForm,
  encodeForm,
  operationNamed,
  outcomeEntry,
  readMagicCard,
  readOrderReference,
  SUCCESS,
  testCardToken,
} from '../../contracts/index.js';
import type { Account } from './account.js';
import type { Admitted } from './admit.js';
import { type Authentication, outcomeAt } from './authentication.js';
import { addParisDuration, questionDay } from './calendar.js';
import { type Checkout, type CheckoutAttempt, type EnteredCard, firstAccepted } from './checkout.js';
import { type Decision, decide, type Instants } from './decide.js';
import { CHALLENGE_TIME, drawnOrder, endOf } from './decide-authentication.js';
import type { Fact } from './fact.js';
import type { InjectedFault } from './fault.js';
import { type Finding, finding } from './finding.js';
import { evaluateRules } from './forced.js';
import type { LookupResult } from './lookup.js';
import { storedCardOf } from './new-payment.js';
import type { StoredCard } from './payment.js';
import { paymentPlan } from './payment-plan.js';
import {
  checkPbxRequest,
  instalmentsOf,
  isWebAddress,
  type PBX_ADDRESSES,
  type PbxRefusal,
  type PbxRequest,
  pbxFindings,
  returnFieldsOf,
} from './pbx-request.js';
import { readQuestion } from './question.js';
import { quoteForMessage } from './refusal.js';
import { CHECKOUT, type Rule, type RuleResult, rulesFor } from './rule.js';
import { makeToken, type Subscriber } from './subscriber.js';

/** What the gateway does with a request to the hosted page. */
export interface CheckoutDecision {
  /** Undefined: the request was refused. */
  readonly checkout?: Checkout | undefined;
  readonly refusal?: PbxRefusal | undefined;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** Ids of the rules that matched. Their calls are counted. */
  readonly rules: readonly string[];
  readonly fault?: InjectedFault | undefined;
}

/** How long the page is open by default, in seconds. */
const DISPLAY_SECONDS = 900;

function addressesOf(request: PbxRequest, account: Account): Checkout['addresses'] {
  const sent = (name: (typeof PBX_ADDRESSES)[number]): string => (isWebAddress(request.get(name)) ? request.get(name) : '');
  return {
    PBX_EFFECTUE: sent('PBX_EFFECTUE'),
    PBX_REFUSE: sent('PBX_REFUSE'),
    PBX_ANNULE: sent('PBX_ANNULE'),
    PBX_ATTENTE: sent('PBX_ATTENTE'),
    PBX_REPONDRE_A: sent('PBX_REPONDRE_A') || account.PBX_REPONDRE_A,
  };
}

function begin(request: PbxRequest, account: Account, { next, subscriber }: LookupResult, result: RuleResult, now: number): Checkout {
  const { reference, terms } = readOrderReference(request.get('PBX_CMD'));
  const display = Number(request.get('PBX_DISPLAY') || DISPLAY_SECONDS);
  const { pending, server, browser } = result.checkout ?? {};
  const token = request.get('PBX_TOKEN');
  return {
    id: next.NUMTRANS,
    account: account.id,
    REFERENCE: reference,
    MONTANT: Number(request.get('PBX_TOTAL')),
    DEVISE: request.get('PBX_DEVISE'),
    addresses: addressesOf(request, account),
    returnFields: returnFieldsOf(request),
    isCallByPost: request.get('PBX_RUF1') === 'POST',
    language: request.get('PBX_LANGUE'),
    TYPECARTE: request.get('PBX_TYPECARTE'),
    isAuthorizationOnly: request.get('PBX_AUTOSEULE') === 'O',
    DIFFERE: Number(request.get('PBX_DIFF') || 0),
    authenticationWish: request.get('PBX_SOUHAITAUTHENT'),
    REFABONNE: token === '' ? request.get('PBX_REFABONNE') : (subscriber?.REFABONNE ?? ''),
    token,
    ...(token !== '' && subscriber && { card: subscriber.card }),
    DATEVAL: request.get('PBX_DATEVAL'),
    errorCodeTest: request.get('PBX_ERRORCODETEST'),
    instalments: instalmentsOf(request),
    ...(terms && { terms }),
    startedAt: now,
    expiresAt: now + display * 1000,
    state: 'open',
    isPending: pending === true,
    attempts: [],
    registeredToken: '',
    ID3D: '',
    order: account.resultOrder === 'drawn' ? drawnOrder(next.NUMTRANS) : account.resultOrder,
    faults: { ...(server && { server }), ...(browser && { browser }) },
  };
}

/**
 * Decides a request to the hosted page: starts a checkout, or says what is wrong. Pure. See docs/protocol.md#section-9.
 *
 * @param account the one that the request names
 * @param found the newest checkout of the account with the reference, preferably a paid one; the subscriber that the request names; the next
 *   numbers
 * @param instants milliseconds since the epoch: of the gateway, and of the machine
 */
export function decideCheckout(
  request: PbxRequest,
  account: Account | undefined,
  found: LookupResult,
  rules: readonly Rule[],
  { now, realNow }: Instants,
): CheckoutDecision {
  const refusal = checkPbxRequest(request, account, found);
  if (refusal || !account) return { refusal, facts: [], findings: refusal ? [refusal.reason] : [], rules: [] };
  const result = evaluateRules({ rules: rulesFor(CHECKOUT, rules), question: request, found: {} });
  const findings = [...pbxFindings(request, now, realNow)];
  if (result.fault?.processed === 'no') return { facts: [], findings, rules: result.matched, fault: result.fault };
  const checkout = begin(request, account, found, result, now);
  const paid = found.checkout && firstAccepted(found.checkout);
  if (paid) findings.push(finding('checkout-doubtful', 'used', { reference: quoteForMessage(checkout.REFERENCE), payment: paid.payment }));
  if (result.fault) findings.push(finding('fault-staged', 'fault', { rule: result.fault.rule, fault: result.fault.description }));
  return {
    checkout,
    facts: [
      { fact: 'number', NUMTRANS: found.next.NUMTRANS },
      { fact: 'checkout', checkout },
    ],
    findings,
    rules: result.matched,
    fault: result.fault,
  };
}

/** What the gateway may store of the card of an attempt. */
const cardOf = (checkout: Checkout, { PORTEUR }: EnteredCard): StoredCard =>
  (checkout.token !== '' && checkout.card) || storedCardOf(PORTEUR);

/**
 * Whether the bank asks the cardholder for a card on the hosted page, and how the authentication ends without a challenge or when the
 * cardholder confirms. Undefined: there is no authentication.
 */
export function authenticationFor(
  checkout: Checkout,
  { threeDSecure }: Account,
  card: EnteredCard,
): { readonly hasChallenge: boolean; readonly outcome: AuthenticationOutcome } | undefined {
  if (threeDSecure === 'off') return undefined;
  const { authenticationWish } = checkout;
  const { hasChallenge, outcome } = authenticationBehaviourOf(cardOf(checkout, card).sha1);
  const isWanted = /^0[34]$/.test(authenticationWish) && outcome === 'authenticated';
  return { hasChallenge: hasChallenge ? authenticationWish !== '02' : isWanted, outcome };
}

/** The names of the operations that take a payment: with a card, and with a token. */
const OPERATIONS = {
  card: { authorize: 'authorize', pay: 'pay' },
  token: { authorize: 'subscribers.authorize', pay: 'subscribers.pay' },
} as const;

/**
 * The question of Direct that an attempt on the hosted page is decided as: 00003, or 00001 for an authorization only. With a token it is 00053 or
 * 00051. See docs/protocol.md#section-3.
 */
export function questionOfAttempt(checkout: Checkout, account: Account, card: EnteredCard, now: number): Admitted {
  const hasToken = checkout.token !== '';
  const operation = operationNamed(OPERATIONS[hasToken ? 'token' : 'card'][checkout.isAuthorizationOnly ? 'authorize' : 'pay']);
  if (!operation) throw new Error('The table of operations has no payment.');
  const [SITE = '', RANG = ''] = checkout.account.split('/');
  const variables = {
    VERSION: '00104',
    TYPE: operation.TYPE,
    SITE,
    RANG,
    NUMQUESTION: String(Number(checkout.id)),
    DATEQ: questionDay(now),
    MONTANT: String(checkout.MONTANT),
    DEVISE: checkout.DEVISE,
    REFERENCE: checkout.REFERENCE,
    ...(hasToken && { REFABONNE: checkout.REFABONNE }),
    ...card,
    DIFFERE: String(checkout.DIFFERE),
    ID3D: checkout.ID3D,
    ERRORCODETEST: checkout.errorCodeTest,
  };
  const question = readQuestion(decodeForm(encodeForm(Object.entries(variables))));
  // An attempt has no question number to check, and the page has asked for the authentication before.
  const own: Account = {
    ...account,
    questionNumbers: 'off',
    threeDSecure: account.threeDSecure === 'required' && checkout.ID3D === '' ? 'required' : 'optional',
  };
  return { question, operation, account: own, amount: checkout.MONTANT, questionNumber: String(Number(checkout.id)), findings: [] };
}

/** Whether an accepted payment registers its card as that of a subscriber. */
export const registersSubscriber = ({ REFABONNE, token }: Checkout): boolean => REFABONNE !== '' && token === '';

function subscriberFacts(
  checkout: Checkout,
  card: EnteredCard,
  { token: known, next }: LookupResult,
  now: number,
): { readonly token: string; readonly facts: readonly Fact[] } {
  if (!registersSubscriber(checkout)) return { token: checkout.token, facts: [] };
  const stored = storedCardOf(card.PORTEUR);
  const token = testCardToken(card.PORTEUR) ?? known ?? makeToken(checkout.account, checkout.REFABONNE, next.NUMTRANS);
  const magic = readMagicCard(card.PORTEUR);
  const subscriber: Subscriber = {
    account: checkout.account,
    REFABONNE: checkout.REFABONNE,
    PORTEUR: token,
    card: stored,
    DATEVAL: card.DATEVAL,
    registeredAt: now,
    ...(magic?.TYPE !== undefined && { forced: magic }),
  };
  const tokenFact: Fact = { fact: 'token', account: checkout.account, sha1: stored.sha1, token };
  return { token, facts: [...(known === undefined ? [tokenFact] : []), { fact: 'subscriber', subscriber }] };
}

/** What an attempt to pay on the hosted page changes. */
interface AttemptResult {
  readonly checkout: Checkout;
  readonly attempt: CheckoutAttempt;
  readonly facts: readonly Fact[];
}

/** CODEREPONSE of a reference that was already paid, of a subscriber that exists, and of a cardholder who was not authenticated. */
const [ALREADY_PAID, SUBSCRIBER_EXISTS, NOT_AUTHENTICATED] = ['00015', '00016', '00040'];

/** How long a payment stays pending. */
const PENDING_TIME = 'PT5M';

// The payment belongs to the subscriber that it registers, so that Direct Plus continues it.
const asHosted =
  ({ REFABONNE }: Checkout) =>
  (fact: Fact): Fact =>
    fact.fact === 'payment' ? { ...fact, payment: { ...fact.payment, REFABONNE, origin: 'system' } } : fact;

/**
 * Turns the decision of the question of an attempt into what it changes on the hosted page.
 *
 * @param decision of {@link questionOfAttempt}; undefined: it was refused before, with `code`
 * @param found what was found for the attempt
 */
function applyAttempt(
  checkout: Checkout,
  card: EnteredCard,
  decision: Pick<Decision, 'reply' | 'facts'> | { readonly code: string },
  found: LookupResult,
  now: number,
): AttemptResult {
  const code = 'code' in decision ? decision.code : (decision.reply.CODEREPONSE ?? SUCCESS);
  const facts = ('code' in decision ? [] : decision.facts).filter(({ fact }) => fact !== 'question').map(asHosted(checkout));
  const payment = facts.find((fact): fact is Extract<Fact, { fact: 'payment' }> => fact.fact === 'payment')?.payment;
  const attempt: CheckoutAttempt = { code, payment: payment?.id ?? '', at: now, ID3D: checkout.ID3D };
  const attempts = [...checkout.attempts, attempt];
  if (code !== SUCCESS) {
    const refused = { ...checkout, attempts, DATEVAL: card.DATEVAL, ID3D: '' };
    return { checkout: refused, attempt, facts: [...facts, { fact: 'checkout', checkout: refused }] };
  }
  const { token, facts: ofSubscriber } = subscriberFacts(checkout, card, found, now);
  const plan = paymentPlan(checkout, card, found.subscriber, now);
  const paid: Checkout = {
    ...checkout,
    state: checkout.isPending ? 'pending' : 'paid',
    ...(checkout.isPending && { expiresAt: addParisDuration(now, PENDING_TIME) }),
    attempts,
    card: cardOf(checkout, card),
    DATEVAL: card.DATEVAL,
    registeredToken: token,
    ...(plan && { plan }),
  };
  return { checkout: paid, attempt, facts: [...facts, ...ofSubscriber, { fact: 'checkout', checkout: paid }] };
}

/**
 * Why an attempt is refused before its question is decided: the reference was paid on the hosted page before, the subscriber exists, or the
 * holder of a token's card was not authenticated. Undefined: it is not.
 *
 * @param paidBefore the payment of another checkout with this reference, read before the transaction; what was found there is newer
 */
function refusalBefore(
  checkout: Checkout,
  paidBefore: string | undefined,
  { sameReference, subscriber, authentication }: LookupResult,
  now: number,
): { readonly code: string; readonly findings: readonly Finding[] } | undefined {
  const newer = sameReference.find(({ origin, transactions: [{ kind }] }) => origin === 'system' && kind !== 'refusal');
  const payment = newer?.id ?? paidBefore;
  if (payment !== undefined) {
    const values = { reference: quoteForMessage(checkout.REFERENCE), payment };
    return { code: ALREADY_PAID, findings: [finding('checkout-refused', 'alreadyPaid', values)] };
  }
  if (registersSubscriber(checkout) && subscriber)
    return { code: SUBSCRIBER_EXISTS, findings: [finding('checkout-refused', 'subscriberExists')] };
  // A question on a subscriber has no 3-D Secure of its own.
  const outcome = checkout.token !== '' && authentication ? outcomeAt(authentication, now) : '';
  return outcome !== '' && !outcomeEntry(outcome).mayPay ? { code: NOT_AUTHENTICATED, findings: [] } : undefined;
}

/** What the gateway does with an attempt to pay on the hosted page. */
export interface AttemptDecision {
  /** Undefined: a rule lets the gateway do nothing. */
  readonly result?: AttemptResult;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** Ids of the rules that matched. Their calls are counted. */
  readonly rules: readonly string[];
  readonly fault?: InjectedFault | undefined;
}

/**
 * Decides an attempt to pay. Pure.
 *
 * @param admitted its {@link questionOfAttempt}
 * @param paidBefore the payment of another checkout of the account with this reference; undefined: none was read
 */
export function decideAttempt(
  checkout: Checkout,
  card: EnteredCard,
  { admitted, paidBefore }: { readonly admitted: Admitted; readonly paidBefore: string | undefined },
  found: LookupResult,
  rules: readonly Rule[],
  instants: Instants,
): AttemptDecision {
  const refusal = refusalBefore(checkout, paidBefore, found, instants.now);
  if (refusal) {
    const result = applyAttempt(checkout, card, refusal, found, instants.now);
    return { result, facts: result.facts, findings: refusal.findings, rules: [] };
  }
  const { rules: matched, fault, ...decision } = decide(admitted, found, rules, instants);
  const { facts, findings } = decision;
  if (fault?.processed === 'no') return { facts, findings, rules: matched, fault };
  const result = applyAttempt(checkout, card, decision, found, instants.now);
  return { result, facts: result.facts, findings, rules: matched, fault };
}

/** Ends a checkout without a payment: the customer cancelled, or the time is over. */
export function endCheckout(checkout: Checkout, now: number, isCancelled: boolean): Checkout {
  if (checkout.state !== 'open') return checkout;
  if (now >= checkout.expiresAt) return { ...checkout, state: 'timeout', ID3D: '' };
  return isCancelled ? { ...checkout, state: 'cancelled', ID3D: '' } : checkout;
}

/** Makes the authentication of an attempt on the hosted page. Its results go to no address: the page itself continues. */
export function authenticationOfAttempt(
  checkout: Checkout,
  card: EnteredCard,
  { hasChallenge, outcome }: { readonly hasChallenge: boolean; readonly outcome: AuthenticationOutcome },
  { next }: LookupResult,
  now: number,
): { readonly authentication: Authentication; readonly checkout: Checkout; readonly facts: readonly Fact[] } {
  const ID3D = `200${next.NUMTRANS}`;
  const authentication: Authentication = {
    ID3D,
    account: checkout.account,
    IdSession: `${Number(checkout.id)}-${checkout.attempts.length + 1}-${Number(next.NUMTRANS)}`,
    MONTANT: checkout.MONTANT,
    DEVISE: checkout.DEVISE,
    card: cardOf(checkout, card),
    version: 2,
    URLHttpDirect: '',
    URLRetour: '',
    checkout: checkout.id,
    startedAt: now,
    expiresAt: addParisDuration(now, CHALLENGE_TIME),
    outcome: hasChallenge ? '' : outcome,
    endedAt: hasChallenge ? 0 : endOf(now),
    confirmed: outcome,
    wrongCodes: 0,
    order: 'together',
    faults: {},
    usedBy: [],
  };
  const asked = { ...checkout, ID3D };
  return {
    authentication,
    checkout: asked,
    facts: [
      { fact: 'number', NUMTRANS: next.NUMTRANS },
      { fact: 'authentication', authentication },
      { fact: 'checkout', checkout: asked },
    ],
  };
}
