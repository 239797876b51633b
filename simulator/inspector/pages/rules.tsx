import { operationOf } from '../../../contracts/index.js';
import { describeFault, type Fault } from '../../engine/fault.js';
import { AUTHENTICATE, isUsedUp, type Matcher, type Rule, type RuleAuthentication, ruleAnswer } from '../../engine/rule.js';
import { RuleError } from '../../gateway/configuration/check-rule.js';
import { newestSeq } from '../journal-queries.js';
import { FormError, type Page, PageError } from '../page.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { ActionButton } from '../parts/forms.js';
import { type Column, ListTable } from '../parts/list-table.js';
import { OutcomeBadge, resultFaultText } from '../parts/outcome.js';
import { ResponseCode } from '../parts/response-code.js';
import { fieldOf, RuleForm, RulePreview, ruleProblems } from '../parts/rule-form.js';
import { WireValue } from '../parts/wire-value.js';
import { readRuleForm } from '../read-rule-form.js';
import { frenchText } from '../translate-message.js';
import { problemIn } from '../translate-problem.js';

const matcherText = (matcher: Matcher): string => (typeof matcher === 'string' ? matcher : JSON.stringify(matcher));

const typeTitle = ({ t, language }: PageContext, type: string): string | undefined =>
  type === AUTHENTICATE ? t.steps.authenticate : operationOf(type)?.title[language];

function Conditions({ context, rule }: { readonly context: PageContext; readonly rule: Rule }) {
  const { t } = context;
  const conditions = [
    ...Object.entries(rule.match).map(([name, matcher]) => [name, matcher] as const),
    ...Object.entries(rule.payment).map(([name, matcher]) => [`${t.columns.payment}${t.colon}${name}`, matcher] as const),
    ...(rule.host ? [[t.rules.host, t.rules.hosts[rule.host]] as const] : []),
  ];
  if (conditions.length === 0) return <>{t.rules.everything}</>;
  return (
    <ul class="plain">
      {conditions.map(([name, matcher]) => (
        <li>
          {name} = <WireValue value={matcherText(matcher)} />{' '}
          {name === 'TYPE' && typeof matcher === 'string' && typeTitle(context, matcher)}
        </li>
      ))}
    </ul>
  );
}

interface NameProperties {
  readonly context: PageContext;
  readonly rule: Rule;
  /** Why the rule is disabled, if it is. */
  readonly reason: string | undefined;
}

function Name({ context, rule, reason }: NameProperties) {
  const { t } = context;
  return (
    <>
      <WireValue value={rule.id} /> {isUsedUp(rule) && <span class="badge">{t.rules.usedUp}</span>}
      {reason !== undefined && (
        <>
          <span class="badge">{t.rules.disabled}</span>
          <p class="hint">{problemIn(context.language, reason)}</p>
        </>
      )}
    </>
  );
}

const faultText = ({ language }: PageContext, fault: Fault): string =>
  language === 'fr' ? frenchText('fault', describeFault(fault)) : describeFault(fault);

function AuthenticationEffect({ context, effect }: { readonly context: PageContext; readonly effect: RuleAuthentication }) {
  const { t } = context;
  const { outcome, challenge, server, browser } = effect;
  const faults = [
    [t.rules.server, server],
    [t.rules.browser, browser],
  ] as const;
  return (
    <>
      {outcome !== undefined && <OutcomeBadge context={context} outcome={outcome} />}
      {challenge !== undefined && (
        <p>
          {t.rules.challenge}
          {t.colon}
          {t.rules.challenges[challenge ? 'yes' : 'no']}
        </p>
      )}
      {faults.map(
        ([name, fault]) =>
          fault && (
            <p>
              {name}
              {t.colon}
              {resultFaultText(context, fault)}
            </p>
          ),
      )}
    </>
  );
}

function Effect({ context, rule }: { readonly context: PageContext; readonly rule: Rule }) {
  const { t } = context;
  return (
    <>
      {rule.answer !== undefined && <ResponseCode context={context} code={ruleAnswer(rule.answer).code} />}
      {rule.fault && <p>{faultText(context, rule.fault)}</p>}
      {rule.authentication && <AuthenticationEffect context={context} effect={rule.authentication} />}
      {(rule.from > 1 || rule.times > 0) && (
        <p class="hint">
          {t.rules.from} {rule.from}
          {rule.times > 0 && `, × ${rule.times}`}
        </p>
      )}
    </>
  );
}

function columnsOf(context: PageContext, disabled: ReadonlyMap<string, string>): readonly Column<Rule>[] {
  const { t, formats } = context;
  const { columns } = t;
  return [
    { title: columns.name, isRowHeader: true, cell: (rule) => <Name context={context} rule={rule} reason={disabled.get(rule.id)} /> },
    { title: t.rules.conditions, cell: (rule) => <Conditions context={context} rule={rule} /> },
    { title: t.rules.effect, cell: (rule) => <Effect context={context} rule={rule} /> },
    { title: columns.calls, style: 'amount', isLabelled: true, cell: ({ calls }) => formats.count(calls) },
    {
      title: '',
      cell: ({ id }) => (
        <ActionButton context={context} path="ui/rules" values={{ action: 'remove', id }} isQuiet>
          {t.rules.remove}
          <span class="visually-hidden"> {id}</span>
        </ActionButton>
      ),
    },
  ];
}

const ACTIONS: Readonly<Record<string, (context: PageContext) => Promise<void>>> = {
  // The form that adds a rule has no `action` field.
  '': async (context) => {
    const problems = await ruleProblems(context);
    if (Object.keys(problems).length > 0) throw new FormError(problems);
    try {
      await context.gateway.addRule(readRuleForm(context));
    } catch (error) {
      throw error instanceof RuleError ? new FormError({ [fieldOf(error.path)]: problemIn(context.language, error.message) }) : error;
    }
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

/** The rules of the gateway with the number of questions they matched, and a form that adds a rule. */
export const rulesPage: Page = {
  path: 'ui/rules',
  section: 'rules',
  render: async (context) => {
    const { t, gateway } = context;
    const rules = gateway.rules.list();
    const disabled = await gateway.disabledRules();
    return {
      title: t.sections.rules,
      liveAfter: await newestSeq(gateway),
      body: (
        <>
          <p class="lead">{t.rules.intro}</p>
          <section aria-labelledby="in-force">
            <h2 id="in-force">{t.rules.list}</h2>
            <ListTable
              id="rules"
              columns={columnsOf(context, disabled)}
              rows={rules}
              rowId={({ id }) => `rule-${encodeURIComponent(id)}`}
              empty={t.none.rules}
            >
              {rules.length > 0 && (
                <ActionButton context={context} path="ui/rules" values={{ action: 'clear' }} isQuiet>
                  {t.rules.removeAll}
                </ActionButton>
              )}
            </ListTable>
          </section>
          <section aria-labelledby="add">
            <h2 id="add">{t.rules.add}</h2>
            <RuleForm context={context} />
            {await RulePreview({ context })}
          </section>
        </>
      ),
    };
  },
  submit: async (context) => {
    const { query, t } = context;
    const action = Object.hasOwn(ACTIONS, query('action')) ? ACTIONS[query('action')] : undefined;
    if (!action) throw new PageError(400, t.problem.unknownAction);
    await action(context);
    return { to: hrefOf(context, 'ui/rules') };
  },
};
