import { type Authentication, outcomeAt } from '../../engine/authentication.js';
import { machineTime } from '../format.js';
import { newestSeq, ROWS_PER_PAGE } from '../journal-queries.js';
import type { Page } from '../page.js';
import { authenticationHref, type PageContext, paymentHref } from '../page-context.js';
import { type Column, ListTable, RowLink } from '../parts/list-table.js';
import { OutcomeBadge } from '../parts/outcome.js';
import { Pager } from '../parts/pager.js';
import { WireValue } from '../parts/wire-value.js';

/** The payment that used the ID3D first, and how many more did. */
function Payments({ context, usedBy }: { readonly context: PageContext; readonly usedBy: Authentication['usedBy'] }) {
  const { t, formats } = context;
  const [first, ...others] = usedBy;
  if (!first) return <span class="missing">{t.authentication.notUsed}</span>;
  return (
    <>
      <a href={paymentHref(context, first.payment)}>
        <WireValue value={first.payment} />
      </a>
      {others.length > 0 && ` ${t.authentication.others(formats.count(others.length))}`}
    </>
  );
}

function columnsOf(context: PageContext): readonly Column<Authentication>[] {
  const { t, formats, now } = context;
  const { columns } = t;
  return [
    {
      title: columns.time,
      style: 'time',
      cell: ({ startedAt }) => <time datetime={machineTime(startedAt)}>{formats.time(startedAt, now)}</time>,
    },
    {
      title: 'IdSession',
      style: 'reference',
      isRowHeader: true,
      cell: ({ ID3D, IdSession }) => (
        <RowLink href={authenticationHref(context, ID3D)}>
          <WireValue value={IdSession} short />
        </RowLink>
      ),
    },
    {
      title: columns.outcome,
      style: 'code',
      cell: (authentication) => <OutcomeBadge context={context} outcome={outcomeAt(authentication, now)} />,
    },
    { title: columns.amount, style: 'amount', isLabelled: true, cell: ({ MONTANT, DEVISE }) => formats.amount(MONTANT, DEVISE) },
    { title: columns.card, style: 'card', cell: ({ card }) => <WireValue value={card.mask} /> },
    { title: columns.account, isLabelled: true, cell: ({ account }) => <WireValue value={account} /> },
    { title: columns.payment, isLabelled: true, cell: ({ usedBy }) => <Payments context={context} usedBy={usedBy} /> },
  ];
}

/** The authentications of 3-D Secure, newest first, each with its outcome and the payment that used it. */
export const authenticationsPage: Page = {
  path: 'ui/authentications',
  section: 'authentications',
  render: async (context) => {
    const { t, gateway, query } = context;
    const liveAfter = await newestSeq(gateway);
    const found = await gateway.authentications({
      ...(/^\d{1,20}$/.test(query('before')) && { before: query('before') }),
      limit: ROWS_PER_PAGE + 1,
    });
    const rows = found.slice(0, ROWS_PER_PAGE);
    return {
      title: t.sections.authentications,
      ...(query('before') === '' && { liveAfter }),
      body: (
        <ListTable
          id="authentications"
          isDense
          columns={columnsOf(context)}
          rows={rows}
          rowId={({ ID3D }) => `authentication-${ID3D}`}
          empty={t.none.authentications}
        >
          <Pager context={context} path="ui/authentications" before={found.length > ROWS_PER_PAGE ? rows.at(-1)?.ID3D : undefined} />
        </ListTable>
      ),
    };
  },
};
