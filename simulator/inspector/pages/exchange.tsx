import { maskText, operationOf } from '../../../contracts/index.js';
import type { FindingRule } from '../../engine/finding.js';
import type { JournalEntry } from '../../journal/entry.js';
import { isStepOperation, readStep } from '../../journal/step.js';
import { machineTime } from '../format.js';
import { newestSeq, parseSeq } from '../journal-queries.js';
import { type Page, PageError } from '../page.js';
import { authenticationHref, exchangeHref, gatewayUrl, type PageContext, paymentHref } from '../page-context.js';
import { Copyable } from '../parts/copyable.js';
import { ExchangeAnswer } from '../parts/exchange-answer.js';
import { Findings } from '../parts/findings.js';
import { Advice } from '../parts/response-code.js';
import { VariablesTable } from '../parts/variables-table.js';
import { WireValue } from '../parts/wire-value.js';
import { curlOf } from '../replay/curl.js';
import { fillRequest } from '../replay/fill-request.js';
import { scenarioOf } from '../replay/scenario.js';
import { operationTitle, typeLabel } from '../request-values.js';

/** Maximum number of steps of a scenario. */
const MAX_STEPS = 100;

/** Whether the entry is a request that met no route of the gateway. */
const isMissed = ({ operation, reply }: JournalEntry): boolean => operation === '' && reply.HTTP !== undefined;

/** Whether the body was not a form. The journal then describes it in the value of `(body)`. */
const isUnparsed = ({ request }: JournalEntry): boolean => request.length === 1 && request[0]?.[0] === '(body)';

const formText = (variables: readonly (readonly [string, string])[]): string =>
  variables.map(([name, value]) => `${name}=${value}`).join('&');

function Raw({ context, entry }: { readonly context: PageContext; readonly entry: JournalEntry }) {
  const { t } = context;
  const request = isUnparsed(entry) ? (entry.request[0]?.[1] ?? '') : formText(entry.request);
  const reply = formText(Object.entries(entry.reply));
  return (
    <section aria-labelledby="raw">
      <h2 id="raw">{t.exchange.raw}</h2>
      <p class="hint">{isUnparsed(entry) ? t.exchange.noForm : t.exchange.rawNote}</p>
      <h3>{t.exchange.request}</h3>
      {request === '' ? (
        <p>{t.exchange.empty}</p>
      ) : (
        <Copyable context={context} id="raw-request" label={t.exchange.request} text={request} isWire />
      )}
      <h3>{t.exchange.reply}</h3>
      <Copyable context={context} id="raw-reply" label={t.exchange.reply} text={reply} isWire />
    </section>
  );
}

function Curl({ context, entry }: { readonly context: PageContext; readonly entry: JournalEntry }) {
  const { t } = context;
  const request = fillRequest(entry);
  return (
    <div>
      <h2 id="curl">{t.exchange.curl}</h2>
      {request ? (
        <>
          <Copyable context={context} id="curl-text" label={t.exchange.curl} text={curlOf(request, gatewayUrl(context))} />
          <p class="hint">
            {request.filled.length > 0 && `${t.exchange.placeholders(request.filled.join(', '))} `}
            {request.isUnsigned && `${t.exchange.unsigned} `}
            {t.exchange.newNumber}
          </p>
        </>
      ) : (
        <p>{t.exchange.curlNone}</p>
      )}
    </div>
  );
}

/** Returns the exchanges about the same payment up to this one, oldest first. */
async function exchangesUpTo({ gateway }: PageContext, entry: JournalEntry): Promise<readonly JournalEntry[]> {
  if (entry.payment === '') return [entry];
  return (await gateway.journal({ payment: entry.payment, before: entry.seq + 1, limit: MAX_STEPS })).reverse();
}

const STAGED: readonly FindingRule[] = ['outcome-forced', 'fault-staged'];

/** Returns whether a rule changed the result of one of the exchanges. */
const isStaged = (exchanges: readonly JournalEntry[]): boolean =>
  exchanges.some(({ findings }) => findings.some(({ rule }) => STAGED.includes(rule)));

