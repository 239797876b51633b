import { hrefOf, type PageContext } from '../page-context.js';
import { searchParameters } from './search.js';

/** The way to the next page of a listing and back to its first. */
export function Pager({
  view,
  path,
  before,
  label,
}: {
  readonly view: PageContext;
  readonly path: string;
  readonly before: string | undefined;
  readonly label?: string;
}) {
  const { more } = view.t;
  const given = searchParameters(view);
  const isFirst = view.query('before') === '';
  if (before === undefined && isFirst) return null;
  return (
    <nav class="pager" aria-label={more.pages}>
      {!isFirst && <a href={hrefOf(view, path, given)}>← {more.newest}</a>}
      {before !== undefined && <a href={hrefOf(view, path, { ...given, before })}>{label ?? more.older} →</a>}
    </nav>
  );
}
