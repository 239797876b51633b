import type { Child } from 'hono/jsx';

/** The look of a column. `time`, `operation`, `reference`, `amount`, `card`, `code` and `badges` have rules in the stylesheet. */
type ColumnStyle = 'time' | 'operation' | 'reference' | 'amount' | 'card' | 'code' | 'badges';

/** The columns with texts that may be too long for one line. */
const LONG_STYLES: ReadonlySet<ColumnStyle> = new Set(['operation', 'code', 'badges']);

/** A column of a list. */
export interface Column<Row> {
  /** The header; an empty string for a column of buttons. */
  readonly title: string;
  readonly style?: ColumnStyle;
  /** Whether the cell names its row for screen readers. */
  readonly isRowHeader?: boolean;
  /** Whether the cell repeats the title in narrow windows, where the header is hidden. */
  readonly isLabelled?: boolean;
  readonly cell: (row: Row) => Child;
}

/** The link to the page of a row. It covers the whole row. */
export function RowLink({ href, children }: { readonly href: string; readonly children: Child }) {
  return (
    <a class="row" href={href}>
      {children}
    </a>
  );
}

function Header<Row>({ column: { title, style } }: { readonly column: Column<Row> }) {
  if (title === '') return <td />;
  return (
    <th scope="col" class={style === 'amount' ? style : undefined}>
      {title}
    </th>
  );
}

function Cell<Row>({ column: { title, style, isRowHeader, isLabelled, cell }, row }: { readonly column: Column<Row>; readonly row: Row }) {
  const content = style !== undefined && LONG_STYLES.has(style) ? <div class="line">{cell(row)}</div> : cell(row);
  if (isRowHeader)
    return (
      <th scope="row" class={style}>
        {content}
      </th>
    );
  return (
    <td class={style} data-label={isLabelled ? title : undefined}>
      {content}
    </td>
  );
}

/**
 * A list that the script of the page updates when exchanges arrive. It shows its rows, or else the `empty` text, and then its children, such
 * as a pager.
 */
export function LiveList({
  id,
  empty,
  rows,
  children,
}: {
  readonly id: string;
  readonly empty: Child;
  /** The element with the id `rows`; undefined if the list is empty. */
  readonly rows: Child | undefined;
  readonly children?: Child;
}) {
  return (
    <div id={id} data-live="whole">
      {rows ?? (typeof empty === 'string' ? <p class="empty">{empty}</p> : empty)}
      {children}
    </div>
  );
}

/** A list as a table, with a line for each row. */
export function ListTable<Row>({
  id,
  columns,
  rows,
  rowId,
  empty,
  isDense = false,
  children,
}: {
  readonly id: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Returns the id of the element of a row. The script highlights rows with a new id. */
  readonly rowId?: (row: Row) => string;
  readonly empty: Child;
  /** Whether each row has one line in wide windows. What does not fit in it is cut off. */
  readonly isDense?: boolean;
  readonly children?: Child;
}) {
  const table = (
    <table class={isDense ? 'list dense' : 'list'}>
      <thead>
        <tr>
          {columns.map((column) => (
            <Header column={column} />
          ))}
        </tr>
      </thead>
      <tbody id="rows">
        {rows.map((row) => (
          <tr id={rowId?.(row)}>
            {columns.map((column) => (
              <Cell column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <LiveList id={id} empty={empty} rows={rows.length > 0 ? table : undefined}>
      {children}
    </LiveList>
  );
}
