import { outcomeEntry } from '../../../contracts/index.js';
import type { Authentication, ResultFault } from '../../engine/authentication.js';
import type { PageContext } from '../page-context.js';
import { RESULT_FAULTS, type ResultFaultName } from '../read-rule-form.js';
import { WireValue } from './wire-value.js';

/** How an authentication ended as a badge, with its meaning; of an empty outcome, that the cardholder is asked. */
export function OutcomeBadge({ context, outcome }: { readonly context: PageContext; readonly outcome: Authentication['outcome'] }) {
  const { t, language } = context;
  if (outcome === '')
    return (
      <span class="answer">
        <span class="badge info">
          <span aria-hidden="true">◔</span> {t.authentication.pending}
        </span>
        <span class="meaning"> {t.steps.states.pending}</span>
      </span>
    );
  const { mayPay, meaning } = outcomeEntry(outcome);
  return (
    <span class="answer">
      <span class={`badge ${mayPay ? 'good' : 'plain'}`}>
        <span aria-hidden="true">{mayPay ? '✓' : '✕'}</span> <WireValue value={outcome} />
      </span>
      <span class="meaning"> {meaning[language]}</span>
    </span>
  );
}

/** The faults of a result, in the language of the page where the form has them. */
export function resultFaultText({ t }: Pick<PageContext, 't'>, fault: ResultFault): string {
  return Object.entries(fault)
    .map(([name, value]) => {
      const known = Object.entries(RESULT_FAULTS).find(([, made]) => (made as Readonly<Record<string, unknown>>)[name] === value);
      return known ? t.rules.resultFaults[known[0] as ResultFaultName] : `${name}${t.colon}${value}`;
    })
    .join(', ');
}
