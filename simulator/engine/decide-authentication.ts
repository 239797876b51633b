import { type AuthenticationOutcome, authenticationBehaviour, cardSha1, outcomeEntry, type ResultFields } from '../../contracts/index.js';
import type { Account, Accounts } from './account.js';
import { type Authentication, MAX_WRONG_CODES, outcomeAt, type ResultOrder } from './authentication.js';
import { addParisDuration } from './calendar.js';
import type { Fact } from './fact.js';
import type { InjectedFault } from './fault.js';
import { type Finding, finding } from './finding.js';
import { evaluateRules } from './forced.js';
import { listNames } from './frame-findings.js';
import type { LookupResult } from './lookup.js';
import { checkMpiRequest, type MpiRequest } from './mpi-request.js';
import { storedCardOf } from './new-payment.js';
import { quoteForMessage } from './refusal.js';
import { AUTHENTICATE, type Rule, type RuleAuthentication, rulesFor } from './rule.js';

/** How long the cardholder may take to answer the bank. Inferred. */
export const CHALLENGE_TIME = 'PT5M';
/** The code that the test bank accepts. */
export const TEST_CODE = '123456';

/** What the gateway does with a request to RemoteMPI. */
export interface AuthenticationDecision {
  /** The authentication; undefined: the request was refused. */
  readonly authentication?: Authentication | undefined;
  /** Why it was refused. */
  readonly refusal?: Finding | undefined;
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  /** Ids of the rules that matched. Their calls are counted. */
  readonly rules: readonly string[];
  /** The fault to inject when the page is sent. */
  readonly fault?: InjectedFault | undefined;
}

/**
 * The account that a request to RemoteMPI is for. Of those with this IDENTIFIANT it is the first that requires 3-D Secure, else the first that
 * has it, else the first.
 */
export function merchantAccount(accounts: Accounts, idMerchant: string): Account | undefined {
  const named = [...accounts.values()].filter(({ IDENTIFIANT }) => IDENTIFIANT !== '' && Number(IDENTIFIANT) === Number(idMerchant));
  return (
    named.find(({ threeDSecure }) => threeDSecure === 'required') ?? named.find(({ threeDSecure }) => threeDSecure !== 'off') ?? named[0]
  );
}

function checkMerchant(request: MpiRequest, account: Account | undefined): Finding | undefined {
  if (!account) return finding('authentication-refused', 'merchant', { value: quoteForMessage(request.get('IdMerchant')) });
  return account.threeDSecure === 'off' ? finding('authentication-refused', 'off', { account: account.id }) : undefined;
}

const ORDERS: readonly ResultOrder[] = ['server-first', 'browser-first', 'together'];

/**
 * Draws an order by a number, ten digits or more. The same number always gives the same order. Mixed, because a shop that uses three numbers for
 * each purchase must not get the same order of the results every time.
 */
export const drawnOrder = (number: string): ResultOrder =>
  ORDERS[(Math.imul(Number(number.slice(-7)), 0x9e3779b1) >>> 16) % ORDERS.length] as ResultOrder;

/** Whether a request repeats one whose authentication has not ended: the customer loaded the page again. */
const isRepeated = (request: MpiRequest, before: Authentication, now: number): boolean =>
  outcomeAt(before, now) === '' &&
  before.MONTANT === Number(request.get('Amount')) &&
  before.DEVISE === request.get('Currency') &&
  before.card.sha1 === cardSha1(request.get('CCNumber'));

function begin(
  request: MpiRequest,
  account: Account,
  { next }: LookupResult,
  { outcome: forced, challenge, server, browser }: RuleAuthentication,
  now: number,
): Authentication {
  const card = request.get('CCNumber');
  const behaviour = authenticationBehaviour(card);
  const hasChallenge = challenge ?? (forced === undefined && behaviour.hasChallenge);
  const outcome = forced ?? behaviour.outcome;
  const ID3D = `200${next.NUMTRANS}`;
  return {
    ID3D,
    account: account.id,
    IdSession: request.get('IdSession'),
    MONTANT: Number(request.get('Amount')),
    DEVISE: request.get('Currency'),
    card: storedCardOf(card),
    version: request.version,
    URLHttpDirect: request.get('URLHttpDirect') || account.URLHttpDirect,
    URLRetour: request.get('URLRetour') || account.URLRetour,
    startedAt: now,
    expiresAt: addParisDuration(now, CHALLENGE_TIME),
    outcome: hasChallenge ? '' : outcome,
    endedAt: hasChallenge ? 0 : endOf(now),
    confirmed: outcome,
    wrongCodes: 0,
    order: account.resultOrder === 'drawn' ? drawnOrder(ID3D) : account.resultOrder,
    faults: { ...(server && { server }), ...(browser && { browser }) },
    usedBy: [],
  };
}

