import type { Finding, Severity } from '../../engine/finding.js';
import type { PageContext } from '../page-context.js';
import { Wire } from './wire.js';

const SIGNS: Record<Severity, string> = { error: '▲', warning: '△', info: 'i' };

/** A finding as a badge: its kind, by a sign as well as by its colour. */
export function FindingBadge({ view, finding }: { readonly view: PageContext; readonly finding: Finding }) {
  const { t } = view;
  return (
    <span class={`badge ${finding.severity}`}>
      <span aria-hidden="true">{SIGNS[finding.severity]}</span> <span class="unheard">{t.severities[finding.severity]}: </span>
      {t.findingTitles[finding.rule] ?? finding.rule}
    </span>
  );
}

/** Findings in full: what was seen, and what to do about it. */
export function Findings({ view, findings }: { readonly view: PageContext; readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const { t, language } = view;
  return (
    <ul class="findings">
      {findings.map((finding) => (
        <li class={finding.severity}>
          <FindingBadge view={view} finding={finding} />
          <p lang={language === 'en' ? undefined : 'en'}>
            <Wire value={finding.message} />
          </p>
          <p>
            <strong>{t.finding.remedy}:</strong> {t.remedies[finding.rule] ?? finding.remedy}
          </p>
        </li>
      ))}
    </ul>
  );
}
