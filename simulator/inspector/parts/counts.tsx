import type { Severity } from '../../engine/finding.js';
import type { JournalEntry, JournalFilter } from '../../journal/entry.js';
import { isChosenRefusal, isRefusal } from '../../journal/search.js';
import { hrefOf, type PageContext } from '../page-context.js';
import { searchParameters } from './search.js';

/** Number of exchanges that are counted. */
const COUNTED_EXCHANGES = 200;

const isForced = ({ CODEREPONSE, findings }: JournalEntry): boolean => isChosenRefusal(CODEREPONSE, findings);

/** Which exchanges are counted and listed: the condition for the store, and the same for one exchange. */
type Selection = readonly [filter: Partial<JournalFilter>, isSelected: (entry: JournalEntry) => boolean];

const withSeverity = (severity: Severity): Selection => [
  { severity },
  ({ findings }) => findings.some((found) => found.severity === severity),
];

const COUNTED = {
  refused: [{ isRefused: true }, isRefusal],
  mistakes: [{ isRefused: true, isForced: false }, (entry) => isRefusal(entry) && !isForced(entry)],
  chosen: [{ isRefused: true, isForced: true }, isForced],
  error: withSeverity('error'),
  warning: withSeverity('warning'),
  info: withSeverity('info'),
} as const satisfies Record<string, Selection>;

type Counted = keyof typeof COUNTED;

/** Conditions on exchanges, by the value of the `outcome` parameter. */
export const OUTCOME_FILTERS: Readonly<Record<string, Partial<JournalFilter>>> = {
  accepted: { isRefused: false },
  findings: { hasFindings: true },
  ...Object.fromEntries(Object.entries(COUNTED).map(([name, [filter]]) => [name, filter])),
};

/** Numbers of exchanges among the newest, as links that list them. */
export async function Counts({
  context,
  path,
  names,
}: {
  readonly context: PageContext;
  readonly path: string;
  readonly names: readonly Counted[];
}) {
  const { t, gateway, formats, query } = context;
  const newest = await gateway.journal({ limit: COUNTED_EXCHANGES });
  if (newest.length === 0) return <div id="counts" data-live="whole" />;
  return (
    <nav class="counts" id="counts" data-live="whole" aria-label={t.counts.label}>
      <span>{t.counts.newest(formats.count(newest.length))}</span>
      {names.map((name) => {
        const isSelected = query('outcome') === name;
        const count = newest.filter(COUNTED[name][1]).length;
        return (
          <a
            class={`count ${name}${count === 0 ? ' zero' : ''}`}
            href={hrefOf(context, path, { ...searchParameters(context), outcome: isSelected ? '' : name })}
            aria-current={isSelected ? 'true' : undefined}
          >
            <strong>{formats.count(count)}</strong> {t.counts[name]}
          </a>
        );
      })}
    </nav>
  );
}
