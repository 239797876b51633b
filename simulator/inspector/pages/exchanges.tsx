import { operationOf } from '../../../contracts/index.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { readSearch } from '../../journal/search.js';
import { isStepOperation } from '../../journal/step.js';
import { machineTime } from '../format.js';
import { listExchanges } from '../journal-queries.js';
import type { Page } from '../page.js';
import { exchangeHref, gatewayUrl, hrefOf, type PageContext, paymentHref } from '../page-context.js';
import { Copyable } from '../parts/copyable.js';
import { Counts, OUTCOME_FILTERS } from '../parts/counts.js';
import { ExchangeAnswer } from '../parts/exchange-answer.js';
import { FindingBadges } from '../parts/findings.js';
import { type Column, ListTable, RowLink } from '../parts/list-table.js';
import { ExchangePager } from '../parts/pager.js';
import { SEARCH_PARAMETERS, SearchForm } from '../parts/search.js';
import { WireValue } from '../parts/wire-value.js';
import { operationTitle, requestAmount, requestCard, typeLabel } from '../request-values.js';

function filterOf({ query }: PageContext): Partial<JournalFilter> {
  const words = readSearch(query('q'));
  const operation = query('type');
  const type = isStepOperation(operation) ? { operation } : { TYPE: operationOf(operation)?.TYPE };
  const outcome = Object.hasOwn(OUTCOME_FILTERS, query('outcome')) ? OUTCOME_FILTERS[query('outcome')] : {};
  return { ...(words.length > 0 && { words }), ...type, ...outcome };
}

function Reference({ context, entry }: { readonly context: PageContext; readonly entry: JournalEntry }) {
  if (entry.REFERENCE === '') return <span class="missing">{context.t.none.reference}</span>;
  return <WireValue value={entry.REFERENCE} short />;
}

function columnsOf(context: PageContext): readonly Column<JournalEntry>[] {
  const { t, formats, now } = context;
  const { columns } = t;
  return [
    {
      title: columns.time,
      style: 'time',
      cell: ({ at }) => <time datetime={machineTime(at)}>{formats.time(at, now)}</time>,
    },
    {
      title: columns.operation,
      style: 'operation',
      isRowHeader: true,
      cell: (entry) => (
        <>
          <span class="wire type">{typeLabel(entry)}</span>{' '}
          <RowLink href={exchangeHref(context, entry.seq)}>{operationTitle(context, entry)}</RowLink>
        </>
      ),
    },
    {
      title: columns.reference,
      style: 'reference',
      cell: (entry) => {
        const reference = <Reference context={context} entry={entry} />;
        return entry.payment === '' ? reference : <a href={paymentHref(context, entry.payment)}>{reference}</a>;
      },
    },
    { title: columns.amount, style: 'amount', cell: (entry) => <WireValue value={requestAmount(entry, formats)} short /> },
    { title: columns.card, style: 'card', cell: (entry) => <WireValue value={requestCard(entry)} short /> },
    {
      title: columns.code,
      style: 'code',
      cell: (entry) => <ExchangeAnswer context={context} entry={entry} />,
    },
    {
      title: columns.findings,
      style: 'badges',
      cell: ({ findings }) => <FindingBadges context={context} findings={findings} />,
    },
  ];
}

function NoExchanges({ context }: { readonly context: PageContext }) {
  const { t } = context;
  return (
    <div class="empty">
      <p>{t.none.exchanges}</p>
      <Copyable context={context} id="gateway-url" label={t.gatewayUrl} text={gatewayUrl(context)} />
      <p>
        <a class="button" href={hrefOf(context, 'ui/try')}>
          {t.sections.try}
        </a>
      </p>
    </div>
  );
}

/** The exchanges, newest first: the first page of the inspector. */
export const exchangesPage: Page = {
  path: '',
  section: 'exchanges',
  render: async (context) => {
    const { t, query } = context;
    const list = await listExchanges(context, filterOf(context));
    const isSearch = SEARCH_PARAMETERS.some((name) => query(name) !== '');
    return {
      title: t.sections.exchanges,
      ...(query('before') === '' && { liveAfter: list.newest }),
      body: (
        <>
          <SearchForm context={context} path="" hasFilters />
          {await Counts({ context, path: '', names: ['refused', 'mistakes', 'chosen', 'error', 'warning', 'info'] })}
          <ListTable
            id="exchanges"
            isDense
            columns={columnsOf(context)}
            rows={list.entries}
            rowId={({ seq }) => `exchange-${seq}`}
            empty={isSearch ? t.none.found : <NoExchanges context={context} />}
          >
            <ExchangePager context={context} path="" list={list} />
          </ListTable>
        </>
      ),
    };
  },
};
