import { OPERATIONS, operationOf, RESPONSE_CODES, VARIABLES } from '../../../contracts/index.js';
import { describeFault } from '../../engine/fault.js';
import type { Matcher, Rule } from '../../engine/rule.js';
import { validate } from '../../schemas/validate.js';
import { newestEntry } from '../events.js';
import { type Page, PageError, type RenderedPage } from '../page.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { Code } from '../parts/code.js';
import { Copyable } from '../parts/copyable.js';
import { ActionButton, Option } from '../parts/forms.js';
import { Wire } from '../parts/wire.js';
import { curlOfJson } from '../replay/curl.js';
import { ruleInScenario } from '../replay/scenario.js';
import { RULE_FIELDS, readRuleForm } from '../rule-form.js';

const matcherText = (matcher: Matcher): string => (typeof matcher === 'string' ? matcher : JSON.stringify(matcher));

function RuleCondition({ view, rule }: { readonly view: PageContext; readonly rule: Rule }) {
  const { t, language } = view;
  const conditions = [
    ...Object.entries(rule.match).map(([name, matcher]) => [name, matcher] as const),
    ...Object.entries(rule.payment).map(([name, matcher]) => [`${t.columns.payment}: ${name}`, matcher] as const),
    ...(rule.host ? [[t.rules.host, t.rules.hosts[rule.host]] as const] : []),
  ];
  if (conditions.length === 0) return <>{t.rules.everything}</>;
  return (
    <ul class="plain">
      {conditions.map(([name, matcher]) => (
        <li>
          {name} = <Wire value={matcherText(matcher)} />{' '}
          {name === 'TYPE' && typeof matcher === 'string' && operationOf(matcher)?.title[language]}
        </li>
      ))}
    </ul>
  );
}

function RuleRow({ view, rule }: { readonly view: PageContext; readonly rule: Rule }) {
  const { t, formats } = view;
  return (
    <tr id={`rule-${encodeURIComponent(rule.id)}`}>
      <th scope="row">
        <Wire value={rule.id} />
      </th>
      <td>
        <RuleCondition view={view} rule={rule} />
      </td>
      <td>
        {rule.answer !== undefined && <Code view={view} code={rule.answer} />}
        {rule.fault && <p>{describeFault(rule.fault)}</p>}
        {(rule.from > 1 || rule.times > 0) && (
          <p class="hint">
            {t.rules.from} {rule.from}
            {rule.times > 0 && `, × ${rule.times}`}
          </p>
        )}
      </td>
      <td class="amount" data-label={t.columns.calls}>
        {formats.count(rule.calls)}
      </td>
      <td>
        <ActionButton view={view} path="ui/rules" values={{ action: 'remove', id: rule.id }} isQuiet>
          {t.rules.remove}
          <span class="unheard"> {rule.id}</span>
        </ActionButton>
      </td>
    </tr>
  );
}

function RuleList({ view }: { readonly view: PageContext }) {
  const { t, gateway } = view;
  const rules = gateway.rules.list();
  const { columns } = t;
  if (rules.length === 0) return <p class="empty">{t.none.rules}</p>;
  return (
    <>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.whom}</th>
            <th scope="col">{columns.what}</th>
            <th scope="col" class="amount">
              {columns.calls}
            </th>
            <td />
          </tr>
        </thead>
        <tbody id="rows">
          {rules.map((rule) => (
            <RuleRow view={view} rule={rule} />
          ))}
        </tbody>
      </table>
      <ActionButton view={view} path="ui/rules" values={{ action: 'clear' }} isQuiet>
        {t.rules.removeAll}
      </ActionButton>
    </>
  );
}

function Input({
  view,
  name,
  label,
  type = 'text',
}: {
  readonly view: PageContext;
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'number';
}) {
  return (
    <label>
      {label}
      <input name={name} value={view.query(name)} type={type} min={type === 'number' ? 0 : undefined} maxlength={250} autocomplete="off" />
    </label>
  );
}

function Choice({
  view,
  name,
  label,
  none,
  choices,
}: {
  readonly view: PageContext;
  readonly name: string;
  readonly label: string;
  readonly none: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
}) {
  return (
    <label>
      {label}
      <select name={name}>
        <Option value="" label={none} chosen={view.query(name)} />
        {choices.map(([value, said]) => (
          <Option value={value} label={said} chosen={view.query(name)} />
        ))}
      </select>
    </label>
  );
}

const STATUSES = [500, 502, 503, 504].map((status) => [String(status), String(status)] as const);

