import { operationOf } from '../../../contracts/index.js';
import type { FindingRule } from '../../engine/finding.js';
import type { JournalEntry } from '../../journal/entry.js';
import { newestEntry } from '../events.js';
import { machineTime } from '../format.js';
import { type Page, PageError } from '../page.js';
import { exchangeHref, gatewayUrl, type PageContext, paymentHref } from '../page-context.js';
import { Advice, Code } from '../parts/code.js';
import { Copyable } from '../parts/copyable.js';
import { Fields } from '../parts/fields.js';
import { Findings } from '../parts/findings.js';
import { Wire } from '../parts/wire.js';
import { curlOf } from '../replay/curl.js';
import { fillIn } from '../replay/fill-in.js';
import { scenarioOf } from '../replay/scenario.js';
import { operationTitle } from './exchanges.js';

/** As many steps as a scenario has at most. */
const MOST_STEPS = 100;

const isBody = ({ request }: JournalEntry): boolean => request.length === 1 && request[0]?.[0] === '(body)';

const wireText = (pairs: readonly (readonly [string, string])[]): string => pairs.map(([name, value]) => `${name}=${value}`).join('&');

function Raw({ view, entry }: { readonly view: PageContext; readonly entry: JournalEntry }) {
  const { t } = view;
  const sent = isBody(entry) ? (entry.request[0]?.[1] ?? '') : wireText(entry.request);
  return (
    <section aria-labelledby="raw">
      <h2 id="raw">{t.exchange.raw}</h2>
      <p class="hint">{isBody(entry) ? t.exchange.noForm : t.exchange.rawNote}</p>
      <h3>{t.exchange.request}</h3>
      {sent === '' ? <p>{t.exchange.empty}</p> : <Copyable view={view} id="raw-request" label={t.exchange.request} text={sent} isWire />}
      <h3>{t.exchange.reply}</h3>
      <Copyable view={view} id="raw-reply" label={t.exchange.reply} text={wireText(Object.entries(entry.reply))} isWire />
    </section>
  );
}

function Curl({ view, entry }: { readonly view: PageContext; readonly entry: JournalEntry }) {
  const { t } = view;
  const filled = fillIn(entry);
  return (
    <div>
      <h2 id="curl">{t.exchange.curl}</h2>
      {filled ? (
        <>
          <Copyable view={view} id="curl-text" label={t.exchange.curl} text={curlOf(filled, gatewayUrl(view))} />
          <p class="hint">
            {filled.filled.length > 0 && `${t.exchange.placeholders(filled.filled.join(', '))} `}
            {filled.isUnsigned && `${t.exchange.unsigned} `}
            {t.exchange.newNumber}
          </p>
        </>
      ) : (
        <p>{t.exchange.curlNone}</p>
      )}
    </div>
  );
}

async function storyOf({ gateway }: PageContext, entry: JournalEntry): Promise<readonly JournalEntry[]> {
  if (entry.payment === '') return [entry];
  return (await gateway.journal({ payment: entry.payment, before: entry.seq + 1, limit: MOST_STEPS })).reverse();
}

const STAGED: readonly FindingRule[] = ['outcome-forced', 'fault-staged'];

/** Whether rules had a part in what happened. */
const isStaged = (story: readonly JournalEntry[]): boolean =>
  story.some(({ findings }) => findings.some(({ rule }) => STAGED.includes(rule)));

function Scenario({ view, story }: { readonly view: PageContext; readonly story: readonly JournalEntry[] }) {
  const { t, gateway } = view;
  const isStep = operationOf(story.at(-1)?.TYPE ?? '') !== undefined;
  return (
    <div>
      <h2 id="scenario">{t.exchange.scenario}</h2>
      {isStep ? (
        <>
          <Copyable
            view={view}
            id="scenario-text"
            label={t.exchange.scenario}
            text={scenarioOf(story, isStaged(story) ? gateway.rules.list() : [])}
          />
          <p class="hint">{t.exchange.scenarioNote}</p>
        </>
      ) : (
        <p>{t.exchange.scenarioNone}</p>
      )}
    </div>
  );
}

/** One exchange: explained, on the wire, and as something to take along. */
export const exchangePage: Page = {
  path: 'ui/exchanges/:seq',
  section: 'exchanges',
  show: async (view) => {
    const { t, gateway, formats } = view;
    const seq = /^\d{1,15}$/.test(view.query('seq')) ? Number(view.query('seq')) : 0;
    const [entry] = await gateway.journal({ after: seq - 1, before: seq + 1, limit: 1 });
    if (!entry || seq === 0) throw new PageError(404, t.problem.noExchange(view.query('seq').slice(0, 20)));
    const newest = await newestEntry(gateway);
    return {
      title: t.exchange.title(seq),
      body: (
        <>
          <nav class="pager" aria-label={t.more.pages}>
            {seq > 1 && <a href={exchangeHref(view, seq - 1)}>← {t.exchange.previous}</a>}
            {entry.payment !== '' && <a href={paymentHref(view, entry.payment)}>{t.exchange.payment}</a>}
            {seq < newest && <a href={exchangeHref(view, seq + 1)}>{t.exchange.next} →</a>}
          </nav>
          <p class="lead">
            <strong>{operationTitle(view, entry)}</strong> <span class="wire type">{entry.TYPE}</span> ·{' '}
            <time datetime={machineTime(entry.at)}>{formats.dateTime(entry.at)}</time>
            {entry.REFERENCE !== '' && ' · '}
            <Wire value={entry.REFERENCE} short />
          </p>
          <p>
            <Code view={view} code={entry.CODEREPONSE} />
          </p>
          <Advice view={view} code={entry.CODEREPONSE} />
          <Findings view={view} findings={entry.findings} />
          {!isBody(entry) && <Fields view={view} caption={t.exchange.request} pairs={entry.request} />}
          <Fields view={view} caption={t.exchange.reply} pairs={Object.entries(entry.reply)} isReply />
          <Raw view={view} entry={entry} />
          <Curl view={view} entry={entry} />
          <Scenario view={view} story={await storyOf(view, entry)} />
        </>
      ),
    };
  },
};
