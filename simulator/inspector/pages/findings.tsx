import { SEVERITIES } from '../../engine/finding.js';
import type { JournalEntry } from '../../journal/entry.js';
import { machineTime } from '../format.js';
import { listExchanges } from '../journal-queries.js';
import type { Page } from '../page.js';
import { exchangeHref, type PageContext, paymentHref } from '../page-context.js';
import { Counts } from '../parts/counts.js';
import { ExchangeAnswer } from '../parts/exchange-answer.js';
import { Findings } from '../parts/findings.js';
import { LiveList } from '../parts/list-table.js';
import { ExchangePager } from '../parts/pager.js';
import { WireValue } from '../parts/wire-value.js';
import { operationTitle, typeLabel } from '../request-values.js';

function ExchangeCard({ context, entry }: { readonly context: PageContext; readonly entry: JournalEntry }) {
  const { formats, now, t } = context;
  return (
    <li id={`exchange-${entry.seq}`} class="card-box">
      <h2>
        <a href={exchangeHref(context, entry.seq)}>{operationTitle(context, entry)}</a> <span class="wire type">{typeLabel(entry)}</span>
      </h2>
      <p>
        <time datetime={machineTime(entry.at)}>{formats.time(entry.at, now)}</time> ·{' '}
        <WireValue value={entry.REFERENCE || t.none.reference} short />
        {entry.payment !== '' && (
          <>
            {' · '}
            <a href={paymentHref(context, entry.payment)}>
              {t.columns.payment} {entry.payment}
            </a>
          </>
        )}
      </p>
      <p>
        <ExchangeAnswer context={context} entry={entry} />
      </p>
      <Findings context={context} findings={entry.findings} />
    </li>
  );
}

/** The exchanges with findings, newest first, each finding with its remedy. */
export const findingsPage: Page = {
  path: 'ui/findings',
  section: 'findings',
  render: async (context) => {
    const { t, query } = context;
    const severity = SEVERITIES.find((one) => one === query('outcome'));
    const list = await listExchanges(context, severity ? { severity } : { hasFindings: true });
    const cards = (
      <ul class="cards" id="rows">
        {list.entries.map((entry) => (
          <ExchangeCard context={context} entry={entry} />
        ))}
      </ul>
    );
    return {
      title: t.sections.findings,
      ...(query('before') === '' && { liveAfter: list.newest }),
      body: (
        <>
          {await Counts({ context, path: 'ui/findings', names: ['error', 'warning', 'info'] })}
          <LiveList id="findings" empty={severity ? t.none.found : t.none.findings} rows={list.entries.length > 0 ? cards : undefined}>
            <ExchangePager context={context} path="ui/findings" list={list} />
          </LiveList>
        </>
      ),
    };
  },
};
