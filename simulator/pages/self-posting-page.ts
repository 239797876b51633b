import { INLINE } from './inline.js';
import type { Language } from './language.js';
import { gatewayPage, type HtmlPage } from './layout.js';
import { html, NOTHING } from './markup.js';

interface Texts {
  readonly heading: string;
  readonly explanation: string;
  readonly button: string;
}

const TEXTS: Readonly<Record<Language, Texts>> = {
  en: { heading: 'One moment…', explanation: 'Your browser takes you to the next page.', button: 'Continue' },
  fr: { heading: 'Un instant…', explanation: 'Votre navigateur vous conduit à la page suivante.', button: 'Continuer' },
};

/** Where a self-posting page leads. */
export interface SelfPostingPageOptions {
  readonly language: Language;
  /** The address of the form. A POST keeps its query; a GET replaces it by the fields. */
  readonly url: string;
  readonly method: 'POST' | 'GET';
  /** The fields in their order, not encoded: the browser encodes them in ISO-8859-1, as `+`, `%E0`, `%3D`. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** A page whose form submits itself, or has a button where scripts are off. See docs/protocol.md#section-7. */
export function selfPostingPage({ language, url, method, fields }: SelfPostingPageOptions): HtmlPage {
  const t = TEXTS[language];
  return gatewayPage({
    language,
    title: t.heading,
    forms: 'anywhere',
    script: INLINE.submit,
    // A shop sees which site sent its customer, as it does without any policy, but not the address of the page.
    headers: { 'Referrer-Policy': 'strict-origin' },
    content: html`<h1>${t.heading}</h1>
<p>${t.explanation}</p>
<form action="${url}" method="${method}"${method === 'POST' ? html` accept-charset="ISO-8859-1"` : NOTHING}>
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<noscript><button>${t.button}</button></noscript>
</form>`,
  });
}