function Scenario({ context, exchanges }: { readonly context: PageContext; readonly exchanges: readonly JournalEntry[] }) {
  const { t, gateway } = context;
  const isStep = operationOf(exchanges.at(-1)?.TYPE ?? '') !== undefined;
  const rules = isStaged(exchanges) ? gateway.rules.list() : [];
  return (
    <div>
      <h2 id="scenario">{t.exchange.scenario}</h2>
      {isStep ? (
        <>
          <Copyable context={context} id="scenario-text" label={t.exchange.scenario} text={scenarioOf(exchanges, rules)} />
          <p class="hint">{t.exchange.scenarioNote}</p>
        </>
      ) : (
        <p>{t.exchange.scenarioNone}</p>
      )}
    </div>
  );
}

/** The variables of an exchange, its raw text, and the same exchange as a curl command and as a scenario. */
function Details({
  context,
  entry,
  exchanges,
}: {
  readonly context: PageContext;
  readonly entry: JournalEntry;
  readonly exchanges: readonly JournalEntry[];
}) {
  const { t } = context;
  return (
    <>
      {!isUnparsed(entry) && <VariablesTable context={context} caption={t.exchange.request} variables={entry.request} />}
      <VariablesTable context={context} caption={t.exchange.reply} variables={Object.entries(entry.reply)} kind="reply" />
      <Raw context={context} entry={entry} />
      <Curl context={context} entry={entry} />
      <Scenario context={context} exchanges={exchanges} />
    </>
  );
}

/** The variables of a step of an authentication, and its raw text. */
function StepDetails({ context, entry }: { readonly context: PageContext; readonly entry: JournalEntry }) {
  const { t } = context;
  return (
    <>
      <VariablesTable context={context} caption={t.exchange.request} variables={entry.request} kind="step" />
      <VariablesTable context={context} caption={t.exchange.reply} variables={Object.entries(entry.reply)} kind="step" />
      <Raw context={context} entry={entry} />
    </>
  );
}

/** What an exchange was: the explanation of its kind. */
async function detailsOf(context: PageContext, entry: JournalEntry) {
  if (isMissed(entry)) return null;
  if (isStepOperation(entry.operation)) return <StepDetails context={context} entry={entry} />;
  return <Details context={context} entry={entry} exchanges={await exchangesUpTo(context, entry)} />;
}

/** One exchange: its variables explained, its raw text, and the same exchange as a curl command and as a scenario. */
export const exchangePage: Page = {
  path: 'ui/exchanges/:seq',
  section: 'exchanges',
  render: async (context) => {
    const { t, gateway, formats, query } = context;
    const seq = parseSeq(query('seq')) ?? 0;
    const [entry] = await gateway.journal({ after: seq - 1, before: seq + 1, limit: 1 });
    if (!entry || seq === 0) throw new PageError(404, t.problem.noExchange(maskText(query('seq')).slice(0, 20)));
    const newest = await newestSeq(gateway);
    const id3d = readStep(entry)?.ID3D ?? '';
    return {
      title: t.exchange.title(seq),
      body: (
        <>
          <nav class="pager" aria-label={t.more.pages}>
            {seq > 1 && <a href={exchangeHref(context, seq - 1)}>← {t.exchange.previous}</a>}
            {entry.payment !== '' && <a href={paymentHref(context, entry.payment)}>{t.exchange.payment}</a>}
            {id3d !== '' && <a href={authenticationHref(context, id3d)}>{t.exchange.authentication}</a>}
            {seq < newest && <a href={exchangeHref(context, seq + 1)}>{t.exchange.next} →</a>}
          </nav>
          <p class="lead">
            <strong>{operationTitle(context, entry)}</strong> <span class="wire type">{typeLabel(entry)}</span> ·{' '}
            <time datetime={machineTime(entry.at)}>{formats.dateTime(entry.at)}</time>
            {entry.REFERENCE !== '' && ' · '}
            <WireValue value={entry.REFERENCE} short />
          </p>
          {!isMissed(entry) && (
            <p>
              <ExchangeAnswer context={context} entry={entry} />
            </p>
          )}
          <Advice context={context} code={entry.CODEREPONSE} />
          <Findings context={context} findings={entry.findings} />
          {await detailsOf(context, entry)}
        </>
      ),
    };
  },
};
