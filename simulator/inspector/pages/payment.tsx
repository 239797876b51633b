import { tenDigits } from '../../../contracts/index.js';
import { type Payment, type PaymentState, paymentState, remiseNumber } from '../../engine/payment.js';
import { sentAmount } from '../entry-facts.js';
import { newestEntry } from '../events.js';
import { machineTime } from '../format.js';
import { type Page, PageError } from '../page.js';
import { exchangeHref, hrefOf, type PageContext } from '../page-context.js';
import { Advice, Code } from '../parts/code.js';
import { Fields } from '../parts/fields.js';
import { Findings } from '../parts/findings.js';
import { Standing } from '../parts/standing.js';
import { visible, Wire } from '../parts/wire.js';
import { type Step, timelineOf } from '../timeline.js';
import { operationTitle } from './exchanges.js';

/** More exchanges about one payment than anybody looks at. */
const MOST_STEPS = 200;

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

function Sums({ view, state, devise }: { readonly view: PageContext; readonly state: PaymentState; readonly devise: string }) {
  const { t, formats } = view;
  const rows = [
    [t.columns.authorized, state.authorized],
    [t.columns.captured, state.captured],
    [t.columns.refunded, state.refunded],
    [t.columns.remitted, state.remitted],
  ] as const;
  return (
    <dl class="sums">
      {rows.map(([name, minor]) => (
        <div class={minor === 0 ? 'zero' : undefined}>
          <dt>{name}</dt>
          <dd>{formats.amount(minor, devise)}</dd>
        </div>
      ))}
    </dl>
  );
}

function ExchangeStep({
  view,
  step: { entry },
  isLast,
}: {
  readonly view: PageContext;
  readonly step: Of<'exchange'>;
  readonly isLast: boolean;
}) {
  const { t } = view;
  return (
    <>
      <h3>
        {operationTitle(view, entry)} <span class="wire type">{entry.TYPE}</span>{' '}
        <span class="amount">
          <Wire value={sentAmount(entry, view.formats)} short />
        </span>
      </h3>
      <p>
        <Code view={view} code={entry.CODEREPONSE} />
      </p>
      <Advice view={view} code={entry.CODEREPONSE} />
      <Findings view={view} findings={entry.findings} />
      <details open={isLast}>
        <summary>{t.payment.fields}</summary>
        <Fields view={view} caption={t.exchange.request} pairs={entry.request} />
        <Fields view={view} caption={t.exchange.reply} pairs={Object.entries(entry.reply)} isReply />
      </details>
      <p>
        <a href={exchangeHref(view, entry.seq)}>
          {t.exchange.title(entry.seq)}: {t.payment.see}
        </a>
      </p>
    </>
  );
}

function TransactionStep({ view, step: { transaction } }: { readonly view: PageContext; readonly step: Of<'transaction'> }) {
  const { t, formats } = view;
  return (
    <>
      <h3>
        {t.kinds[transaction.kind]} <span class="wire type">{transaction.TYPE}</span>{' '}
        <span class="amount">{formats.amount(transaction.MONTANT, transaction.DEVISE)}</span>
      </h3>
      <p class="hint">{t.payment.noExchange}</p>
    </>
  );
}

function StepBody({ view, step, isLast }: { readonly view: PageContext; readonly step: Step; readonly isLast: boolean }) {
  const { t } = view;
  if (step.kind === 'exchange') return <ExchangeStep view={view} step={step} isLast={isLast} />;
  if (step.kind === 'transaction') return <TransactionStep view={view} step={step} />;
  if (step.kind === 'expired') return <h3>{t.payment.expiredStep}</h3>;
  return (
    <h3>
      {t.payment.remittedStep} <span class="wire type">{t.payment.remise(step.remise)}</span>
    </h3>
  );
}

function Timeline({ view, steps, devise }: { readonly view: PageContext; readonly steps: readonly Step[]; readonly devise: string }) {
  const { t, formats } = view;
  return (
    <ol class="timeline">
      {steps.map((step, at) => (
        <li class={step.kind === 'exchange' && step.entry.CODEREPONSE !== '00000' ? 'step refused' : 'step'}>
          <p class="when">
            <time datetime={machineTime(step.at)}>{formats.dateTime(step.at)}</time>
          </p>
          <StepBody view={view} step={step} isLast={at === steps.length - 1} />
          <div class="after">
            <span class="label">{t.payment.after}</span> <Standing view={view} state={step.state} />
            <Sums view={view} state={step.state} devise={devise} />
          </div>
        </li>
      ))}
    </ol>
  );
}

