import { operationOf } from '../../../contracts/index.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { readSearch } from '../../journal/search.js';
import { sentAmount, sentCard } from '../entry-facts.js';
import { machineTime } from '../format.js';
import { listExchanges, SEARCHED_EXCHANGES } from '../list-exchanges.js';
import type { Page } from '../page.js';
import { exchangeHref, gatewayUrl, hrefOf, type PageContext, paymentHref } from '../page-context.js';
import { Code } from '../parts/code.js';
import { Copyable } from '../parts/copyable.js';
import { FindingBadge } from '../parts/findings.js';
import { Pager } from '../parts/pager.js';
import { SEARCH_PARAMETERS, SearchForm } from '../parts/search.js';
import { Wire } from '../parts/wire.js';

const OUTCOMES: Readonly<Record<string, Partial<JournalFilter>>> = {
  accepted: { isRefused: false },
  refused: { isRefused: true },
  findings: { hasFindings: true },
};

function conditionsOf({ query }: PageContext): Partial<JournalFilter> {
  const words = readSearch(query('q'));
  const TYPE = operationOf(query('type'))?.TYPE;
  const outcome = Object.hasOwn(OUTCOMES, query('outcome')) ? OUTCOMES[query('outcome')] : {};
  return { ...(words.length > 0 && { words }), ...(TYPE !== undefined && { TYPE }), ...outcome };
}

/** The name of an exchange's operation, or that it has none. */
export function operationTitle({ language, t }: Pick<PageContext, 'language' | 't'>, { TYPE }: Pick<JournalEntry, 'TYPE'>): string {
  return operationOf(TYPE)?.title[language] ?? t.none.operation;
}

function Row({ view, entry }: { readonly view: PageContext; readonly entry: JournalEntry }) {
  const { t, formats, now } = view;
  const reference = entry.REFERENCE === '' ? <span class="nothing">{t.none.reference}</span> : <Wire value={entry.REFERENCE} short />;
  return (
    <tr id={`exchange-${entry.seq}`}>
      <td class="time">
        <time datetime={machineTime(entry.at)}>{formats.time(entry.at, now)}</time>
      </td>
      <th scope="row" class="operation">
        <a class="row" href={exchangeHref(view, entry.seq)}>
          {operationTitle(view, entry)}
        </a>{' '}
        <span class="wire type">{entry.TYPE}</span>
      </th>
      <td class="reference">{entry.payment === '' ? reference : <a href={paymentHref(view, entry.payment)}>{reference}</a>}</td>
      <td class="amount">
        <Wire value={sentAmount(entry, formats)} short />
      </td>
      <td class="card">
        <Wire value={sentCard(entry)} short />
      </td>
      <td class="code">
        <Code view={view} code={entry.CODEREPONSE} />
      </td>
      <td class="found">
        {entry.findings.map((finding) => (
          <FindingBadge view={view} finding={finding} />
        ))}
      </td>
    </tr>
  );
}

function Nothing({ view, isSearch }: { readonly view: PageContext; readonly isSearch: boolean }) {
  const { t } = view;
  if (isSearch) return <p class="empty">{t.none.found}</p>;
  return (
    <div class="empty">
      <p>{t.none.exchanges}</p>
      <Copyable view={view} id="gateway-url" label={t.gatewayUrl} text={gatewayUrl(view)} />
      <p>
        <a class="button" href={hrefOf(view, 'ui/try')}>
          {t.sections.try}
        </a>
      </p>
    </div>
  );
}

/** What came, newest first: the page one begins with. */
export const exchangesPage: Page = {
  path: '',
  section: 'exchanges',
  show: async (view) => {
    const { t, formats } = view;
    const { entries, newest, before, isCut } = await listExchanges(view, conditionsOf(view));
    const isSearch = SEARCH_PARAMETERS.some((name) => view.query(name) !== '');
    const { columns } = t;
    return {
      title: t.sections.exchanges,
      ...(view.query('before') === '' && { live: newest }),
      body: (
        <>
          <SearchForm view={view} path="" withKinds />
          <div id="exchanges" data-live="whole">
            {entries.length === 0 ? (
              <Nothing view={view} isSearch={isSearch} />
            ) : (
              <table class="list">
                <thead>
                  <tr>
                    <th scope="col">{columns.time}</th>
                    <th scope="col">{columns.operation}</th>
                    <th scope="col">{columns.reference}</th>
                    <th scope="col" class="amount">
                      {columns.amount}
                    </th>
                    <th scope="col">{columns.card}</th>
                    <th scope="col">{columns.code}</th>
                    <th scope="col">{columns.findings}</th>
                  </tr>
                </thead>
                <tbody id="rows">
                  {entries.map((entry) => (
                    <Row view={view} entry={entry} />
                  ))}
                </tbody>
              </table>
            )}
            {isCut && <p class="hint">{t.more.searchEnds(formats.count(SEARCHED_EXCHANGES))}</p>}
            <Pager view={view} path="" before={before} {...(isCut && { label: t.more.further })} />
          </div>
        </>
      ),
    };
  },
};
