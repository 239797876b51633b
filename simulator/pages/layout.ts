import { INLINE, type InlineText } from './inline.js';
import type { Language } from './language.js';
import { html, latin1Markup, type Markup, NOTHING } from './markup.js';

/** A page as it is sent. */
export interface HtmlPage {
  /** HTML with code units up to 0xff only: to be sent in ISO-8859-1, one byte for each. */
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** What a page consists of. */
export interface PageParts {
  readonly language: Language;
  readonly title: string;
  /** The content of the `main` element. */
  readonly content: Markup;
  /** Where forms of the page may lead. Browsers also apply it to redirects that follow, so a form that leads to a shop is not restricted. */
  readonly forms: 'none' | 'self' | 'anywhere';
  /** The content of the `aside` element, beside `main` where the window is wide. Default: the page has none. */
  readonly aside?: Markup | undefined;
  /** A style that follows that of every page. */
  readonly style?: InlineText | undefined;
  readonly script?: InlineText;
  /** Headers beside those of every page. */
  readonly headers?: Readonly<Record<string, string>>;
}

const FORM_ACTIONS: Readonly<Record<PageParts['forms'], readonly string[]>> = {
  none: ["form-action 'none'"],
  self: ["form-action 'self'"],
  anywhere: [],
};

const stylesOf = ({ style }: PageParts): readonly InlineText[] => (style ? [INLINE.style, style] : [INLINE.style]);

const hashSource = ({ hash }: InlineText): string => `'sha256-${hash}'`;

function contentSecurityPolicy(parts: PageParts): string {
  const { forms, script } = parts;
  return [
    "default-src 'none'",
    `style-src ${stylesOf(parts).map(hashSource).join(' ')}`,
    ...(script ? [`script-src ${hashSource(script)}`] : []),
    // The empty icon.
    'img-src data:',
    "base-uri 'none'",
    // Shops show the pages in frames.
    'frame-ancestors *',
    ...FORM_ACTIONS[forms],
  ].join('; ');
}

function headersOf(parts: PageParts): Record<string, string> {
  return {
    'Content-Type': 'text/html; charset=ISO-8859-1',
    'Content-Language': parts.language,
    'Content-Security-Policy': contentSecurityPolicy(parts),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    ...parts.headers,
  };
}

const trusted = (markup: string): Markup => ({ markup });

function headAndBody(parts: PageParts): Markup {
  const { language, title, content, aside, script } = parts;
  return html`<head>
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${stylesOf(parts).map(({ text }) => html`<style>${trusted(text)}</style>\n`)}</head>
<body lang="${language}">
<main>
${content}
</main>
${aside ? html`<aside>\n${aside}\n</aside>\n` : NOTHING}${script ? html`<script>${trusted(script.text)}</script>` : NOTHING}
</body>
</html>
`;
}

/** A page for people to read: HTML with a document type and a language. */
export function documentPage(parts: PageParts): HtmlPage {
  const body = html`<!DOCTYPE html>
<html lang="${parts.language}">
${headAndBody(parts)}`;
  return { body: latin1Markup(body.markup), headers: headersOf(parts) };
}

/** A page that begins with `<html>`, as the answers of the gateway do: clients look for it. A script sets its language. */
export function gatewayPage(parts: PageParts): HtmlPage {
  const withScript = { script: INLINE.language, ...parts };
  const body = html`<html>
${headAndBody(withScript)}`;
  return { body: latin1Markup(body.markup), headers: headersOf(withScript) };
}
