import type { Subscriber } from '../../engine/subscriber.js';
import { machineTime } from '../format.js';
import { newestSeq, ROWS_PER_PAGE } from '../journal-queries.js';
import type { Page } from '../page.js';
import type { PageContext } from '../page-context.js';
import { type Column, ListTable } from '../parts/list-table.js';
import { Pager } from '../parts/pager.js';
import { WireValue } from '../parts/wire-value.js';

function columnsOf({ t: { columns }, formats }: PageContext): readonly Column<Subscriber>[] {
  return [
    { title: 'REFABONNE', isRowHeader: true, cell: ({ REFABONNE }) => <WireValue value={REFABONNE} short /> },
    { title: columns.account, isLabelled: true, cell: ({ account }) => <WireValue value={account} /> },
    {
      title: columns.card,
      isLabelled: true,
      cell: ({ card }) => (
        <>
          <WireValue value={card.mask} /> {card.TYPECARTE}
        </>
      ),
    },
    { title: columns.expiry, isLabelled: true, cell: ({ DATEVAL }) => <WireValue value={DATEVAL} /> },
    { title: columns.token, isLabelled: true, cell: ({ PORTEUR }) => <WireValue value={PORTEUR} /> },
    {
      title: columns.registered,
      isLabelled: true,
      cell: ({ registeredAt }) => <time datetime={machineTime(registeredAt)}>{formats.dateTime(registeredAt)}</time>,
    },
  ];
}

/** The subscribers of Direct Plus, last registered first. */
export const subscribersPage: Page = {
  path: 'ui/subscribers',
  section: 'subscribers',
  render: async (context) => {
    const { t, gateway, query } = context;
    const liveAfter = await newestSeq(gateway);
    const all = (await gateway.subscribers()).reverse();
    const from = /^\d{1,9}$/.test(query('before')) ? Number(query('before')) : 0;
    const next = from + ROWS_PER_PAGE;
    return {
      title: t.sections.subscribers,
      liveAfter,
      body: (
        <ListTable id="subscribers" columns={columnsOf(context)} rows={all.slice(from, next)} empty={t.none.subscribers}>
          <Pager context={context} path="ui/subscribers" before={all.length > next ? String(next) : undefined} />
        </ListTable>
      ),
    };
  },
};
