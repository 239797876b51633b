import type { Language } from './language.js';
import { gatewayPage, type HtmlPage } from './layout.js';
import { html, NOTHING } from './markup.js';
import { withNoBreakSpaces } from './typography.js';

interface Texts {
  /** Follows the word `Erreur`. */
  readonly heading: string;
  /** Follows the name of the product. */
  readonly simulated: string;
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: { heading: 'the gateway refuses this request', simulated: 'a test gateway; no real payment' },
  fr: withNoBreakSpaces({ heading: 'la passerelle refuse cette demande', simulated: 'passerelle de test ; aucun paiement réel' }),
};

const SEPARATORS: Readonly<Record<Language, string>> = { en: ': ', fr: '\u00a0: ' };

/** What an error page says. */
export interface ErrorPageOptions {
  readonly language: Language;
  /** What is wrong, in the language of the page. */
  readonly reason: string;
  /** What to do about it, in the language of the page. */
  readonly remedy?: string | undefined;
}

/** The page of a request that the gateway refuses. It contains the word `Erreur` in every language: clients look for it. */
export function errorPage({ language, reason, remedy }: ErrorPageOptions): HtmlPage {
  const t = TEXTS[language];
  const rest = SEPARATORS[language] + t.heading;
  return gatewayPage({
    language,
    title: `Erreur${rest}`,
    forms: 'none',
    content: html`<p class="note">paybox-direct-simulator, ${t.simulated}</p>
<h1><span lang="fr">Erreur</span>${rest}</h1>
<p class="alert">${reason}</p>
${remedy ? html`<p>${remedy}</p>` : NOTHING}`,
  });
}
