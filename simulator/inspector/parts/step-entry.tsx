import type { JournalEntry } from '../../journal/entry.js';
import { receivedOf } from '../../journal/received.js';
import { readStep, type StepState } from '../../journal/step.js';
import type { PageContext } from '../page-context.js';
import { requestValue } from '../request-values.js';
import { ExchangeFields, ExchangeHead } from './exchange-entry.js';
import { Findings } from './findings.js';
import { WireValue } from './wire-value.js';

const FAILED: ReadonlySet<StepState> = new Set(['may-not-pay', 'refused', 'unprocessed', 'undelivered']);

/** Whether a step ended in a way that stops the payment, or was answered wrongly. */
export function isFailedStep(entry: JournalEntry): boolean {
  const step = readStep(entry);
  return (step !== undefined && FAILED.has(step.state)) || receivedOf(entry.findings) !== undefined;
}

/** What the cardholder did on the page of the bank; undefined: nothing. */
function actionText({ t }: PageContext, entry: JournalEntry): string | undefined {
  const action = requestValue(entry, 'action');
  return Object.hasOwn(t.steps.actions, action) ? t.steps.actions[action as keyof typeof t.steps.actions] : undefined;
}

/** A step of an authentication as an entry of a timeline. */
export function StepEntry({ context, exchange }: { readonly context: PageContext; readonly exchange: JournalEntry }) {
  const action = actionText(context, exchange);
  const address = requestValue(exchange, '(address)');
  return (
    <>
      <ExchangeHead context={context} exchange={exchange} />
      {action !== undefined && <p class="hint">{action}</p>}
      {address !== '' && (
        <p class="hint">
          <WireValue value={address} />
        </p>
      )}
      <Findings context={context} findings={exchange.findings} />
      <ExchangeFields context={context} exchange={exchange} />
    </>
  );
}
