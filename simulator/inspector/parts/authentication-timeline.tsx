import { paymentState } from '../../engine/payment.js';
import type { AuthenticationEvent } from '../authentication-timeline.js';
import { machineTime } from '../format.js';
import { type PageContext, paymentHref } from '../page-context.js';
import { PaymentStatus } from './payment-state.js';
import { isFailedStep, StepEntry } from './step-entry.js';
import { WireValue } from './wire-value.js';

type EventOf<Kind extends AuthenticationEvent['kind']> = Extract<AuthenticationEvent, { kind: Kind }>;

function UsedEvent({ context, event: { id, payment } }: { readonly context: PageContext; readonly event: EventOf<'used'> }) {
  const { t, formats } = context;
  const first = payment?.transactions[0];
  return (
    <>
      <h3>
        {t.authentication.used}{' '}
        {first && (
          <>
            <span class="wire type">{first.TYPE}</span> <span class="amount">{formats.amount(first.MONTANT, first.DEVISE)}</span>
          </>
        )}
      </h3>
      {payment && (
        <p>
          <PaymentStatus context={context} state={paymentState(payment, context.now)} />
        </p>
      )}
      <p>
        <a href={paymentHref(context, id)}>
          {t.columns.payment} <WireValue value={id} />
        </a>
      </p>
    </>
  );
}

function EventBody({ context, event }: { readonly context: PageContext; readonly event: AuthenticationEvent }) {
  const { t } = context;
  switch (event.kind) {
    case 'step':
      return <StepEntry context={context} exchange={event.exchange} />;
    case 'used':
      return <UsedEvent context={context} event={event} />;
    case 'started':
      return (
        <>
          <h3>{t.steps.authenticate}</h3>
          <p class="hint">{t.authentication.noStep}</p>
        </>
      );
  }
}

const isFailed = (event: AuthenticationEvent): boolean => event.kind === 'step' && isFailedStep(event.exchange);

/** The history of an authentication, oldest event first. */
export function AuthenticationTimeline({
  context,
  events,
}: {
  readonly context: PageContext;
  readonly events: readonly AuthenticationEvent[];
}) {
  return (
    <ol class="timeline">
      {events.map((event) => (
        <li class={isFailed(event) ? 'step refused' : 'step'}>
          <p class="when">
            <time datetime={machineTime(event.at)}>{context.formats.dateTime(event.at)}</time>
          </p>
          <EventBody context={context} event={event} />
        </li>
      ))}
    </ol>
  );
}
