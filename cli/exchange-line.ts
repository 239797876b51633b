import pc from 'picocolors';
import { formatAmount, SUCCESS } from '../contracts/index.js';
import { printable } from '../scenarios/terminal.js';
import { parisTime } from '../simulator/engine/calendar.js';
import type { Finding, NewJournalEntry } from '../simulator/index.js';
import { SEVERITY_COLOURS } from './findings-report.js';

/** Rules of severity `info` that are shown, because they explain why a reply is not the ordinary one. */
const SHOWN_INFO_RULES: ReadonlySet<string> = new Set(['outcome-forced', 'fault-staged', 'card-refused', 'state-refused']);

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text);

function findingLine({ severity, message, remedy }: Finding): string {
  return `         ${SEVERITY_COLOURS[severity](severity.padEnd(7))} ${printable(message)} ${pc.dim(printable(remedy))}`;
}

/**
 * Formats an exchange for a terminal: one line, followed by a line for each finding that is shown.
 *
 * @param gateway `main` or the name of a session
 * @param failure message of the error, if the gateway failed to process the question
 */
export function exchangeLine(entry: NewJournalEntry, gateway: string, failure: string | undefined): string {
  const sent = new Map(entry.request);
  const amount = sent.get('MONTANT') ?? '';
  const { CODEREPONSE, COMMENTAIRE = '', HTTP = 'no reply' } = entry.reply;
  const code = CODEREPONSE === SUCCESS ? pc.green(SUCCESS) : pc.red(CODEREPONSE ?? HTTP);
  const parts = [
    pc.dim(parisTime(entry.at).slice(11, 19)),
    gateway === 'main' ? '' : pc.dim(`/s/${gateway}`),
    `${entry.TYPE || '?????'} ${entry.operation || 'no operation'}`,
    printable(entry.REFERENCE),
    isNumber(amount) ? formatAmount(Number(amount), printable(sent.get('DEVISE') ?? '')) : '',
    printable(sent.get('PORTEUR') ?? ''),
    `${pc.dim('→')} ${code} ${printable(COMMENTAIRE)}`,
  ];
  const findings = entry.findings.filter(({ severity, rule }) => severity !== 'info' || SHOWN_INFO_RULES.has(rule));
  const line = parts.filter((part) => part !== '').join('  ');
  return [line, ...findings.map(findingLine), ...(failure === undefined ? [] : [pc.red(`         ${printable(failure)}`)])].join('\n');
}

/** Formats an exchange as one line of JSON. */
export function exchangeJson(entry: NewJournalEntry, gateway: string, failure: string | undefined): string {
  return JSON.stringify({ event: 'exchange', gateway, ...entry, at: parisTime(entry.at), ...(failure !== undefined && { failure }) });
}
