import { isIssuerRefusal, RESPONSE_CODE_BY_CODE, SUCCESS } from '../../../contracts/index.js';
import type { PageContext } from '../page-context.js';
import { WireValue } from './wire-value.js';

/** Returns the meaning of a response code. */
export function codeMeaning({ t, language }: Pick<PageContext, 't' | 'language'>, code: string): string {
  return RESPONSE_CODE_BY_CODE.get(code)?.meaning[language] ?? t.code.unknown;
}

/** Returns what a client should do after a refusal; an empty string after a success or an unknown code. */
export function codeAdvice({ t }: Pick<PageContext, 't'>, code: string): string {
  const known = RESPONSE_CODE_BY_CODE.get(code);
  if (code === SUCCESS || !known) return '';
  if (known.mayHaveBeenProcessed) return t.code.ask;
  return known.retryable ? t.code.retry : t.code.noRetry;
}

/** A response code as a badge, with its meaning. A sign marks success and refusal, not only the color. */
export function ResponseCode({ context, code }: { readonly context: PageContext; readonly code: string }) {
  const { t } = context;
  const isSuccess = code === SUCCESS;
  return (
    <span class="answer">
      <span class={`badge ${isSuccess ? 'good' : 'bad'}`}>
        <span aria-hidden="true">{isSuccess ? '✓' : '✕'}</span>{' '}
        <span class="visually-hidden">{isSuccess ? t.code.success : t.code.refusal} </span>
        <WireValue value={code || '—'} />
      </span>
      <span class="meaning"> {codeMeaning(context, code)}</span>
    </span>
  );
}

/** What a client should do after a refusal. */
export function Advice({ context, code }: { readonly context: PageContext; readonly code: string }) {
  const advice = codeAdvice(context, code);
  if (advice === '') return null;
  return (
    <p class="advice">
      {isIssuerRefusal(code) && `${context.t.code.issuer} `}
      {advice}
    </p>
  );
}
