import { currencyOf, operationOf, RESPONSE_CODE_BY_CODE, readMagicAmount, VARIABLE_BY_NAME } from '../../../contracts/index.js';
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
  CODEREPONSE: (context, value) => {
    const meaning = RESPONSE_CODE_BY_CODE.get(value)?.meaning[context.language];
    return [meaning, codeAdvice(context, value)].filter(Boolean).join('. ') || undefined;
  },
};

function variableMeaning({ t, language }: PageContext, name: string, isReply: boolean): string {
  const inReply = isReply && Object.hasOwn(t.replyFields, name) ? t.replyFields[name] : undefined;
  // The journal uses names in parentheses, such as `(more)`, for its own notes.
  return inReply ?? VARIABLE_BY_NAME.get(name)?.meaning[language] ?? (name.startsWith('(') ? '' : t.unknownVariable);
}

/** The variables of a request or a reply in the order sent, each with its meaning and its value explained. */
export function VariablesTable({
  context,
  caption,
  variables,
  isReply = false,
}: {
  readonly context: PageContext;
  readonly caption: string;
  readonly variables: Variables;
  readonly isReply?: boolean;
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
          const explained = Object.hasOwn(EXPLAIN, name) ? EXPLAIN[name]?.(context, value, all) : undefined;
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
                {variableMeaning(context, name, isReply)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
