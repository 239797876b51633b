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

/** What the step is about, besides its answer: the address of the shop, or what the cardholder did. */
function subjectOf({ t }: PageContext, entry: JournalEntry): string {
  const action = requestValue(entry, 'action');
  return Object.hasOwn(t.steps.actions, action)
    ? t.steps.actions[action as keyof typeof t.steps.actions]
    : requestValue(entry, '(address)');
}

/** A step of an authentication as an entry of a timeline. */
export function StepEntry({ context, exchange }: { readonly context: PageContext; readonly exchange: JournalEntry }) {
  const subject = subjectOf(context, exchange);
  return (
    <>
      <ExchangeHead context={context} exchange={exchange} />
      {subject !== '' && (
        <p class="hint">
          <WireValue value={subject} />
        </p>
      )}
      <Findings context={context} findings={exchange.findings} />
      <ExchangeFields context={context} exchange={exchange} />
    </>
  );
}
