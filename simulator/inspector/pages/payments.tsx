import { tenDigits } from '../../../contracts/index.js';
import { type Payment, type PaymentState, paymentState } from '../../engine/payment.js';
import { readSearch } from '../../journal/search.js';
import { mapInSlices } from '../../store/time-slice.js';
import { machineTime } from '../format.js';
import { newestSeq, ROWS_PER_PAGE } from '../journal-queries.js';
import type { Page } from '../page.js';
import { type PageContext, paymentHref } from '../page-context.js';
import { type Column, ListTable, RowLink } from '../parts/list-table.js';
import { Pager } from '../parts/pager.js';
import { PaymentStatus } from '../parts/payment-state.js';
import { SearchForm } from '../parts/search.js';
import { WireValue } from '../parts/wire-value.js';

/** Number of payments that a search reads. */
const SEARCHED_PAYMENTS = 200_000;

interface Row {
  readonly payment: Payment;
  readonly state: PaymentState;
}

function columnsOf(context: PageContext): readonly Column<Row>[] {
  const { t, formats, now } = context;
  const { columns } = t;
  const amountColumn = (title: string, minorUnits: (row: Row) => number): Column<Row> => ({
    title,
    style: 'amount',
    isLabelled: true,
    cell: (row) => formats.amount(minorUnits(row), row.payment.transactions[0].DEVISE),
  });
  return [
    {
      title: columns.time,
      style: 'time',
      cell: ({ payment: { transactions } }) => (
        <time datetime={machineTime(transactions[0].at)}>{formats.time(transactions[0].at, now)}</time>
      ),
    },
    {
      title: columns.reference,
      style: 'reference',
      isRowHeader: true,
      cell: ({ payment: { id, REFERENCE, origin } }) => (
        <>
          <RowLink href={paymentHref(context, id)}>{REFERENCE === '' ? t.none.reference : <WireValue value={REFERENCE} short />}</RowLink>
          {origin === 'system' && <span class="badge plain"> {t.checkout.hosted}</span>}
        </>
      ),
    },
    { title: columns.card, style: 'card', cell: ({ payment }) => <WireValue value={payment.card.mask} /> },
    { title: columns.status, style: 'code', cell: ({ state }) => <PaymentStatus context={context} state={state} /> },
    amountColumn(columns.amount, ({ payment }) => payment.transactions[0].MONTANT),
    amountColumn(columns.captured, ({ state }) => state.captured),
    amountColumn(columns.refunded, ({ state }) => state.refunded),
    amountColumn(columns.remitted, ({ state }) => state.remitted),
  ];
}

async function listPayments({
  gateway,
  query,
}: PageContext): Promise<{ readonly rows: readonly Row[]; readonly before: string | undefined }> {
  const words = readSearch(query('q'));
  const found = await gateway.payments({
    ...(words.length > 0 && { words, scanLimit: SEARCHED_PAYMENTS }),
    ...(/^\d{1,10}$/.test(query('before')) && { before: tenDigits(query('before')) }),
    limit: ROWS_PER_PAGE + 1,
  });
  const payments = found.slice(0, ROWS_PER_PAGE);
  const now = gateway.clock.now();
  return {
    rows: await mapInSlices(payments, (payment) => ({ payment, state: paymentState(payment, now) })),
    before: found.length > ROWS_PER_PAGE ? payments.at(-1)?.id : undefined,
  };
}

/** The payments, newest first, each with its state and amounts. */
export const paymentsPage: Page = {
  path: 'ui/payments',
  section: 'payments',
  render: async (context) => {
    const { t, gateway, query } = context;
    const liveAfter = await newestSeq(gateway);
    const { rows, before } = await listPayments(context);
    return {
      title: t.sections.payments,
      ...(query('before') === '' && { liveAfter }),
      body: (
        <>
          <SearchForm context={context} path="ui/payments" />
          <ListTable
            id="payments"
            isDense
            columns={columnsOf(context)}
            rows={rows}
            rowId={({ payment }) => `payment-${payment.id}`}
            empty={query('q') === '' ? t.none.payments : t.none.found}
          >
            <Pager context={context} path="ui/payments" before={before} />
          </ListTable>
        </>
      ),
    };
  },
};
