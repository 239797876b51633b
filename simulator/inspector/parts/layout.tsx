import { maskName, maskText } from '../../../contracts/index.js';
import { MAIN } from '../../gateway/gateways.js';
import { LANGUAGES } from '../../pages/language.js';
import { machineTime } from '../format.js';
import { MESSAGES } from '../messages/index.js';
import type { RenderedPage, Section } from '../page.js';
import { hrefOf, type PageContext } from '../page-context.js';

/** The path of each section, in the order of the navigation. */
const SECTION_PATHS: Record<Section, string> = {
  exchanges: '',
  payments: 'ui/payments',
  authentications: 'ui/authentications',
  findings: 'ui/findings',
  subscribers: 'ui/subscribers',
  accounts: 'ui/accounts',
  clock: 'ui/clock',
  rules: 'ui/rules',
  try: 'ui/try',
  sessions: 'ui/sessions',
  protocol: 'ui/protocol',
};

function languageHref({ url }: PageContext, language: string): string {
  const parameters = new URLSearchParams(Array.from(url.searchParams, ([name, value]) => [maskName(name, value), maskText(value)]));
  parameters.set('lang', language);
  return `${maskText(url.pathname)}?${parameters}`;
}

function Header({ context, section }: { readonly context: PageContext; readonly section: Section }) {
  const { t, gateway, now, formats } = context;
  return (
    <header>
      <div class="bar">
        <a class="product" href={hrefOf(context, '')}>
          <span aria-hidden="true" class="mark" />
          {t.product}
          {gateway.name !== MAIN && <span class="session"> /s/{gateway.name}</span>}
        </a>
        <a class="clock" href={hrefOf(context, 'ui/clock')} id="bar-clock" data-live>
          <span class="visually-hidden">{t.gatewayTime + t.colon}</span>
          <time datetime={machineTime(now)}>{formats.dateTime(now)}</time>
          {gateway.clock.position.frozen && <span class="badge info">{t.frozen}</span>}
        </a>
        <nav class="languages" aria-label={t.language}>
          {LANGUAGES.map((language) => (
            <a
              href={languageHref(context, language)}
              lang={language}
              hreflang={language}
              aria-current={language === context.language ? 'true' : undefined}
            >
              {language.toUpperCase()}
              <span class="visually-hidden"> {MESSAGES[language].languageName}</span>
            </a>
          ))}
        </nav>
      </div>
      <nav class="sections" aria-label={t.navigation}>
        <ul>
          {(Object.keys(SECTION_PATHS) as Section[]).map((name) => (
            <li>
              <a href={hrefOf(context, SECTION_PATHS[name])} aria-current={name === section ? 'page' : undefined}>
                {t.sections[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

/** The HTML document of a page: head, header with navigation, and the page itself. */
export function Layout({
  context,
  section,
  page,
}: {
  readonly context: PageContext;
  readonly section: Section;
  readonly page: RenderedPage;
}) {
  const { t, base } = context;
  const events = page.liveAfter === undefined ? undefined : hrefOf(context, 'events', { after: String(page.liveAfter) });
  return (
    <html lang={context.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${page.title} – ${t.product}`}</title>
        <link rel="icon" href={`${base}/assets/icon.svg`} />
        <link rel="stylesheet" href={`${base}/assets/inspector.css`} />
        <script src={`${base}/assets/inspector.js`} defer />
      </head>
      <body data-events={events} data-on={t.live.on} data-off={t.live.off} data-added={t.live.added}>
        <a class="skip" href="#content">
          {t.skip}
        </a>
        <Header context={context} section={section} />
        <main id="content" tabindex={-1}>
          <div class="head">
            <h1>{page.title}</h1>
            {events && <p id="live" role="status" hidden />}
          </div>
          {page.body}
        </main>
      </body>
    </html>
  );
}
