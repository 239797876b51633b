import { type ExchangeList, SEARCHED_EXCHANGES } from '../journal-queries.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { searchParameters } from './search.js';

/** Links to the first and to the next page of a list. */
export function Pager({
  context,
  path,
  before,
  label,
}: {
  readonly context: PageContext;
  readonly path: string;
  /** The `before` parameter of the next page; undefined: there is none. */
  readonly before: string | undefined;
  /** The text of the link to the next page. */
  readonly label?: string;
}) {
  const { more } = context.t;
  const search = searchParameters(context);
  const isFirst = context.query('before') === '';
  if (before === undefined && isFirst) return null;
  return (
    <nav class="pager" aria-label={more.pages}>
      {!isFirst && <a href={hrefOf(context, path, search)}>← {more.newest}</a>}
      {before !== undefined && <a href={hrefOf(context, path, { ...search, before })}>{label ?? more.older} →</a>}
    </nav>
  );
}

/** The pager of a list of exchanges. If the search stopped early, it says so and offers to continue it. */
export function ExchangePager({
  context,
  path,
  list: { before, isCut },
}: {
  readonly context: PageContext;
  readonly path: string;
  readonly list: ExchangeList;
}) {
  const { t, formats } = context;
  return (
    <>
      {isCut && <p class="hint">{t.more.searchEnds(formats.count(SEARCHED_EXCHANGES))}</p>}
      <Pager context={context} path={path} before={before} {...(isCut && { label: t.more.further })} />
    </>
  );
}
