import { SUCCESS } from '../../../contracts/index.js';
import { receivedOf } from '../../journal/received.js';
import { machineTime } from '../format.js';
import type { PageContext } from '../page-context.js';
import type { TimelineEntry } from '../timeline.js';
import { ExchangeFields, ExchangeHead } from './exchange-entry.js';
import { Findings } from './findings.js';
import { PaymentAmounts, PaymentStatus } from './payment-state.js';
import { Advice } from './response-code.js';
import { isFailedStep, StepEntry } from './step-entry.js';

type EntryOf<Kind extends TimelineEntry['kind']> = Extract<TimelineEntry, { kind: Kind }>;

function ExchangeEntry({ context, entry: { exchange } }: { readonly context: PageContext; readonly entry: EntryOf<'exchange'> }) {
  return (
    <>
      <ExchangeHead context={context} exchange={exchange} />
      <Advice context={context} code={exchange.CODEREPONSE} />
      <Findings context={context} findings={exchange.findings} />
      <ExchangeFields context={context} exchange={exchange} see={context.t.payment.see} />
    </>
  );
}

function TransactionEntry({ context, entry: { transaction } }: { readonly context: PageContext; readonly entry: EntryOf<'transaction'> }) {
  const { t, formats } = context;
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

function EntryBody({ context, entry }: { readonly context: PageContext; readonly entry: TimelineEntry }) {
  const { t } = context;
  switch (entry.kind) {
    case 'exchange':
      return <ExchangeEntry context={context} entry={entry} />;
    case 'step':
      return <StepEntry context={context} exchange={entry.exchange} />;
    case 'transaction':
      return <TransactionEntry context={context} entry={entry} />;
    case 'expired':
      return <h3>{t.payment.expired}</h3>;
    case 'remitted':
      return (
        <h3>
          {t.payment.remitted} <span class="wire type">{t.payment.remise(entry.remise)}</span>
        </h3>
      );
  }
}

function isRefusal(entry: TimelineEntry): boolean {
  if (entry.kind === 'step') return isFailedStep(entry.exchange);
  return entry.kind === 'exchange' && (entry.exchange.CODEREPONSE !== SUCCESS || receivedOf(entry.exchange.findings) !== undefined);
}

/** The history of a payment, oldest entry first, with the state of the payment after each entry. */
export function Timeline({
  context,
  entries,
  devise,
}: {
  readonly context: PageContext;
  readonly entries: readonly TimelineEntry[];
  readonly devise: string;
}) {
  const { t, formats } = context;
  return (
    <ol class="timeline">
      {entries.map((entry) => (
        <li class={isRefusal(entry) ? 'step refused' : 'step'}>
          <p class="when">
            <time datetime={machineTime(entry.at)}>{formats.dateTime(entry.at)}</time>
          </p>
          <EntryBody context={context} entry={entry} />
          {'state' in entry && (
            <div class="after">
              <span class="label">{t.payment.after}</span> <PaymentStatus context={context} state={entry.state} />
              <PaymentAmounts context={context} state={entry.state} devise={devise} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
