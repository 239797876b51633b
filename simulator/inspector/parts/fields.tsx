import { currencyOf, operationOf, RESPONSE_CODE_BY_CODE, readMagicAmount, VARIABLE_BY_NAME } from '../../../contracts/index.js';
import type { PageContext } from '../page-context.js';
import { adviceOf } from './code.js';
import { Wire } from './wire.js';

/** What can be said of a value beyond what its variable means. */
const VALUES: Readonly<Record<string, (view: PageContext, value: string, all: ReadonlyMap<string, string>) => string | undefined>> = {
  TYPE: ({ language }, value) => operationOf(value)?.title[language],
  DEVISE: (_, value) => currencyOf(value)?.code,
  MONTANT: ({ formats }, value, all) => {
    if (!/^\d{1,10}$/.test(value)) return undefined;
    const magic = readMagicAmount(Number(value));
    return `${formats.amount(Number(value), all.get('DEVISE') ?? '978')}${magic ? ` → ${magic.code}` : ''}`;
  },
  CODEREPONSE: (view, value) => {
    const meaning = RESPONSE_CODE_BY_CODE.get(value)?.meaning[view.language];
    return [meaning, adviceOf(view, value)].filter(Boolean).join('. ') || undefined;
  },
};

type Pairs = readonly (readonly [name: string, value: string])[];

function meaningOf(view: PageContext, name: string, isReply: boolean): string {
  const ofReply = isReply && Object.hasOwn(view.t.replyFields, name) ? view.t.replyFields[name] : undefined;
  return ofReply ?? VARIABLE_BY_NAME.get(name)?.meaning[view.language] ?? (name.startsWith('(') ? '' : view.t.unknownVariable);
}

/** Variables of a request or a reply in their order, each with what it means. */
export function Fields({
  view,
  caption,
  pairs,
  isReply = false,
}: {
  readonly view: PageContext;
  readonly caption: string;
  readonly pairs: Pairs;
  readonly isReply?: boolean;
}) {
  const { columns } = view.t;
  const all = new Map(pairs);
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
        {pairs.map(([name, value]) => {
          const said = Object.hasOwn(VALUES, name) ? VALUES[name]?.(view, value, all) : undefined;
          return (
            <tr>
              <th scope="row">
                <Wire value={name} short />
              </th>
              <td>
                <Wire value={value} />
              </td>
              <td class="meaning">
                {said && <strong>{said}</strong>}
                {said && ' · '}
                {meaningOf(view, name, isReply)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