function remittanceText({ t, formats }: PageContext, payment: Payment, { remittance, isRemitted }: PaymentState): string {
  if (!remittance) return '—';
  if (!isRemitted) return t.payment.toCome(formats.dateTime(remittance.at));
  return `${formats.dateTime(remittance.at)}, ${t.payment.remise(remiseNumber(payment.account, remittance.date))}`;
}

function Summary({ view, payment, state }: { readonly view: PageContext; readonly payment: Payment; readonly state: PaymentState }) {
  const { t, formats } = view;
  const [first] = payment.transactions;
  const last = payment.transactions.at(-1) ?? first;
  const { card } = payment;
  return (
    <section class="card-box" aria-labelledby="state">
      <h2 id="state">{t.payment.state}</h2>
      <p>
        <Standing view={view} state={state} />
      </p>
      <Sums view={view} state={state} devise={first.DEVISE} />
      <dl class="facts">
        <dt>{t.payment.refundable}</dt>
        <dd>{formats.amount(state.refundable, first.DEVISE)}</dd>
        <dt>{t.payment.remittance}</dt>
        <dd>{remittanceText(view, payment, state)}</dd>
        {state.standing === 'authorized' && (
          <>
            <dt>{t.payment.expires}</dt>
            <dd>{formats.dateTime(payment.expiresAt)}</dd>
          </>
        )}
        <dt>{t.payment.card}</dt>
        <dd>
          <Wire value={[card.mask, card.TYPECARTE, card.PAYS].filter((text) => text !== '').join(' ')} />
        </dd>
        <dt>{t.columns.account}</dt>
        <dd>
          <Wire value={payment.account} />
        </dd>
        <dt>NUMTRANS, NUMAPPEL</dt>
        <dd>
          <Wire value={`${last.NUMTRANS} ${last.NUMAPPEL}`} />
        </dd>
        {payment.REFABONNE !== '' && (
          <>
            <dt>REFABONNE</dt>
            <dd>
              <Wire value={payment.REFABONNE} />
            </dd>
          </>
        )}
      </dl>
      {payment.origin === 'system' && <p class="hint">{t.payment.origin}</p>}
      <p>
        <a
          class="button"
          href={hrefOf(view, 'ui/try', {
            operation: state.captured > 0 ? 'refund' : 'capture',
            MONTANT: String(state.captured > 0 ? state.refundable : state.authorized),
            DEVISE: first.DEVISE,
            NUMTRANS: last.NUMTRANS,
            NUMAPPEL: last.NUMAPPEL,
            REFABONNE: payment.REFABONNE,
          })}
        >
          {t.payment.carryOn}
        </a>
      </p>
    </section>
  );
}

/** A payment's chain as a timeline: what was asked and answered at each step, and where the payment stood then. */
export const paymentPage: Page = {
  path: 'ui/payments/:id',
  section: 'payments',
  show: async (view) => {
    const { t, gateway, query } = view;
    const live = await newestEntry(gateway);
    const payment = /^\d{1,10}$/.test(query('id')) ? await gateway.payment(tenDigits(query('id'))) : undefined;
    if (!payment) throw new PageError(404, t.problem.noPayment(query('id').slice(0, 20)));
    const entries = (await gateway.journal({ payment: payment.id, limit: MOST_STEPS })).reverse();
    const now = gateway.clock.now();
    const steps = timelineOf(payment, entries, now);
    return {
      title: t.payment.title(payment.REFERENCE === '' ? payment.id : visible(payment.REFERENCE)),
      live,
      body: (
        <div class="columns" id="payment" data-live="whole">
          <Summary view={view} payment={payment} state={paymentState(payment, now)} />
          <section aria-labelledby="timeline">
            <h2 id="timeline">{t.payment.timeline}</h2>
            <Timeline view={view} steps={steps} devise={payment.transactions[0].DEVISE} />
          </section>
        </div>
      ),
    };
  },
};
