import { outcomeEntry } from '../../../contracts/index.js';
import type { JournalEntry } from '../../journal/entry.js';
import { isLost, receivedOf } from '../../journal/received.js';
import { NO_ANSWER, readStep, type Step, type StepState } from '../../journal/step.js';
import type { PageContext } from '../page-context.js';
import { ResponseCode } from './response-code.js';
import { WireValue } from './wire-value.js';

/** The style of the badge of each state, and a sign, so that not only the color marks it. */
const LOOKS = {
  pending: ['info', '◔'],
  'may-pay': ['good', '✓'],
  'may-not-pay': ['plain', '✕'],
  refused: ['bad', '✕'],
  unprocessed: ['bad', '⚠'],
  delivered: ['good', '✓'],
  undelivered: ['bad', '✕'],
} as const satisfies Record<StepState, readonly [style: string, sign: string]>;

function stepMeaning({ t, language }: PageContext, { operation, state, outcome }: Step): string {
  if (outcome !== undefined) return outcomeEntry(outcome)?.meaning[language] ?? '';
  if (operation === 'challenge' && state === 'pending') return t.steps.wrongCode;
  return t.steps.states[state as keyof typeof t.steps.states] ?? '';
}

/** What was answered in a step of an authentication: the page, the outcome, or what the shop answered. */
function StepAnswer({ context, step, entry }: { readonly context: PageContext; readonly step: Step; readonly entry: JournalEntry }) {
  const { t } = context;
  const received = receivedOf(entry.findings);
  const [style, sign] = LOOKS[step.state];
  return (
    <span class="answer">
      <span class={`badge ${style}`}>
        <span aria-hidden="true">{sign}</span> <WireValue value={step.answer === NO_ANSWER ? '—' : step.answer} />
      </span>
      {received !== undefined && <strong class={isLost(received) ? 'received lost' : 'received'}> {t.received[received]}</strong>}
      <span class="meaning">
        {' '}
        {stepMeaning(context, step)}
        {step.body !== '' && t.colon}
        <WireValue value={step.body} short />
      </span>
    </span>
  );
}

/** What was answered in an exchange: the CODEREPONSE, or what became of a step of an authentication. */
export function ExchangeAnswer({ context, entry }: { readonly context: PageContext; readonly entry: JournalEntry }) {
  const step = readStep(entry);
  if (step) return <StepAnswer context={context} step={step} entry={entry} />;
  return <ResponseCode context={context} code={entry.CODEREPONSE} findings={entry.findings} />;
}
