import { FINDING_RULES, type Finding, SEVERITIES, type Severity } from '../../engine/finding.js';
import { type PageContext, protocolHref } from '../page-context.js';
import { messageIn } from '../translate-message.js';
import { WireValue } from './wire-value.js';

const SIGNS: Record<Severity, string> = { error: '▲', warning: '△', info: 'i' };

/** The title of a finding as a badge. A sign marks its severity, not only the color. */
function FindingBadge({ context, finding }: { readonly context: PageContext; readonly finding: Finding }) {
  const { t } = context;
  return (
    <span class={`badge ${finding.severity}`}>
      <span aria-hidden="true">{SIGNS[finding.severity]}</span>{' '}
      <span class="visually-hidden">
        {t.severities[finding.severity]}
        {t.colon}
      </span>
      {t.findingTitles[finding.rule] ?? finding.rule}
    </span>
  );
}

const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));

/** Findings as badges, the most severe first. Of the others, only screen readers have the titles at once. */
export function FindingBadges({ context, findings }: { readonly context: PageContext; readonly findings: readonly Finding[] }) {
  const { t } = context;
  const [first, ...others] = bySeverity(findings);
  if (first === undefined) return null;
  return (
    <>
      {others.map((finding) => (
        <span class={`badge short ${finding.severity}`} title={t.findingTitles[finding.rule] ?? finding.rule}>
          <span aria-hidden="true">{SIGNS[finding.severity]}</span>
          <span class="visually-hidden">
            {t.severities[finding.severity]}
            {t.colon}
            {t.findingTitles[finding.rule] ?? finding.rule}
          </span>
        </span>
      ))}
      <FindingBadge context={context} finding={first} />
    </>
  );
}

function Message({ context: { language }, finding }: { readonly context: PageContext; readonly finding: Finding }) {
  const message = messageIn(language, finding);
  return (
    <p lang={message.language === language ? undefined : message.language}>
      <WireValue value={message.text} />
    </p>
  );
}

/** Findings, each with its message and its remedy. */
export function Findings({ context, findings }: { readonly context: PageContext; readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const { t } = context;
  return (
    <ul class="findings">
      {bySeverity(findings).map((finding) => (
        <li class={finding.severity}>
          <FindingBadge context={context} finding={finding} />
          <Message context={context} finding={finding} />
          <p>
            <strong>
              {t.finding.remedy}
              {t.colon}
            </strong>{' '}
            {(t.remedies[finding.rule] ?? finding.remedy).replaceAll('`', '')}{' '}
            <a href={protocolHref(context, FINDING_RULES[finding.rule].source)}>{t.finding.source}</a>
          </p>
        </li>
      ))}
    </ul>
  );
}
