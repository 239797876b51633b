import pc from 'picocolors';
import { SEVERITIES } from '../simulator/engine/finding.js';
import type { Finding, JournalEntry, Severity } from '../simulator/index.js';
import { REMEDIES } from '../simulator/inspector/messages/finding-texts.js';
import { messageIn } from '../simulator/inspector/translate-message.js';
import { readStep } from '../simulator/journal/step.js';
import { currentLanguage, messages } from './messages/index.js';
import { answerWord, stepName } from './step-line.js';
import { UserError } from './user-error.js';

interface JournalItem {
  readonly seq: number;
  readonly at: string;
  readonly TYPE: string;
  readonly operation: string;
  readonly REFERENCE: string;
  readonly CODEREPONSE: string;
  readonly request: JournalEntry['request'];
  readonly reply: JournalEntry['reply'];
  readonly findings: readonly Finding[];
}

/** A finding, the request it is about, and the gateway that received the request. */
export interface LocatedFinding extends Finding {
  /** `main` or the name of a session. */
  readonly gateway: string;
  readonly request: Omit<JournalItem, 'findings'>;
}

/** Terminal colours by the severity of a finding. */
export const SEVERITY_COLOURS = { info: pc.cyan, warning: pc.yellow, error: pc.red } as const;

const PAGE = 1000;

async function get(url: string): Promise<unknown> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new UserError(messages().findings.noSimulator(new URL(url).origin), { cause });
  });
  const body = (await response.json()) as { error?: string };
  if (!response.ok) throw new UserError(messages().answered(url, response.status, body.error ?? ''));
  return body;
}

async function fetchJournal(base: string): Promise<JournalItem[]> {
  const all: JournalItem[] = [];
  let before = '';
  for (;;) {
    const { entries } = (await get(`${base}/_sim/journal?limit=${PAGE}${before}`)) as { entries: JournalItem[] };
    all.push(...entries);
    const last = entries.at(-1);
    if (entries.length < PAGE || !last) return all.reverse();
    before = `&before=${last.seq}`;
  }
}

async function gatewayNames(origin: string): Promise<string[]> {
  const { sessions } = (await get(`${origin}/_sim/sessions`)) as { sessions: string[] };
  return ['main', ...sessions];
}

/** The findings of gateways, oldest first for each gateway, and the number of requests that the gateways received. */
export interface FoundInRequests {
  readonly requests: number;
  readonly findings: readonly LocatedFinding[];
}

/**
 * Fetches the findings of gateways of a running simulator.
 *
 * @param url URL of the simulator: all its gateways; or of a session (`…/s/NAME`): that gateway only
 * @throws UserError when no simulator answers
 */
export async function fetchFindings(url: string): Promise<FoundInRequests> {
  const { origin, pathname } = new URL(url);
  const session = /^\/s\/([^/]+)/.exec(pathname)?.[1];
  const names = session === undefined ? await gatewayNames(origin) : [session];
  const gateways = names.map((name) => [name, name === 'main' ? origin : `${origin}/s/${name}`] as const);
  let requests = 0;
  const located: LocatedFinding[] = [];
  for (const [gateway, base] of gateways) {
    const journal = await fetchJournal(base);
    requests += journal.length;
    for (const { findings, ...request } of journal) located.push(...findings.map((finding) => ({ gateway, request, ...finding })));
  }
  return { requests, findings: located };
}

/** The findings of one gateway with the same message, oldest first. */
type FindingGroup = readonly [LocatedFinding, ...LocatedFinding[]];

function groupsOf(findings: readonly LocatedFinding[]): FindingGroup[] {
  const groups = new Map<string, [LocatedFinding, ...LocatedFinding[]]>();
  for (const finding of findings) {
    const key = [finding.gateway, finding.rule, finding.message].join('\n');
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return [...groups.values()];
}

/** The message and the remedy of a finding in the language of the messages. A finding of another version stays in English. */
export function findingText(finding: Finding): Pick<Finding, 'message' | 'remedy'> {
  if (currentLanguage() === 'en') return finding;
  const { rule, remedy } = finding;
  const { text } = messageIn(currentLanguage(), finding);
  return { message: text, remedy: REMEDIES[currentLanguage()][rule] ?? remedy };
}

/** What a request is and what was answered: `00003 pay ORDER-1 → 00105`. */
function requestText(request: LocatedFinding['request']): string {
  const { TYPE, operation, REFERENCE, CODEREPONSE, reply } = request;
  const step = readStep({ ...request, findings: [] });
  if (step) return `${stepName(step)} ${REFERENCE} → ${answerWord(step)}`;
  return `${TYPE || '?????'} ${operation} ${REFERENCE} → ${CODEREPONSE || `HTTP ${reply.HTTP}`}`;
}

function groupText([finding, ...same]: FindingGroup): string {
  const { gateway, request, severity, rule } = finding;
  const { findings, colon } = messages();
  const { message, remedy } = findingText(finding);
  const origin = `${gateway === 'main' ? '' : `/s/${gateway} `}${findings.request(request.seq)}, ${requestText(request)}`;
  const severityText = SEVERITY_COLOURS[severity](findings.severities[severity]);
  return `${severityText} ${rule}${colon}${message}\n  ${origin}${findings.more(same.length)}\n  ${remedy}`;
}

/** Formats findings for a terminal, those with the same message once, followed by a line with the number of findings of each severity. */
export function findingsText(findings: readonly LocatedFinding[]): string {
  const counts = SEVERITIES.map((one) => messages().findings.count(one, findings.filter(({ severity }) => severity === one).length));
  return [...groupsOf(findings).map(groupText), counts.join(', ')].join('\n');
}

/** Whether any finding has at least this severity. */
export function hasSeverity(findings: readonly LocatedFinding[], minimum: Severity): boolean {
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(minimum));
}
