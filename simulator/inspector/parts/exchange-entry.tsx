import type { JournalEntry } from '../../journal/entry.js';
import { isStepOperation } from '../../journal/step.js';
import { exchangeHref, type PageContext } from '../page-context.js';
import { operationTitle, requestAmount, typeLabel } from '../request-values.js';
import { ExchangeAnswer } from './exchange-answer.js';
import { VariablesTable } from './variables-table.js';
import { WireValue } from './wire-value.js';

interface ExchangeProperties {
  readonly context: PageContext;
  readonly exchange: JournalEntry;
}

/** The operation of an exchange with its amount, and what was answered: the beginning of an entry of a timeline. */
export function ExchangeHead({ context, exchange }: ExchangeProperties) {
  return (
    <>
      <h3>
        {operationTitle(context, exchange)} <span class="wire type">{typeLabel(exchange)}</span>{' '}
        <span class="amount">
          <WireValue value={requestAmount(exchange, context.formats)} short />
        </span>
      </h3>
      <p>
        <ExchangeAnswer context={context} entry={exchange} />
      </p>
    </>
  );
}

/** The variables of an exchange, closed at first, and the link to its page. */
export function ExchangeFields({
  context,
  exchange,
  see,
}: ExchangeProperties & { /** What its page shows more. */ readonly see?: string }) {
  const { t } = context;
  const isStep = isStepOperation(exchange.operation);
  return (
    <>
      <details>
        <summary>{t.payment.fields}</summary>
        <VariablesTable context={context} caption={t.exchange.request} variables={exchange.request} kind={isStep ? 'step' : 'question'} />
        <VariablesTable
          context={context}
          caption={t.exchange.reply}
          variables={Object.entries(exchange.reply)}
          kind={isStep ? 'step' : 'reply'}
        />
      </details>
      <p>
        <a href={exchangeHref(context, exchange.seq)}>
          {t.exchange.title(exchange.seq)}
          {see !== undefined && t.colon + see}
        </a>
      </p>
    </>
  );
}
