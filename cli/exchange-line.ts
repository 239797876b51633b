import pc from 'picocolors';
import { formatAmount, SUCCESS } from '../contracts/index.js';
import { printable } from '../scenarios/terminal.js';
import { parisTime } from '../simulator/engine/calendar.js';
import type { Finding, NewJournalEntry } from '../simulator/index.js';
import { isLost, type Received, receivedOf } from '../simulator/journal/received.js';
import { readStep, type Step } from '../simulator/journal/step.js';
import { findingText, SEVERITY_COLOURS } from './findings-report.js';
import { messages } from './messages/index.js';
import { stepAnswer, stepParts } from './step-line.js';

/** Rules of severity `info` that are shown, because they explain why a reply is not the ordinary one. */
const SHOWN_INFO_RULES: ReadonlySet<string> = new Set(['outcome-forced', 'fault-staged', 'card-refused', 'state-refused']);

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text);

function findingLine(finding: Finding): string {
  const { severity } = finding;
  const { severities } = messages().findings;
  const width = Math.max(...Object.values(severities).map(({ length }) => length));
  const { message, remedy } = findingText(finding);
  return `         ${SEVERITY_COLOURS[severity](severities[severity].padEnd(width))} ${printable(message)} ${pc.dim(printable(remedy))}`;
}

/** The colour of what the client received; undefined: it received the whole reply. */
const receivedColour = (received: Received | undefined) => received && (isLost(received) ? pc.red : pc.yellow);

/** What was answered, in the colour of what the client received, and what that was if it was not the whole reply. */
function answerText(entry: NewJournalEntry, step: Step | undefined): string {
  const { exchange } = messages();
  const { CODEREPONSE, COMMENTAIRE = '', HTTP = exchange.noReply } = entry.reply;
  const received = receivedOf(entry.findings);
  const given = receivedColour(received);
  const note = received && given ? ` ${given(`(${exchange.received[received]})`)}` : '';
  const colour = given ?? (CODEREPONSE === SUCCESS ? pc.green : pc.red);
  const text = step ? stepAnswer(step, given) : `${colour(CODEREPONSE ?? HTTP)} ${printable(COMMENTAIRE)}`;
  return `${pc.dim('→')} ${text}${note}`;
}

/** What a question is, and what was sent. */
function questionParts({ TYPE, operation, REFERENCE, request }: NewJournalEntry): readonly string[] {
  const sent = new Map(request);
  const amount = sent.get('MONTANT') ?? '';
  return [
    `${TYPE || '?????'} ${operation || messages().exchange.noOperation}`,
    printable(REFERENCE),
    isNumber(amount) ? formatAmount(Number(amount), printable(sent.get('DEVISE') ?? '')) : '',
    printable(sent.get('PORTEUR') ?? ''),
  ];
}

/**
 * Formats an exchange for a terminal: one line, followed by a line for each finding that is shown.
 *
 * @param gateway `main` or the name of a session
 * @param failure message of the error, if the gateway failed to process the question
 * @param usedUp ids of the rules that were used up by this exchange
 */
export function exchangeLine(entry: NewJournalEntry, gateway: string, failure: string | undefined, usedUp: readonly string[] = []): string {
  const step = readStep(entry);
  const parts = [
    pc.dim(parisTime(entry.at).slice(11, 19)),
    gateway === 'main' ? '' : pc.dim(`/s/${gateway}`),
    ...(step ? stepParts(entry, step) : questionParts(entry)),
    answerText(entry, step),
  ];
  const findings = entry.findings.filter(({ severity, rule }) => severity !== 'info' || SHOWN_INFO_RULES.has(rule));
  const line = parts.filter((part) => part !== '').join('  ');
  const more = [
    ...findings.map(findingLine),
    ...usedUp.map((rule) => pc.cyan(`         ${messages().exchange.usedUp(rule)}`)),
    ...(failure === undefined ? [] : [pc.red(`         ${printable(failure)}`)]),
  ];
  return [line, ...more].join('\n');
}

/** Formats an exchange as one line of JSON. */
export function exchangeJson(entry: NewJournalEntry, gateway: string, failure: string | undefined, usedUp: readonly string[] = []): string {
  const clientReceived = receivedOf(entry.findings);
  const more = {
    at: parisTime(entry.at),
    ...(clientReceived !== undefined && { clientReceived }),
    ...(usedUp.length > 0 && { usedUp }),
    ...(failure !== undefined && { failure }),
  };
  return JSON.stringify({ event: 'exchange', gateway, ...entry, ...more });
}
