import { maskText, tenDigits } from '../../../contracts/index.js';
import { type Authentication, outcomeAt } from '../../engine/authentication.js';
import { type Payment, type PaymentState, paymentState, remiseNumber } from '../../engine/payment.js';
import { newestSeq, stepsOf } from '../journal-queries.js';
import { type Page, PageError } from '../page.js';
import { authenticationHref, hrefOf, type PageContext } from '../page-context.js';
import { OutcomeBadge } from '../parts/outcome.js';
import { PaymentAmounts, PaymentStatus } from '../parts/payment-state.js';
import { Timeline } from '../parts/timeline.js';
import { visibleText, WireValue } from '../parts/wire-value.js';
import { accountsWithKey } from '../send-question.js';
import { timelineOf } from '../timeline.js';

/** Maximum number of exchanges on the page. */
const MAX_EXCHANGES = 200;

function remittanceText({ t, formats }: PageContext, payment: Payment, { remittance, isRemitted }: PaymentState): string {
  if (!remittance) return '—';
  if (!isRemitted) return t.payment.remittanceDue(formats.dateTime(remittance.at));
  return `${formats.dateTime(remittance.at)}, ${t.payment.remise(remiseNumber(payment.account, remittance.date))}`;
}

/** Within this time, a second refund of the same amount is probably a mistake. Milliseconds. */
const REFUND_PAUSE = 60_000;

/** The next operation on a payment that the gateway accepts: a capture, a refund of the rest, or else an inquiry. */
function nextOperation({ transactions }: Payment, state: PaymentState, now: number): readonly [operation: string, amount: number] {
  if (state.standing === 'authorized' && state.authorized > 0) return ['capture', state.authorized];
  const isRepeated = transactions.some(
    ({ kind, MONTANT, at }) => kind === 'refund' && MONTANT === state.refundable && now - at < REFUND_PAUSE,
  );
  return state.refundable > 0 && !isRepeated ? ['refund', state.refundable] : ['inquire', 0];
}

/** The link to the form that sends the next operation on a payment. */
function nextOperationHref(context: PageContext, payment: Payment, state: PaymentState): string {
  const [first] = payment.transactions;
  const last = payment.transactions.at(-1) ?? first;
  const [operation, amount] = nextOperation(payment, state, context.now);
  return hrefOf(context, 'ui/try', {
    operation,
    account: payment.account,
    MONTANT: amount > 0 ? String(amount) : '',
    DEVISE: first.DEVISE,
    REFERENCE: payment.REFERENCE,
    NUMTRANS: last.NUMTRANS,
    NUMAPPEL: last.NUMAPPEL,
  });
}

function Summary({
  context,
  payment,
  state,
  authentication,
}: {
  readonly context: PageContext;
  readonly payment: Payment;
  readonly state: PaymentState;
  readonly authentication: Authentication | undefined;
}) {
  const { t, formats } = context;
  const [first] = payment.transactions;
  const last = payment.transactions.at(-1) ?? first;
  const { card } = payment;
  return (
    <section class="card-box" aria-labelledby="state">
      <h2 id="state">{t.payment.state}</h2>
      <p>
        <PaymentStatus context={context} state={state} />
      </p>
      <PaymentAmounts context={context} state={state} devise={first.DEVISE} />
      <dl class="facts">
        <dt>{t.payment.refundable}</dt>
        <dd>{formats.amount(state.refundable, first.DEVISE)}</dd>
        <dt>{t.payment.remittance}</dt>
        <dd>{remittanceText(context, payment, state)}</dd>
        {state.standing === 'authorized' && (
          <>
            <dt>{t.payment.expires}</dt>
            <dd>{formats.dateTime(payment.expiresAt)}</dd>
          </>
        )}
        <dt>{t.payment.card}</dt>
        <dd>
          <WireValue value={[card.mask, card.TYPECARTE, card.PAYS].filter((text) => text !== '').join(' ')} />
        </dd>
        {authentication && (
          <>
            <dt>{t.payment.authentication}</dt>
            <dd>
              <a href={authenticationHref(context, authentication.ID3D)}>
                <WireValue value={authentication.ID3D} />
              </a>
              <br />
              <OutcomeBadge context={context} outcome={outcomeAt(authentication, context.now)} />
            </dd>
          </>
        )}
        <dt>{t.columns.account}</dt>
        <dd>
          <WireValue value={payment.account} />
        </dd>
        <dt>NUMTRANS, NUMAPPEL</dt>
        <dd>
          <WireValue value={`${last.NUMTRANS} ${last.NUMAPPEL}`} />
        </dd>
        {payment.REFABONNE !== '' && (
          <>
            <dt>REFABONNE</dt>
            <dd>
              <WireValue value={payment.REFABONNE} />
            </dd>
          </>
        )}
      </dl>
      {payment.origin === 'system' && <p class="hint">{t.payment.origin}</p>}
      {accountsWithKey(context).some(({ id }) => id === payment.account) && (
        <p>
          <a class="button" href={nextOperationHref(context, payment, state)}>
            {t.payment.nextOperation}
          </a>
        </p>
      )}
    </section>
  );
}

/** One payment: its present state and its timeline. */
export const paymentPage: Page = {
  path: 'ui/payments/:id',
  section: 'payments',
  render: async (context) => {
    const { t, gateway, query } = context;
    const liveAfter = await newestSeq(gateway);
    const payment = /^\d{1,10}$/.test(query('id')) ? await gateway.payment(tenDigits(query('id'))) : undefined;
    if (!payment) throw new PageError(404, t.problem.noPayment(maskText(query('id')).slice(0, 20)));
    const authentication = payment.ID3D === undefined ? undefined : await gateway.authentication(payment.ID3D);
    const exchanges = [
      ...(await gateway.journal({ payment: payment.id, limit: MAX_EXCHANGES })),
      ...(authentication ? await stepsOf(gateway, authentication) : []),
    ].sort((a, b) => a.seq - b.seq);
    const now = gateway.clock.now();
    return {
      title: t.payment.title(payment.REFERENCE === '' ? payment.id : visibleText(payment.REFERENCE)),
      liveAfter,
      body: (
        <div class="columns" id="payment" data-live="whole">
          <Summary context={context} payment={payment} state={paymentState(payment, now)} authentication={authentication} />
          <section aria-labelledby="timeline">
            <h2 id="timeline">{t.payment.timeline}</h2>
            <Timeline context={context} entries={timelineOf(payment, exchanges, now)} devise={payment.transactions[0].DEVISE} />
          </section>
        </div>
      ),
    };
  },
};
