import { tenDigits } from '../../../contracts/index.js';
import type { Checkout } from '../../engine/checkout.js';
import { machineTime } from '../format.js';
import { newestSeq, ROWS_PER_PAGE } from '../journal-queries.js';
import type { Page } from '../page.js';
import { checkoutHref, type PageContext, paymentHref } from '../page-context.js';
import { CheckoutStateBadge } from '../parts/checkout-state.js';
import { type Column, ListTable, RowLink } from '../parts/list-table.js';
import { Pager } from '../parts/pager.js';
import { WireValue } from '../parts/wire-value.js';

/** The codes of the attempts, each with a link to its payment. */
function Attempts({ context, attempts }: { readonly context: PageContext; readonly attempts: Checkout['attempts'] }) {
  return (
    <>
      {attempts.map(({ code, payment }) => (
        <>
          {payment === '' ? (
            <WireValue value={code} />
          ) : (
            <a href={paymentHref(context, payment)}>
              <WireValue value={code} />
            </a>
          )}{' '}
        </>
      ))}
    </>
  );
}

function columnsOf(context: PageContext): readonly Column<Checkout>[] {
  const { t, formats, now } = context;
  const { columns } = t;
  return [
    {
      title: columns.time,
      style: 'time',
      cell: ({ startedAt }) => <time datetime={machineTime(startedAt)}>{formats.time(startedAt, now)}</time>,
    },
    {
      title: columns.reference,
      style: 'reference',
      isRowHeader: true,
      cell: ({ id, REFERENCE }) => (
        <RowLink href={checkoutHref(context, id)}>
          <WireValue value={REFERENCE} short />
        </RowLink>
      ),
    },
    { title: columns.outcome, style: 'code', cell: (checkout) => <CheckoutStateBadge context={context} checkout={checkout} /> },
    { title: columns.amount, style: 'amount', isLabelled: true, cell: ({ MONTANT, DEVISE }) => formats.amount(MONTANT, DEVISE) },
    { title: columns.card, style: 'card', cell: ({ card }) => <WireValue value={card?.mask ?? ''} /> },
    { title: columns.account, isLabelled: true, cell: ({ account }) => <WireValue value={account} /> },
    { title: t.checkout.attempts, isLabelled: true, cell: ({ attempts }) => <Attempts context={context} attempts={attempts} /> },
  ];
}

/** The checkouts of the hosted page, newest first, each with its state and its attempts. */
export const checkoutsPage: Page = {
  path: 'ui/checkouts',
  section: 'checkouts',
  render: async (context) => {
    const { t, gateway, query } = context;
    const liveAfter = await newestSeq(gateway);
    const found = await gateway.checkouts({
      ...(/^\d{1,10}$/.test(query('before')) && { before: tenDigits(query('before')) }),
      limit: ROWS_PER_PAGE + 1,
    });
    const rows = found.slice(0, ROWS_PER_PAGE);
    return {
      title: t.sections.checkouts,
      ...(query('before') === '' && { liveAfter }),
      body: (
        <ListTable
          id="checkouts"
          isDense
          columns={columnsOf(context)}
          rows={rows}
          rowId={({ id }) => `checkout-${id}`}
          empty={t.none.checkouts}
        >
          <Pager context={context} path="ui/checkouts" before={found.length > ROWS_PER_PAGE ? rows.at(-1)?.id : undefined} />
        </ListTable>
      ),
    };
  },
};
