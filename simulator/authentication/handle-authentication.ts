import { type Bilingual, decodeForm, formatAmount } from '../../contracts/index.js';
import { type Authentication, MAX_WRONG_CODES, outcomeAt } from '../engine/authentication.js';
import { type ChallengeAction, TEST_CODE } from '../engine/decide-authentication.js';
import type { InjectedFault } from '../engine/fault.js';
import { fieldValue } from '../engine/question.js';
import type { Gateway, Received } from '../gateway/gateway.js';
import { errorPage } from '../pages/error-page.js';
import { type Language, preferredLanguage } from '../pages/language.js';
import type { HtmlPage } from '../pages/layout.js';
import { selfPostingPage } from '../pages/self-posting-page.js';
import { challengePage, resultSentPage } from './pages.js';
import type { ResultSender } from './result-sender.js';

/** The path of the bank's page, relative to that of RemoteMPI. */
const CHALLENGE_PATH = 'ACS.cgi';

/** A page, and the fault to inject when it is sent. */
export interface PageAnswer extends HtmlPage {
  readonly fault?: InjectedFault | undefined;
}

const ACTIONS: ReadonlySet<string> = new Set<ChallengeAction>(['confirm', 'decline', 'cancel']);
const isAction = (text: string): text is ChallengeAction => ACTIONS.has(text);

/** What the browser receives of a result that a rule loses. */
const BLANK_PAGE: HtmlPage = { body: '<html></html>', headers: { 'Content-Type': 'text/html; charset=ISO-8859-1' } };

const FAILURES = {
  unwritten: {
    en: 'The simulator could not store the authentication. Its output says why.',
    fr: 'Le simulateur n’a pas pu enregistrer l’authentification. Sa sortie indique pourquoi.',
  },
  unknown: {
    en: 'There is no authentication with this ID3D. The simulator may have been reset: start again from the shop.',
    fr: 'Aucune authentification n’a cet ID3D. Le simulateur a peut-être été réinitialisé : recommencez depuis la boutique.',
  },
} as const satisfies Record<string, Bilingual>;

/** The page that leads the browser back to the shop with the result of an authentication that ended. */
async function returnPage(gateway: Gateway, authentication: Authentication, sender: ResultSender, language: Language): Promise<HtmlPage> {
  if (authentication.checkout !== undefined)
    return selfPostingPage({ language, url: 'checkout.cgi', method: 'GET', fields: [['id', authentication.checkout]] });
  const { URLRetour } = authentication;
  const form = await sender.browserForm(gateway, authentication);
  if (form === undefined) return BLANK_PAGE;
  if (URLRetour !== '') return selfPostingPage({ language, url: URLRetour, method: 'POST', fields: form });
  return resultSentPage({ language, outcome: outcomeAt(authentication, gateway.clock.now()) || 'timeout' });
}

function bankPage(authentication: Authentication, language: Language, now: number): HtmlPage {
  const { ID3D, account, MONTANT, DEVISE, card, startedAt, expiresAt, wrongCodes } = authentication;
  return challengePage({
    language,
    merchant: account,
    amount: formatAmount(MONTANT, DEVISE),
    card: card.mask,
    date: startedAt,
    triesLeft: MAX_WRONG_CODES - wrongCodes,
    problem: wrongCodes > 0 ? 'wrong-code' : undefined,
    secondsLeft: (expiresAt - now) / 1000,
    testCode: TEST_CODE,
    action: `${CHALLENGE_PATH}?ID3D=${ID3D}`,
  });
}

/**
 * Answers a request to RemoteMPI: starts the authentication, sends the result if it has ended, and leads the browser to the bank or back to the
 * shop. See docs/protocol.md#section-7.
 */
export async function startAuthentication(
  received: Received,
  gateway: Gateway,
  sender: ResultSender,
  acceptLanguage: string,
): Promise<PageAnswer> {
  const language = preferredLanguage(acceptLanguage);
  const { authentication, isNew, refusal, failure, fault } = await (await gateway.authenticator()).start(received);
  if (refusal) return errorPage({ language, reason: refusal.message, remedy: refusal.remedy });
  if (failure !== undefined || !authentication) return { ...errorPage({ language, reason: FAILURES.unwritten[language] }), fault };
  if (authentication.outcome !== '') {
    if (isNew) await sender.notify(gateway, authentication);
    return { ...(await returnPage(gateway, authentication, sender, language)), fault };
  }
  if (isNew) void sender.expire(gateway, authentication);
  const fields = [['ID3D', authentication.ID3D]] as const;
  return { ...selfPostingPage({ language, url: CHALLENGE_PATH, method: 'GET', fields }), fault };
}

/**
 * Answers a request to the page of the bank: shows it, or takes what the cardholder did. When the authentication ends, its result is sent, and
 * the browser is led back to the shop.
 *
 * @param query of the address: it names the authentication
 */
export async function continueChallenge(
  received: Received,
  query: string,
  gateway: Gateway,
  sender: ResultSender,
  acceptLanguage: string,
): Promise<HtmlPage> {
  const language = preferredLanguage(acceptLanguage);
  const id3d = new URLSearchParams(query).get('ID3D') ?? '';
  // Programs that look at addresses in advance use GET.
  const fields = received.isByGet ? [] : decodeForm(received.body).fields;
  const action = fieldValue(fields, 'action');
  const act = isAction(action) ? { action, code: fieldValue(fields, 'code') } : undefined;
  const authenticator = await gateway.authenticator();
  const continued = await authenticator.continue(id3d, act).catch((error: unknown) => {
    console.error(error);
    return 'unwritten' as const;
  });
  if (continued === undefined || continued === 'unwritten')
    return errorPage({ language, reason: FAILURES[continued ?? 'unknown'][language] });
  const { authentication, hasEnded } = continued;
  if (hasEnded) await sender.notify(gateway, authentication);
  if (authentication.outcome === '') return bankPage(authentication, language, gateway.clock.now());
  return returnPage(gateway, authentication, sender, language);
}
