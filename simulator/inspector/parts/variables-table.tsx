import {
  AUTHENTICATION_OUTCOMES,
  currencyOf,
  MPI_VARIABLE_BY_NAME,
  operationOf,
  RESPONSE_CODE_BY_CODE,
  readMagicAmount,
  VARIABLE_BY_NAME,
} from '../../../contracts/index.js';
import type { ChallengeAction } from '../../engine/decide-authentication.js';
import type { PageContext } from '../page-context.js';
import { codeAdvice } from './response-code.js';
import { WireValue } from './wire-value.js';

type Variables = readonly (readonly [name: string, value: string])[];

/** Explains the value of a variable; undefined if there is nothing to say about this value. */
type ExplainValue = (context: PageContext, value: string, all: ReadonlyMap<string, string>) => string | undefined;

const EXPLAIN: Readonly<Record<string, ExplainValue>> = {
  TYPE: ({ language }, value) => operationOf(value)?.title[language],
  DEVISE: (_, value) => currencyOf(value)?.code,
  MONTANT: ({ formats }, value, all) => {
    if (!/^\d{1,10}$/.test(value)) return undefined;
    const magic = readMagicAmount(Number(value));
    return `${formats.amount(Number(value), all.get('DEVISE') ?? '978')}${magic ? ` → ${magic.code}` : ''}`;
  },
  Currency: (_, value) => currencyOf(value)?.code,
  Amount: ({ formats }, value, all) => (/^\d{1,10}$/.test(value) ? formats.amount(Number(value), all.get('Currency') ?? '978') : undefined),
  action: ({ t }, value) => (Object.hasOwn(t.steps.actions, value) ? t.steps.actions[value as ChallengeAction] : undefined),
  '(page)': ({ language }, value) => AUTHENTICATION_OUTCOMES.find(({ outcome }) => outcome === value)?.meaning[language],
  CODEREPONSE: (context, value) => {
    const meaning = RESPONSE_CODE_BY_CODE.get(value)?.meaning[context.language];
    return [meaning, codeAdvice(context, value)].filter(Boolean).join('. ') || undefined;
  },
};

type Kind = 'question' | 'reply' | 'step';

/** Names that a question may have for something else. */
const STEP_ONLY: ReadonlySet<string> = new Set(['Amount', 'Currency', 'action', '(page)']);

function variableMeaning({ t, language }: PageContext, name: string, kind: Kind): string {
  if (kind === 'step') {
    const known = Object.hasOwn(t.steps.fields, name) ? t.steps.fields[name] : undefined;
    return known ?? MPI_VARIABLE_BY_NAME.get(name)?.meaning[language] ?? VARIABLE_BY_NAME.get(name)?.meaning[language] ?? '';
  }
  const inReply = kind === 'reply' && Object.hasOwn(t.replyFields, name) ? t.replyFields[name] : undefined;
  // The journal uses names in parentheses, such as `(more)`, for its own notes.
  return inReply ?? VARIABLE_BY_NAME.get(name)?.meaning[language] ?? (name.startsWith('(') ? '' : t.unknownVariable);
}

/** The variables of a request or a reply in the order sent, each with its meaning and its value explained. */
export function VariablesTable({
  context,
  caption,
  variables,
  kind = 'question',
}: {
  readonly context: PageContext;
  readonly caption: string;
  readonly variables: Variables;
  /** Where the variables are: in a question, in a reply, or in a step of an authentication. */
  readonly kind?: Kind;
}) {
  const { columns } = context.t;
  const all = new Map(variables);
  return (
    <table class="fields">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.value}</th>
          <th scope="col">{columns.meaning}</th>
        </tr>
      </thead>
      <tbody>
        {variables.map(([name, value]) => {
          const explained =
            Object.hasOwn(EXPLAIN, name) && (kind === 'step' || !STEP_ONLY.has(name)) ? EXPLAIN[name]?.(context, value, all) : undefined;
          return (
            <tr>
              <th scope="row">
                <WireValue value={name} short />
              </th>
              <td>
                <WireValue value={value} />
              </td>
              <td class="meaning">
                {explained && <strong>{explained}</strong>}
                {explained && ' · '}
                {variableMeaning(context, name, kind)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
