import { maskCardsIn } from '../../../contracts/index.js';
import { MAIN } from '../../gateway/gateways.js';
import { machineTime } from '../format.js';
import { LANGUAGES } from '../language.js';
import { MESSAGES } from '../messages/index.js';
import type { RenderedPage, Section } from '../page.js';
import { hrefOf, type PageContext } from '../page-context.js';

/** Where each section begins, in the order of the navigation. */
const BEGINNINGS: Record<Section, string> = {
  exchanges: '',
  payments: 'ui/payments',
  findings: 'ui/findings',
  subscribers: 'ui/subscribers',
  clock: 'ui/clock',
  rules: 'ui/rules',
  try: 'ui/try',
};

function languageHref({ url }: PageContext, language: string): string {
  const parameters = new URLSearchParams(url.search);
  parameters.set('lang', language);
  if (parameters.has('q')) parameters.set('q', maskCardsIn(parameters.get('q') ?? ''));
  return `${url.pathname}?${parameters}`;
}

function Header({ view, section }: { readonly view: PageContext; readonly section: Section }) {
  const { t, gateway, now, formats } = view;
  return (
    <header>
      <div class="bar">
        <a class="product" href={hrefOf(view, '')}>
          <span aria-hidden="true" class="mark" />
          {t.product}
          {gateway.name !== MAIN && <span class="session"> /s/{gateway.name}</span>}
        </a>
        <a class="clock" href={hrefOf(view, 'ui/clock')} id="bar-clock" data-live>
          <span class="unheard">{t.gatewayTime}: </span>
          <time datetime={machineTime(now)}>{formats.dateTime(now)}</time>
          {gateway.clock.position.frozen && <span class="badge info">{t.stopped}</span>}
        </a>
        <nav class="languages" aria-label={t.language}>
          {LANGUAGES.map((language) => (
            <a
              href={languageHref(view, language)}
              lang={language}
              hreflang={language}
              aria-current={language === view.language ? 'true' : undefined}
            >
              {language.toUpperCase()}
              <span class="unheard"> {MESSAGES[language].languageName}</span>
            </a>
          ))}
        </nav>
      </div>
      <nav class="sections" aria-label={t.navigation}>
        <ul>
          {(Object.keys(BEGINNINGS) as Section[]).map((name) => (
            <li>
              <a href={hrefOf(view, BEGINNINGS[name])} aria-current={name === section ? 'page' : undefined}>
                {t.sections[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

/** A whole page. */
export function Layout({ view, section, shown }: { readonly view: PageContext; readonly section: Section; readonly shown: RenderedPage }) {
  const { t, base } = view;
  const live = shown.live === undefined ? undefined : hrefOf(view, 'events', { after: String(shown.live) });
  return (
    <html lang={view.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${shown.title} – ${t.product}`}</title>
        <link rel="icon" href={`${base}/assets/icon.svg`} />
        <link rel="stylesheet" href={`${base}/assets/inspector.css`} />
        <script src={`${base}/assets/inspector.js`} defer />
      </head>
      <body data-events={live} data-on={t.live.on} data-off={t.live.off} data-came={t.live.came}>
        <a class="skip" href="#content">
          {t.skip}
        </a>
        <Header view={view} section={section} />
        <main id="content" tabindex={-1}>
          <div class="head">
            <h1>{shown.title}</h1>
            {live && <p id="live" role="status" hidden />}
          </div>
          {shown.body}
        </main>
      </body>
    </html>
  );
}
