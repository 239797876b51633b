import { maskText } from '../../../contracts/index.js';
import type { Checkout } from '../../engine/checkout.js';
import type { JournalEntry } from '../../journal/entry.js';
import { machineTime } from '../format.js';
import { newestSeq, stepsOfCheckout } from '../journal-queries.js';
import { type Page, PageError } from '../page.js';
import { checkoutHref, hostedPageHref, type PageContext, paymentHref } from '../page-context.js';
import { CheckoutStateBadge, stateAt } from '../parts/checkout-state.js';
import { ActionButton } from '../parts/forms.js';
import { resultFaultText } from '../parts/outcome.js';
import { isFailedStep, StepEntry } from '../parts/step-entry.js';
import { visibleText, WireValue } from '../parts/wire-value.js';

/** A value with its name. Values of the wire keep their look. */
type NamedValue = readonly [name: string, value: string, isWire?: 'wire'];

/** The values of a checkout with their names. Empty values are left out. */
function factsOf({ t, formats, now }: PageContext, checkout: Checkout): readonly NamedValue[] {
  const { account, MONTANT, DEVISE, addresses, card, REFABONNE, plan, startedAt, expiresAt, order, faults, isAuthorizationOnly } = checkout;
  const limits = { open: t.checkout.expires, pending: t.checkout.settles } as const;
  const state = stateAt(checkout, now);
  const due = plan?.due.map((payment) => t.checkout.due(formats.amount(payment.MONTANT, DEVISE), formats.dateTime(payment.at))) ?? [];
  const facts: readonly NamedValue[] = [
    [t.columns.amount, formats.amount(MONTANT, DEVISE) + (isAuthorizationOnly ? ` (${t.checkout.authorizationOnly})` : '')],
    [t.columns.card, [card?.mask, card?.TYPECARTE, card?.PAYS].filter(Boolean).join(' '), 'wire'],
    [t.columns.account, account, 'wire'],
    [t.checkout.started, formats.dateTime(startedAt)],
    [state === 'pending' ? limits.pending : limits.open, state === 'open' || state === 'pending' ? formats.dateTime(expiresAt) : ''],
    [t.checkout.subscriber, REFABONNE, 'wire'],
    [t.checkout.later, plan && plan.endedAt !== 0 ? t.checkout.ended : due.join(', ')],
    ...Object.entries(addresses).map(
      ([name, address]): NamedValue => (address === '' ? [name, t.checkout.none] : [name, maskText(address), 'wire']),
    ),
    [t.checkout.order, t.checkout.orders[order]],
    [t.rules.server, faults.server ? resultFaultText({ t }, faults.server) : ''],
    [t.rules.browser, faults.browser ? resultFaultText({ t }, faults.browser) : ''],
  ];
  return facts.filter(([, value]) => value !== '');
}

function Summary({ context, checkout }: { readonly context: PageContext; readonly checkout: Checkout }) {
  const { t, now } = context;
  const { id, attempts, addresses } = checkout;
  return (
    <section class="card-box" aria-labelledby="state">
      <h2 id="state">{t.checkout.state}</h2>
      <p>
        <CheckoutStateBadge context={context} checkout={checkout} />
      </p>
      {stateAt(checkout, now) === 'open' && (
        <p>
          <a class="button" href={hostedPageHref(context, id)}>
            {t.checkout.openPage}
          </a>
        </p>
      )}
      {attempts.length > 0 && addresses.PBX_REPONDRE_A !== '' && (
        <ActionButton context={context} path={`ui/checkouts/${id}`} values={{ action: 'resend' }} isQuiet>
          {t.checkout.resend}
        </ActionButton>
      )}
      <dl class="facts">
        {factsOf(context, checkout).map(([name, value, isWire]) => (
          <>
            <dt>{name}</dt>
            <dd>{isWire ? <WireValue value={value} /> : value}</dd>
          </>
        ))}
        {attempts.length > 0 && (
          <>
            <dt>{t.checkout.attempts}</dt>
            <dd>
              {attempts.map(({ code, payment }) => (
                <p>
                  <WireValue value={code} />{' '}
                  {payment !== '' && (
                    <a href={paymentHref(context, payment)}>
                      {t.columns.payment} <WireValue value={payment} />
                    </a>
                  )}
                </p>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** The steps of a checkout, oldest first. */
function Steps({ context, steps }: { readonly context: PageContext; readonly steps: readonly JournalEntry[] }) {
  if (steps.length === 0) return <p class="hint">{context.t.checkout.noSteps}</p>;
  return (
    <ol class="timeline">
      {steps.map((exchange) => (
        <li class={isFailedStep(exchange) ? 'step refused' : 'step'}>
          <p class="when">
            <time datetime={machineTime(exchange.at)}>{context.formats.dateTime(exchange.at)}</time>
          </p>
          <StepEntry context={context} exchange={exchange} />
        </li>
      ))}
    </ol>
  );
}

async function checkoutOf({ t, gateway, query }: PageContext): Promise<Checkout> {
  const checkout = /^\d{1,10}$/.test(query('id')) ? await gateway.checkout(query('id')) : undefined;
  if (!checkout) throw new PageError(404, t.problem.noCheckout(maskText(query('id')).slice(0, 20)));
  return checkout;
}

/** One checkout of the hosted page: its state, its steps with the calls to the shop, and a button that calls the shop again. */
export const checkoutPage: Page = {
  path: 'ui/checkouts/:id',
  section: 'checkouts',
  render: async (context) => {
    const { t, gateway } = context;
    const liveAfter = await newestSeq(gateway);
    const checkout = await checkoutOf(context);
    return {
      title: t.checkout.title(visibleText(checkout.REFERENCE)),
      liveAfter,
      body: (
        <div class="columns" id="checkout" data-live="whole">
          <Summary context={context} checkout={checkout} />
          <section aria-labelledby="timeline">
            <h2 id="timeline">{t.checkout.timeline}</h2>
            <Steps context={context} steps={await stepsOfCheckout(gateway, checkout)} />
          </section>
        </div>
      ),
    };
  },
  submit: async (context) => {
    if (context.query('action') !== 'resend') throw new PageError(400, context.t.problem.unknownAction);
    const checkout = await checkoutOf(context);
    if (!(await context.resend(checkout))) throw new PageError(400, context.t.problem.noCall);
    return { to: checkoutHref(context, checkout.id) };
  },
};
