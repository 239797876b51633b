import pc from 'picocolors';
import type { Finding, Severity } from '../simulator/index.js';
import { UserError } from './user-error.js';

interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly TYPE: string;
  readonly operation: string;
  readonly REFERENCE: string;
  readonly CODEREPONSE: string;
  readonly findings: readonly Finding[];
}

/** A finding with the request it was made of. */
export interface Found extends Finding {
  readonly gateway: string;
  readonly request: Omit<Entry, 'findings'>;
}

/** Severities from the least to the gravest. */
const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];
const PAGE = 1000;

async function get(url: string): Promise<unknown> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw new UserError(`No simulator answers at ${new URL(url).origin}. Is it running, and is --url right?`, { cause });
  });
  const body = (await response.json()) as { error?: string };
  if (!response.ok) throw new UserError(`${url} answered ${response.status}: ${body.error ?? ''}`);
  return body;
}

async function entriesOf(base: string): Promise<Entry[]> {
  const all: Entry[] = [];
  let before = '';
  for (;;) {
    const { entries } = (await get(`${base}/_sim/journal?limit=${PAGE}${before}`)) as { entries: Entry[] };
    all.push(...entries);
    const last = entries.at(-1);
    if (entries.length < PAGE || !last) return all.reverse();
    before = `&before=${last.seq}`;
  }
}

/**
 * The findings of a running simulator, of all its gateways.
 *
 * @param url its base URL
 * @throws UserError when no simulator answers
 */
export async function foundAt(url: string): Promise<Found[]> {
  const { sessions } = (await get(`${url}/_sim/sessions`)) as { sessions: string[] };
  const gateways = [['main', url] as const, ...sessions.map((name) => [name, `${url}/s/${name}`] as const)];
  const found: Found[] = [];
  for (const [gateway, base] of gateways) {
    for (const { findings, ...request } of await entriesOf(base))
      found.push(...findings.map((finding) => ({ gateway, request, ...finding })));
  }
  return found;
}

const COLOUR: Record<Severity, (text: string) => string> = { info: pc.cyan, warning: pc.yellow, error: pc.red };

function line({ gateway, request, severity, rule, message, remedy }: Found): string {
  const place = `${gateway === 'main' ? '' : `/s/${gateway} `}request ${request.seq}, ${request.TYPE || '?????'} ${request.operation} ${request.REFERENCE} → ${request.CODEREPONSE}`;
  return `${COLOUR[severity](severity)} ${rule}: ${message}\n  ${place}\n  ${remedy}`;
}

/** Findings as text, with their number by severity. */
export function findingsText(found: readonly Found[]): string {
  const summary = SEVERITIES.map((one) => `${found.filter(({ severity }) => severity === one).length} ${one}`).join(', ');
  return [...found.map(line), summary].join('\n');
}

/** Whether there is a finding of this severity or a graver one. */
export function hasGrave(found: readonly Found[], from: Severity): boolean {
  const grave = SEVERITIES.slice(SEVERITIES.indexOf(from));
  return found.some(({ severity }) => grave.includes(severity));
}
