import { isIssuerRefusal, RESPONSE_CODE_BY_CODE, SUCCESS } from '../../../contracts/index.js';
import type { PageContext } from '../page-context.js';
import { Wire } from './wire.js';

/** What a code means, in the language of the page. */
export function meaningOf({ t, language }: Pick<PageContext, 't' | 'language'>, code: string): string {
  return RESPONSE_CODE_BY_CODE.get(code)?.meaning[language] ?? t.code.unknown;
}

/** What whoever got a code should do next. */
export function adviceOf({ t }: Pick<PageContext, 't'>, code: string): string {
  const known = RESPONSE_CODE_BY_CODE.get(code);
  if (code === SUCCESS || !known) return '';
  if (known.mayHaveBeenProcessed) return t.code.ask;
  return known.retryable ? t.code.retry : t.code.noRetry;
}

/** A code as a badge, told apart by its sign and not by its colour alone. */
export function Code({
  view,
  code,
  withMeaning = true,
}: {
  readonly view: PageContext;
  readonly code: string;
  readonly withMeaning?: boolean;
}) {
  const isGood = code === SUCCESS;
  return (
    <span class="answer">
      <span class={`badge ${isGood ? 'good' : 'bad'}`}>
        <span aria-hidden="true">{isGood ? '✓' : '✕'}</span>{' '}
        <span class="unheard">{isGood ? view.t.code.success : view.t.code.refusal} </span>
        <Wire value={code || '—'} />
      </span>
      {withMeaning && <span class="meaning"> {meaningOf(view, code)}</span>}
    </span>
  );
}

/** What a refusal means for whoever got it. */
export function Advice({ view, code }: { readonly view: PageContext; readonly code: string }) {
  const advice = adviceOf(view, code);
  if (advice === '') return null;
  return (
    <p class="advice">
      {isIssuerRefusal(code) && `${view.t.code.issuer} `}
      {advice}
    </p>
  );
}