function RuleForm({ view }: { readonly view: PageContext }) {
  const { t, language } = view;
  const { rules } = t;
  return (
    <form method="get" action={hrefOf(view, 'ui/rules')} class="fieldsets" data-preview="preview">
      <fieldset>
        <legend>{rules.whom}</legend>
        <Choice
          view={view}
          name="type"
          label={t.search.operation}
          none={t.search.anyOperation}
          choices={OPERATIONS.map(({ TYPE, name, title }) => [name, `${TYPE} ${title[language]}`])}
        />
        <Input view={view} name="reference" label={rules.reference} />
        <Input view={view} name="payment" label={rules.paymentReference} />
        <Choice view={view} name="variable" label={rules.variable} none="—" choices={VARIABLES.map(({ name }) => [name, name])} />
        <Input view={view} name="value" label={rules.value} />
        <Choice view={view} name="host" label={rules.host} none={rules.anyHost} choices={Object.entries(rules.hosts)} />
        <Input view={view} name="from" label={rules.from} type="number" />
        <Input view={view} name="times" label={rules.times} type="number" />
      </fieldset>
      <fieldset>
        <legend>{rules.what}</legend>
        <Choice
          view={view}
          name="answer"
          label={rules.answer}
          none={rules.noAnswer}
          choices={RESPONSE_CODES.map(({ code, meaning }) => [code, `${code} ${meaning[language]}`])}
        />
        <Choice view={view} name="reply" label={rules.reply} none={rules.asUsual} choices={Object.entries(rules.replies)} />
        <Choice view={view} name="http" label={rules.http} none="200" choices={STATUSES} />
        <Input view={view} name="delay" label={rules.delay} type="number" />
        <Choice view={view} name="processed" label={rules.processed} none={rules.asUsual} choices={Object.entries(rules.processings)} />
      </fieldset>
      <p class="actions">
        <button type="submit" class="quiet">
          {rules.preview}
        </button>
        <button type="submit" formmethod="post">
          {rules.submit}
        </button>
      </p>
    </form>
  );
}

async function problemsIn(view: PageContext): Promise<readonly string[]> {
  const rule = readRuleForm(view);
  if (rule.answer === undefined && rule.fault === undefined) return [view.t.rules.nothing];
  return (await validate('rule', rule)).map(({ path, message }) => `${path.join('/')}: ${message}`);
}

async function Preview({ view }: { readonly view: PageContext }) {
  const { t, base, url } = view;
  const isAsked = RULE_FIELDS.some((name) => view.query(name) !== '');
  const problems = isAsked ? await problemsIn(view) : [];
  const rule = readRuleForm(view);
  return (
    <div id="preview" data-live="whole" aria-live="polite">
      {problems.length > 0 && <p class="hint">{problems.join(' ')}</p>}
      {isAsked && problems.length === 0 && (
        <>
          <h3>{t.rules.asScenario}</h3>
          <Copyable view={view} id="rule-yaml" label={t.rules.asScenario} text={ruleInScenario(rule)} />
          <h3>{t.rules.asCurl}</h3>
          <Copyable view={view} id="rule-curl" label={t.rules.asCurl} text={curlOfJson(`${url.origin}${base}/rules`, rule)} />
        </>
      )}
    </div>
  );
}

async function page(view: PageContext): Promise<RenderedPage> {
  const { t } = view;
  return {
    title: t.sections.rules,
    live: await newestEntry(view.gateway),
    body: (
      <>
        <p class="lead">{t.rules.intro}</p>
        <section aria-labelledby="in-force">
          <h2 id="in-force">{t.rules.list}</h2>
          <div id="rules" data-live="whole">
            <RuleList view={view} />
          </div>
        </section>
        <section aria-labelledby="add">
          <h2 id="add">{t.rules.add}</h2>
          <RuleForm view={view} />
          {await Preview({ view })}
        </section>
      </>
    ),
  };
}

const ACTIONS: Readonly<Record<string, (view: PageContext) => Promise<void>>> = {
  '': async (view) => {
    const problems = await problemsIn(view);
    if (problems.length > 0) throw new PageError(400, problems.join(' '));
    await view.gateway.addRule(readRuleForm(view));
  },
  remove: async ({ gateway, query }) => {
    gateway.rules.remove(query('id'));
    await gateway.saved();
  },
  clear: async ({ gateway }) => {
    gateway.rules.clear();
    await gateway.saved();
  },
};

/** The rules in force, with how often each was met; and a form that makes one and shows how it is written elsewhere. */
export const rulesPage: Page = {
  path: 'ui/rules',
  section: 'rules',
  show: page,
  act: async (view) => {
    const act = Object.hasOwn(ACTIONS, view.query('action')) ? ACTIONS[view.query('action')] : undefined;
    if (!act) throw new PageError(400, view.t.problem.title);
    await act(view);
    return { to: hrefOf(view, 'ui/rules') };
  },
};
