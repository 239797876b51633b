import { maskText, outcomeEntry } from '../../../contracts/index.js';
import { type Authentication, outcomeAt } from '../../engine/authentication.js';
import type { Payment } from '../../engine/payment.js';
import { authenticationTimeline } from '../authentication-timeline.js';
import { newestSeq, stepsOf } from '../journal-queries.js';
import { type Page, PageError } from '../page.js';
import { bankHref, type PageContext } from '../page-context.js';
import { AuthenticationTimeline } from '../parts/authentication-timeline.js';
import { OutcomeBadge, resultFaultText } from '../parts/outcome.js';
import { visibleText, WireValue } from '../parts/wire-value.js';

/** Maximum number of payments whose state is shown. */
const MAX_PAYMENTS = 20;

/** A value with its name. Values of the wire keep their look. */
type NamedValue = readonly [name: string, value: string, isWire?: 'wire'];

/** The values of an authentication with their names. Empty values are left out. */
function factsOf({ t, formats }: PageContext, authentication: Authentication): readonly NamedValue[] {
  const { ID3D, IdSession, account, card, MONTANT, DEVISE, version, startedAt, endedAt, expiresAt, wrongCodes, order, faults } =
    authentication;
  const address = (name: 'URLHttpDirect' | 'URLRetour'): NamedValue =>
    authentication[name] === '' ? [name, t.authentication.noAddress] : [name, maskText(authentication[name]), 'wire'];
  const faultText = (fault: typeof faults.server): string => (fault ? resultFaultText({ t }, fault) : '');
  const facts: readonly NamedValue[] = [
    ['ID3D', ID3D, 'wire'],
    ['IdSession', IdSession, 'wire'],
    [t.columns.amount, formats.amount(MONTANT, DEVISE)],
    [t.columns.card, [card.mask, card.TYPECARTE, card.PAYS].filter((text) => text !== '').join(' '), 'wire'],
    [t.columns.account, account, 'wire'],
    [t.authentication.version, String(version)],
    [t.authentication.started, formats.dateTime(startedAt)],
    endedAt === 0 ? [t.authentication.ends, formats.dateTime(expiresAt)] : [t.authentication.ended, formats.dateTime(endedAt)],
    [t.authentication.wrongCodes, wrongCodes === 0 ? '' : formats.count(wrongCodes)],
    address('URLHttpDirect'),
    address('URLRetour'),
    [t.authentication.order, t.authentication.orders[order]],
    [t.rules.server, faultText(faults.server)],
    [t.rules.browser, faultText(faults.browser)],
  ];
  return facts.filter(([, value]) => value !== '');
}

function Summary({ context, authentication }: { readonly context: PageContext; readonly authentication: Authentication }) {
  const { t, now } = context;
  const outcome = outcomeAt(authentication, now);
  return (
    <section class="card-box" aria-labelledby="state">
      <h2 id="state">{t.authentication.state}</h2>
      <p>
        <OutcomeBadge context={context} outcome={outcome} />
      </p>
      {outcome === '' ? (
        <p>
          <a class="button" href={bankHref(context, authentication.ID3D)}>
            {t.authentication.openBank}
          </a>
        </p>
      ) : (
        <p>{outcomeEntry(outcome).mayPay ? t.authentication.mayPay : t.authentication.mayNotPay}</p>
      )}
      <dl class="facts">
        {factsOf(context, authentication).map(([name, value, isWire]) => (
          <>
            <dt>{name}</dt>
            <dd>{isWire ? <WireValue value={value} /> : value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}

async function paymentsOf({ gateway }: PageContext, { usedBy }: Authentication): Promise<ReadonlyMap<string, Payment>> {
  const payments = new Map<string, Payment>();
  for (const { payment: id } of usedBy.slice(0, MAX_PAYMENTS)) {
    const payment = await gateway.payment(id);
    if (payment) payments.set(id, payment);
  }
  return payments;
}

/** One authentication: how it ended, its timeline, and the payments that used it. While it is pending, with a link to the page of the bank. */
export const authenticationPage: Page = {
  path: 'ui/authentications/:id3d',
  section: 'authentications',
  render: async (context) => {
    const { t, gateway, query } = context;
    const liveAfter = await newestSeq(gateway);
    const authentication = /^\d{1,20}$/.test(query('id3d')) ? await gateway.authentication(query('id3d')) : undefined;
    if (!authentication) throw new PageError(404, t.problem.noAuthentication(maskText(query('id3d')).slice(0, 20)));
    const events = authenticationTimeline(
      authentication,
      await stepsOf(gateway, authentication),
      await paymentsOf(context, authentication),
    );
    return {
      title: t.authentication.title(visibleText(authentication.IdSession)),
      liveAfter,
      body: (
        <div class="columns" id="authentication" data-live="whole">
          <Summary context={context} authentication={authentication} />
          <section aria-labelledby="timeline">
            <h2 id="timeline">{t.authentication.timeline}</h2>
            <AuthenticationTimeline context={context} events={events} />
          </section>
        </div>
      ),
    };
  },
};