/**
 * Decides a request to RemoteMPI: starts an authentication, or says what is wrong. Pure. See docs/protocol.md#section-7.
 *
 * @param account what {@link merchantAccount} returns for the request
 * @param found the authentication that the account has for the IdSession, and the next numbers
 * @param rules the active rules in their order
 * @param now milliseconds since the epoch
 */
export function decideAuthentication(
  request: MpiRequest,
  account: Account | undefined,
  found: LookupResult,
  rules: readonly Rule[],
  now: number,
): AuthenticationDecision {
  const findings: Finding[] = [];
  if (request.isByGet && request.has('CCNumber')) findings.push(finding('sent-by-get', 'query'));
  if (request.cardExposedIn.length > 0)
    findings.push(finding('card-number-exposed', 'exposed', { names: listNames(request.cardExposedIn) }));
  const refuse = (refusal: Finding): AuthenticationDecision => ({ refusal, facts: [], findings: [...findings, refusal], rules: [] });
  const refusal = checkMpiRequest(request, now) ?? checkMerchant(request, account);
  if (refusal || !account) return refuse(refusal ?? finding('authentication-refused', 'empty'));
  const before = found.authentication;
  if (before && isRepeated(request, before, now)) return { authentication: before, facts: [], findings, rules: [] };
  if (before) {
    const session = quoteForMessage(before.IdSession);
    return refuse(finding('authentication-refused', 'session', { session, id3d: before.ID3D }));
  }
  const { matched, authentication: ruled, fault } = evaluateRules({ rules: rulesFor(AUTHENTICATE, rules), question: request, found });
  if (fault?.processed === 'no') return { facts: [], findings, rules: matched, fault };
  const authentication = begin(request, account, found, ruled ?? {}, now);
  if (authentication.URLRetour === '') findings.push(finding('result-undelivered', 'noAddress'));
  if (fault) findings.push(finding('fault-staged', 'fault', { rule: fault.rule, fault: fault.description }));
  return {
    authentication,
    facts: [
      { fact: 'number', NUMTRANS: found.next.NUMTRANS },
      { fact: 'authentication', authentication },
    ],
    findings,
    rules: matched,
    fault,
  };
}

/** The `endedAt` of what ends now: 0 means that it has not ended. */
export const endOf = (now: number): number => now || 1;

const end = (authentication: Authentication, outcome: AuthenticationOutcome, at: number): Authentication => ({
  ...authentication,
  outcome,
  endedAt: endOf(at),
});

/** What the cardholder does on the page of the bank. */
export type ChallengeAction = 'confirm' | 'decline' | 'cancel';

/**
 * What becomes of an authentication when time passes, or when the cardholder acts. Returns the same object if nothing changes. Pure.
 *
 * @param act undefined: only the time counts
 * @param now milliseconds since the epoch
 */
export function continueAuthentication(
  authentication: Authentication,
  act: { readonly action: ChallengeAction; readonly code: string } | undefined,
  now: number,
): Authentication {
  if (authentication.outcome !== '') return authentication;
  if (now >= authentication.expiresAt) return end(authentication, 'timeout', authentication.expiresAt);
  if (!act) return authentication;
  if (act.action !== 'confirm') return end(authentication, 'declined', now);
  if (act.code.replace(/\s/g, '') === TEST_CODE) return end(authentication, authentication.confirmed, now);
  const wrong = { ...authentication, wrongCodes: authentication.wrongCodes + 1 };
  return wrong.wrongCodes >= MAX_WRONG_CODES ? end(wrong, 'declined', now) : wrong;
}

const MASTERCARD = /MASTERCARD|MAESTRO/;

/** A value of 28 characters of base64, as 3DXID and 3DCAVV are. */
function proofOf(...parts: readonly string[]): string {
  const bytes = cardSha1(parts.join('/')).match(/../g) ?? [];
  return btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))));
}

/** The variables of the result of an authentication that ended. See docs/protocol.md#section-7. */
export function resultFieldsOf({ ID3D, IdSession, card }: Authentication, outcome: AuthenticationOutcome): ResultFields {
  const { fields, eci, hasProof } = outcomeEntry(outcome);
  const isMastercard = MASTERCARD.test(card.TYPECARTE);
  return {
    IdSession,
    ...fields,
    ...(eci && {
      '3DECI': eci[isMastercard ? 1 : 0],
      '3DCAVV': hasProof ? proofOf('CAVV', ID3D) : '',
      '3DCAVVALGO': hasProof ? (isMastercard ? '3' : '2') : '',
    }),
    '3DXID': proofOf('XID', ID3D),
    ID3D,
  };
}
