import { AUTHENTICATION_OUTCOMES } from '../../contracts/three-d-secure.js';
import { type ChallengePageOptions, challengePage, resultSentPage } from '../../simulator/authentication/pages.js';
import { errorPage } from '../../simulator/pages/error-page.js';
import type { Language } from '../../simulator/pages/language.js';
import type { HtmlPage } from '../../simulator/pages/layout.js';
import { type SelfPostingPageOptions, selfPostingPage } from '../../simulator/pages/self-posting-page.js';

/** Creates a page of the bank for 1 234.50 EUR on 9 June 2026. */
export function testChallengePage(options: Partial<ChallengePageOptions> = {}): HtmlPage {
  return challengePage({
    language: 'en',
    merchant: 'Chez Zoé & fils',
    amount: '1234.50 EUR',
    card: '111122******4444',
    date: Date.UTC(2026, 5, 9, 8, 12),
    triesLeft: 3,
    secondsLeft: 300,
    testCode: '123456',
    action: 'ACS.cgi?ID3D=2000000000001',
    ...options,
  });
}

/** Creates a self-posting page without fields. */
export function testSelfPostingPage(options: Partial<SelfPostingPageOptions> = {}): HtmlPage {
  return selfPostingPage({ language: 'en', url: '/return', method: 'POST', fields: [], ...options });
}

/** Every kind of page in a language, by its name. */
export function everyPage(language: Language): Record<string, HtmlPage> {
  return {
    challenge: testChallengePage({ language }),
    'wrong-code': testChallengePage({ language, problem: 'wrong-code', triesLeft: 1 }),
    error: errorPage({ language, reason: 'Amount: 10.00 €', remedy: 'Amount: 1000' }),
    'self-posting': testSelfPostingPage({ language }),
    ...Object.fromEntries(AUTHENTICATION_OUTCOMES.map(({ outcome }) => [`result-${outcome}`, resultSentPage({ language, outcome })])),
  };
}
