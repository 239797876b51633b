import { AUTHENTICATION_OUTCOMES, MPI_VARIABLES, OPERATIONS, RESPONSE_CODES, VARIABLES } from '../../../contracts/index.js';
import { AUTHENTICATE } from '../../engine/rule.js';
import { validate } from '../../schemas/validate.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { RULE_FIELDS, readRuleForm } from '../read-rule-form.js';
import { curlOfJson } from '../replay/curl.js';
import { ruleInScenario } from '../replay/scenario.js';
import { problemIn } from '../translate-problem.js';
import { Copyable } from './copyable.js';
import { SelectField, ShownFor, TextField } from './forms.js';

/** The variables of questions and of RemoteMPI. */
const VARIABLE_NAMES = [...new Set([...VARIABLES, ...MPI_VARIABLES].map(({ name }) => name))];

const HTTP_STATUSES = ['500', '502', '503', '504'];

/** Fields with another name than the setting of the rule. */
const FIELDS: Readonly<Record<string, string>> = { TYPE: 'type', REFERENCE: 'reference' };

/** Returns the field of the form for a setting: the conditions on the named payment, on other variables, and the rest by their name. */
export function fieldOf([first = '', second]: readonly (string | number)[]): string {
  if (first === 'payment') return 'payment';
  const name = String(second ?? first);
  if (first === 'match') return FIELDS[name] ?? 'value';
  return RULE_FIELDS.some((field) => field === name) ? name : 'answer';
}

/** Returns what is wrong with the rule in the form, by field; empty if it is valid. */
export async function ruleProblems(context: PageContext): Promise<Readonly<Record<string, string>>> {
  const rule = readRuleForm(context);
  if (rule.answer === undefined && rule.fault === undefined && rule.authentication === undefined)
    return { answer: context.t.rules.nothing };
  const problems = await validate('rule', rule);
  const { language, t } = context;
  return Object.fromEntries(
    problems.map(({ path, message }) => [fieldOf(path), `${path.join('/')}${t.colon}${problemIn(language, message)}`]),
  );
}

/** The form that adds a rule. */
export function RuleForm({ context }: { readonly context: PageContext }) {
  const { t, language } = context;
  const { rules } = t;
  const text = (name: string, label: string) => <TextField context={context} name={name} label={label} />;
  const number = (name: string, label: string) => <TextField context={context} name={name} label={label} type="number" />;
  const select = (name: string, label: string, none: string, options: readonly (readonly [value: string, label: string])[]) => (
    <SelectField context={context} name={name} label={label} options={[['', none], ...options]} />
  );
  return (
    <form method="get" action={hrefOf(context, 'ui/rules')} class="fieldsets" data-preview="preview">
      <fieldset>
        <legend>{rules.conditions}</legend>
        <SelectField
          context={context}
          name="type"
          label={t.search.operation}
          isChooser
          options={[
            ['', t.search.anyOperation],
            ...OPERATIONS.map(({ TYPE, name, title }) => [name, `${TYPE} ${title[language]}`] as const),
            [AUTHENTICATE, t.steps.authenticate],
          ]}
        />
        {text('reference', rules.reference)}
        {text('payment', rules.paymentReference)}
        {select(
          'variable',
          rules.variable,
          '—',
          VARIABLE_NAMES.map((name) => [name, name]),
        )}
        {text('value', rules.value)}
        {select('host', rules.host, rules.anyHost, Object.entries(rules.hosts))}
        {number('from', rules.from)}
        {number('times', rules.times)}
      </fieldset>
      <fieldset>
        <legend>{rules.effect}</legend>
        {select(
          'answer',
          rules.answer,
          rules.noAnswer,
          RESPONSE_CODES.map(({ code, meaning }) => [code, `${code} ${meaning[language]}`]),
        )}
        {select('reply', rules.reply, rules.asUsual, Object.entries(rules.replies))}
        {select(
          'http',
          rules.http,
          '200',
          HTTP_STATUSES.map((status) => [status, status]),
        )}
        {number('delay', rules.delay)}
        {select('processed', rules.processed, rules.asUsual, Object.entries(rules.processings))}
      </fieldset>
      <ShownFor by="type" values={[AUTHENTICATE]}>
        <fieldset>
          <legend>{rules.authentication}</legend>
          {select(
            'outcome',
            rules.outcome,
            rules.byCard,
            AUTHENTICATION_OUTCOMES.map(({ outcome, meaning }) => [outcome, `${outcome}${t.colon}${meaning[language]}`]),
          )}
          {select('challenge', rules.challenge, rules.byCard, Object.entries(rules.challenges))}
          {select('server', rules.server, rules.asUsual, Object.entries(rules.resultFaults))}
          {select('browser', rules.browser, rules.asUsual, Object.entries(rules.resultFaults))}
        </fieldset>
      </ShownFor>
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

/** The rule in the form as a scenario and as a curl command, or what is wrong with it. Empty if the form is empty. */
export async function RulePreview({ context }: { readonly context: PageContext }) {
  const { t, base, url } = context;
  const isFilled = RULE_FIELDS.some((name) => context.query(name) !== '');
  const problems = isFilled ? Object.values(await ruleProblems(context)) : [];
  const rule = readRuleForm(context);
  return (
    <div id="preview" data-live="whole" aria-live="polite">
      {problems.length > 0 && <p class="hint">{problems.join(' ')}</p>}
      {isFilled && problems.length === 0 && (
        <>
          <h3>{t.rules.asScenario}</h3>
          <Copyable context={context} id="rule-yaml" label={t.rules.asScenario} text={ruleInScenario(rule)} />
          <h3>{t.rules.asCurl}</h3>
          <Copyable context={context} id="rule-curl" label={t.rules.asCurl} text={curlOfJson(`${url.origin}${base}/rules`, rule)} />
        </>
      )}
    </div>
  );
}
