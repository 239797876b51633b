import { newestEntry } from '../events.js';
import { machineTime } from '../format.js';
import { ROWS } from '../list-exchanges.js';
import type { Page } from '../page.js';
import { Pager } from '../parts/pager.js';
import { Wire } from '../parts/wire.js';

/** The subscribers of Direct Plus, the last registered first. */
export const subscribersPage: Page = {
  path: 'ui/subscribers',
  section: 'subscribers',
  show: async (view) => {
    const { t, gateway, formats } = view;
    const live = await newestEntry(gateway);
    const all = (await gateway.subscribers()).reverse();
    const from = /^\d{1,9}$/.test(view.query('before')) ? Number(view.query('before')) : 0;
    const rows = all.slice(from, from + ROWS);
    const { columns } = t;
    return {
      title: t.sections.subscribers,
      live,
      body: (
        <div id="subscribers" data-live="whole">
          {rows.length === 0 ? (
            <p class="empty">{t.none.subscribers}</p>
          ) : (
            <table class="list">
              <thead>
                <tr>
                  {['REFABONNE', columns.account, columns.card, columns.expiry, columns.token, columns.since].map((head) => (
                    <th scope="col">{head}</th>
                  ))}
                </tr>
              </thead>
              <tbody id="rows">
                {rows.map(({ account, REFABONNE, PORTEUR, card, DATEVAL, registeredAt }) => (
                  <tr>
                    <th scope="row">
                      <Wire value={REFABONNE} short />
                    </th>
                    <td data-label={columns.account}>
                      <Wire value={account} />
                    </td>
                    <td data-label={columns.card}>
                      <Wire value={card.mask} /> {card.TYPECARTE}
                    </td>
                    <td data-label={columns.expiry}>
                      <Wire value={DATEVAL} />
                    </td>
                    <td data-label={columns.token}>
                      <Wire value={PORTEUR} />
                    </td>
                    <td data-label={columns.since}>
                      <time datetime={machineTime(registeredAt)}>{formats.dateTime(registeredAt)}</time>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <Pager view={view} path="ui/subscribers" before={all.length > from + ROWS ? String(from + ROWS) : undefined} />
        </div>
      ),
    };
  },
};
