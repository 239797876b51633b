import { MAIN } from '../../gateway/gateways.js';
import { ROWS_PER_PAGE } from '../journal-queries.js';
import type { Page } from '../page.js';
import type { PageContext } from '../page-context.js';
import { type Column, ListTable, RowLink } from '../parts/list-table.js';
import { Pager } from '../parts/pager.js';
import { WireValue } from '../parts/wire-value.js';

const pathOf = (name: string): string => (name === MAIN ? '' : `/s/${name}`);

function columnsOf({ t, url, gateway }: PageContext): readonly Column<string>[] {
  return [
    {
      title: t.columns.name,
      isRowHeader: true,
      cell: (name) => (
        <>
          <RowLink href={`${pathOf(name)}/_sim/`}>{name === MAIN ? t.sessions.main : name}</RowLink>{' '}
          {name === gateway.name && <span class="badge info">{t.sessions.current}</span>}
        </>
      ),
    },
    { title: t.gatewayUrl, isLabelled: true, cell: (name) => <WireValue value={`${url.origin}${pathOf(name)}/PPPS.php`} /> },
  ];
}

/** The main gateway and the sessions, with links to their pages. */
export const sessionsPage: Page = {
  path: 'ui/sessions',
  section: 'sessions',
  render: async (context) => {
    const { t, query, sessions } = context;
    const all = [MAIN, ...(await sessions())];
    const from = /^\d{1,9}$/.test(query('before')) ? Number(query('before')) : 0;
    const next = from + ROWS_PER_PAGE;
    return {
      title: t.sections.sessions,
      body: (
        <>
          <p class="lead">{t.sessions.intro}</p>
          <ListTable id="sessions" columns={columnsOf(context)} rows={all.slice(from, next)} empty={t.none.found}>
            <Pager context={context} path="ui/sessions" before={all.length > next ? String(next) : undefined} />
          </ListTable>
        </>
      ),
    };
  },
};
