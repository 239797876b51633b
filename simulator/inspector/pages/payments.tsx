import { tenDigits } from '../../../contracts/index.js';
import { type Payment, paymentState } from '../../engine/payment.js';
import { readSearch } from '../../journal/search.js';
import { newestEntry } from '../events.js';
import { machineTime } from '../format.js';
import { ROWS } from '../list-exchanges.js';
import type { Page } from '../page.js';
import { type PageContext, paymentHref } from '../page-context.js';
import { Pager } from '../parts/pager.js';
import { SearchForm } from '../parts/search.js';
import { Standing } from '../parts/standing.js';
import { Wire } from '../parts/wire.js';

/** Among how many payments a search looks. */
const SEARCHED_PAYMENTS = 200_000;

function Row({ view, payment }: { readonly view: PageContext; readonly payment: Payment }) {
  const { t, formats, now, gateway } = view;
  const state = paymentState(payment, gateway.clock.now());
  const [first] = payment.transactions;
  const amount = (minor: number) => formats.amount(minor, first.DEVISE);
  return (
    <tr id={`payment-${payment.id}`}>
      <td class="time">
        <time datetime={machineTime(first.at)}>{formats.time(first.at, now)}</time>
      </td>
      <th scope="row" class="reference">
        <a class="row" href={paymentHref(view, payment.id)}>
          {payment.REFERENCE === '' ? t.none.reference : <Wire value={payment.REFERENCE} short />}
        </a>
      </th>
      <td class="card">
        <Wire value={payment.card.mask} />
      </td>
      <td class="code">
        <Standing view={view} state={state} />
      </td>
      <td class="amount" data-label={t.columns.amount}>
        {amount(first.MONTANT)}
      </td>
      <td class="amount" data-label={t.columns.captured}>
        {amount(state.captured)}
      </td>
      <td class="amount" data-label={t.columns.refunded}>
        {amount(state.refunded)}
      </td>
      <td class="amount" data-label={t.columns.remitted}>
        {amount(state.remitted)}
      </td>
    </tr>
  );
}

async function payments({
  gateway,
  query,
}: PageContext): Promise<{ readonly rows: readonly Payment[]; readonly before: string | undefined }> {
  const words = readSearch(query('q'));
  const found = await gateway.payments({
    ...(words.length > 0 && { words, among: SEARCHED_PAYMENTS }),
    ...(/^\d{1,10}$/.test(query('before')) && { before: tenDigits(query('before')) }),
    limit: ROWS + 1,
  });
  const rows = found.slice(0, ROWS);
  return { rows, before: found.length > ROWS ? rows.at(-1)?.id : undefined };
}

/** Payments, the newest first, each with what its chain adds up to. */
export const paymentsPage: Page = {
  path: 'ui/payments',
  section: 'payments',
  show: async (view) => {
    const { t } = view;
    const live = await newestEntry(view.gateway);
    const { rows, before } = await payments(view);
    const { columns } = t;
    const heads = [columns.amount, columns.captured, columns.refunded, columns.remitted];
    return {
      title: t.sections.payments,
      ...(view.query('before') === '' && { live }),
      body: (
        <>
          <SearchForm view={view} path="ui/payments" />
          <div id="payments" data-live="whole">
            {rows.length === 0 ? (
              <p class="empty">{view.query('q') === '' ? t.none.payments : t.none.found}</p>
            ) : (
              <table class="list">
                <thead>
                  <tr>
                    <th scope="col">{columns.time}</th>
                    <th scope="col">{columns.reference}</th>
                    <th scope="col">{columns.card}</th>
                    <th scope="col">{columns.status}</th>
                    {heads.map((head) => (
                      <th scope="col" class="amount">
                        {head}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody id="rows">
                  {rows.map((payment) => (
                    <Row view={view} payment={payment} />
                  ))}
                </tbody>
              </table>
            )}
            <Pager view={view} path="ui/payments" before={before} />
          </div>
        </>
      ),
    };
  },
};
