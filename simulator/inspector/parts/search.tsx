import { maskCardsIn, OPERATIONS } from '../../../contracts/index.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { Option } from './forms.js';

/** The parameters of a search. */
export const SEARCH_PARAMETERS = ['q', 'type', 'outcome'] as const;

/** The parameters of this page's search, without the page of the listing. */
export function searchParameters({ query }: PageContext): Record<string, string> {
  return Object.fromEntries(SEARCH_PARAMETERS.map((name) => [name, maskCardsIn(query(name))]));
}

/** One box for references, amounts, cards and codes; beside it, where exchanges are searched, what kind they are of. */
export function SearchForm({
  view,
  path,
  withKinds = false,
}: {
  readonly view: PageContext;
  readonly path: string;
  readonly withKinds?: boolean;
}) {
  const { t, language } = view;
  const given = searchParameters(view);
  const isSearch = Object.values(given).some((value) => value !== '');
  return (
    <search>
      <form method="get" action={hrefOf(view, path)} class="search">
        <label class="wide">
          {t.search.label}
          <input type="search" name="q" value={given.q} maxlength={300} autocomplete="off" aria-describedby="search-hint" />
        </label>
        {withKinds && (
          <>
            <label>
              {t.search.operation}
              <select name="type">
                <Option value="" label={t.search.anyOperation} chosen={given.type} />
                {OPERATIONS.map(({ TYPE, title }) => (
                  <Option value={TYPE} label={`${TYPE} ${title[language]}`} chosen={given.type} />
                ))}
              </select>
            </label>
            <label>
              {t.search.outcome}
              <select name="outcome">
                <Option value="" label={t.search.any} chosen={given.outcome} />
                <Option value="accepted" label={t.search.accepted} chosen={given.outcome} />
                <Option value="refused" label={t.search.refused} chosen={given.outcome} />
                <Option value="findings" label={t.search.withFindings} chosen={given.outcome} />
              </select>
            </label>
          </>
        )}
        <button type="submit">{t.search.submit}</button>
        {isSearch && (
          <a class="button quiet" href={hrefOf(view, path)}>
            {t.search.clear}
          </a>
        )}
        <p class="hint" id="search-hint">
          {t.search.hint}
        </p>
      </form>
    </search>
  );
}
