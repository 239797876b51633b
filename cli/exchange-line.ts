import pc from 'picocolors';
import { formatAmount, SUCCESS } from '../contracts/index.js';
import { parisTime } from '../simulator/engine/calendar.js';
import type { Finding, NewJournalEntry, Severity } from '../simulator/index.js';

const COLOUR: Record<Severity, (text: string) => string> = { info: pc.cyan, warning: pc.yellow, error: pc.red };

/** What is worth a line though it is only information: why the answer is not the ordinary one. */
const SHOWN: ReadonlySet<string> = new Set(['outcome-forced', 'fault-staged', 'card-refused', 'state-refused']);

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text);

// References come from the caller: whatever a terminal would act on is taken out.
const printable = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '·');

function findingLine({ severity, message, remedy }: Finding): string {
  return `         ${COLOUR[severity](severity.padEnd(7))} ${printable(message)} ${pc.dim(printable(remedy))}`;
}

/** An exchange as a line for a terminal, with a line for each finding that is more than information. */
export function exchangeLine(entry: NewJournalEntry, gateway: string, failure: string | undefined): string {
  const sent = new Map(entry.request);
  const amount = sent.get('MONTANT') ?? '';
  const { CODEREPONSE, COMMENTAIRE = '' } = entry.reply;
  const code = CODEREPONSE === SUCCESS ? pc.green(SUCCESS) : pc.red(CODEREPONSE ?? '');
  const parts = [
    pc.dim(parisTime(entry.at).slice(11, 19)),
    gateway === 'main' ? '' : pc.dim(`/s/${gateway}`),
    `${entry.TYPE || '?????'} ${entry.operation || 'no operation'}`,
    printable(entry.REFERENCE),
    isNumber(amount) ? formatAmount(Number(amount), printable(sent.get('DEVISE') ?? '')) : '',
    printable(sent.get('PORTEUR') ?? ''),
    `${pc.dim('→')} ${code} ${printable(COMMENTAIRE)}`,
  ];
  const findings = entry.findings.filter(({ severity, rule }) => severity !== 'info' || SHOWN.has(rule));
  const line = parts.filter((part) => part !== '').join('  ');
  return [line, ...findings.map(findingLine), ...(failure === undefined ? [] : [pc.red(`         ${printable(failure)}`)])].join('\n');
}

/** An exchange as one line of JSON. */
export function exchangeJson(entry: NewJournalEntry, gateway: string, failure: string | undefined): string {
  return JSON.stringify({ event: 'exchange', gateway, ...entry, at: parisTime(entry.at), ...(failure !== undefined && { failure }) });
}
