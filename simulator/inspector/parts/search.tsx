import { JOURNAL_STEPS, maskText, OPERATIONS } from '../../../contracts/index.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { SelectField } from './forms.js';

/** The parameters of a search. */
export const SEARCH_PARAMETERS = ['q', 'type', 'outcome'] as const;

/** Returns the parameters of the search of a page, masked. */
export function searchParameters({ query }: PageContext): Record<string, string> {
  return Object.fromEntries(SEARCH_PARAMETERS.map((name) => [name, maskText(query(name))]));
}

/** A search field for references, amounts, cards and codes, and on request two filters for exchanges: operation and outcome. */
export function SearchForm({
  context,
  path,
  hasFilters = false,
}: {
  readonly context: PageContext;
  readonly path: string;
  readonly hasFilters?: boolean;
}) {
  const { t, language } = context;
  const search = searchParameters(context);
  const isSearch = Object.values(search).some((value) => value !== '');
  return (
    <search>
      <form method="get" action={hrefOf(context, path)} class="search">
        <label class="wide">
          <span class="visually-hidden">{t.search.label}</span>
          <input
            type="search"
            name="q"
            value={search.q}
            placeholder={t.search.hint}
            maxlength={300}
            autocomplete="off"
            aria-describedby="search-hint"
          />
        </label>
        {hasFilters && (
          <>
            <SelectField
              context={context}
              name="type"
              label={t.search.operation}
              isLabelHidden
              options={[
                ['', t.search.anyOperation],
                ...OPERATIONS.map(({ TYPE, title }) => [TYPE, `${TYPE} ${title[language]}`] as const),
                ...JOURNAL_STEPS.map((step) => [step, t.steps[step]] as const),
              ]}
            />
            <SelectField
              context={context}
              name="outcome"
              label={t.search.outcome}
              isLabelHidden
              options={[
                ['', t.search.any],
                ['accepted', t.search.accepted],
                ['refused', t.search.refused],
                ['mistakes', t.search.mistakes],
                ['chosen', t.search.chosen],
                ['findings', t.search.withFindings],
                ['error', t.search.error],
                ['warning', t.search.warning],
                ['info', t.search.info],
              ]}
            />
          </>
        )}
        <button type="submit">{t.search.submit}</button>
        {isSearch && (
          <a class="button quiet" href={hrefOf(context, path)}>
            {t.search.clear}
          </a>
        )}
        <p class="visually-hidden" id="search-hint">
          {t.search.hint}
        </p>
      </form>
    </search>
  );
}
