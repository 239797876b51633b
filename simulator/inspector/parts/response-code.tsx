import { isIssuerRefusal, RESPONSE_CODE_BY_CODE, SUCCESS } from '../../../contracts/index.js';
import type { Finding } from '../../engine/finding.js';
import { isLost, type Received, receivedOf } from '../../journal/received.js';
import { isChosenRefusal } from '../../journal/search.js';
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

/** How an answer is shown: the style of its badge, and a sign, so that not only the color marks it. */
type Look = readonly [style: string, sign: string];

const LOOKS = {
  success: ['good', '✓'],
  refusal: ['bad', '✕'],
  chosen: ['plain', '✕'],
  lost: ['bad', '⚠'],
  altered: ['warning', '⚠'],
} as const satisfies Record<string, Look>;

function lookOf(code: string, received: Received | undefined, isChosen: boolean): keyof typeof LOOKS {
  if (received !== undefined) return isLost(received) ? 'lost' : 'altered';
  if (code === SUCCESS) return 'success';
  return isChosen ? 'chosen' : 'refusal';
}

/**
 * A response code as a badge, with its meaning.
 *
 * @param findings those of the exchange: they tell whether the refusal was requested, and what the client received instead of the reply
 */
export function ResponseCode({
  context,
  code,
  findings = [],
}: {
  readonly context: PageContext;
  readonly code: string;
  readonly findings?: readonly Finding[];
}) {
  const { t } = context;
  const received = receivedOf(findings);
  const isChosen = isChosenRefusal(code, findings);
  const [style, sign] = LOOKS[lookOf(code, received, isChosen)];
  return (
    <span class="answer">
      <span class={`badge ${style}`}>
        <span aria-hidden="true">{sign}</span> <span class="visually-hidden">{code === SUCCESS ? t.code.success : t.code.refusal} </span>
        <WireValue value={code || '—'} />
      </span>
      {received !== undefined && <strong class={isLost(received) ? 'received lost' : 'received'}> {t.received[received]}</strong>}
      {isChosen && <span class="received"> {t.code.chosen}</span>}
      <span class="meaning"> {code === SUCCESS ? t.code.done : codeMeaning(context, code)}</span>
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
