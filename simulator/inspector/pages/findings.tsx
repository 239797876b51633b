import type { JournalEntry } from '../../journal/entry.js';
import { machineTime } from '../format.js';
import { listExchanges, SEARCHED_EXCHANGES } from '../list-exchanges.js';
import type { Page } from '../page.js';
import { exchangeHref, type PageContext, paymentHref } from '../page-context.js';
import { Code } from '../parts/code.js';
import { Findings } from '../parts/findings.js';
import { Pager } from '../parts/pager.js';
import { Wire } from '../parts/wire.js';
import { operationTitle } from './exchanges.js';

function Item({ view, entry }: { readonly view: PageContext; readonly entry: JournalEntry }) {
  const { formats, now, t } = view;
  return (
    <li id={`exchange-${entry.seq}`} class="card-box">
      <h2>
        <a href={exchangeHref(view, entry.seq)}>{operationTitle(view, entry)}</a> <span class="wire type">{entry.TYPE}</span>
      </h2>
      <p>
        <time datetime={machineTime(entry.at)}>{formats.time(entry.at, now)}</time> ·{' '}
        <Wire value={entry.REFERENCE || t.none.reference} short />
        {entry.payment !== '' && (
          <>
            {' · '}
            <a href={paymentHref(view, entry.payment)}>
              {t.columns.payment} {entry.payment}
            </a>
          </>
        )}
      </p>
      <p>
        <Code view={view} code={entry.CODEREPONSE} />
      </p>
      <Findings view={view} findings={entry.findings} />
    </li>
  );
}

/** What was remarked on, with the remedies. */
export const findingsPage: Page = {
  path: 'ui/findings',
  section: 'findings',
  show: async (view) => {
    const { t, formats } = view;
    const { entries, newest, before, isCut } = await listExchanges(view, { hasFindings: true });
    return {
      title: t.sections.findings,
      ...(view.query('before') === '' && { live: newest }),
      body: (
        <div id="findings" data-live="whole">
          {entries.length === 0 ? (
            <p class="empty">{t.none.findings}</p>
          ) : (
            <ul class="cards" id="rows">
              {entries.map((entry) => (
                <Item view={view} entry={entry} />
              ))}
            </ul>
          )}
          {isCut && <p class="hint">{t.more.searchEnds(formats.count(SEARCHED_EXCHANGES))}</p>}
          <Pager view={view} path="ui/findings" before={before} {...(isCut && { label: t.more.further })} />
        </div>
      ),
    };
  },
};
