import { maskText, RESULT_ORDER } from '../contracts/index.js';
import type { StepRecord } from './case-context.js';
import { answerTo, type JournalRequest } from './control.js';
import { type StepFailure, withoutHead } from './expectations.js';
import { maskFields } from './masking.js';
import type { LoadedScenario } from './parse.js';
import type { CaseRecord } from './run-case.js';
import type { CaseResult } from './runner.js';
import type { AuthenticateStep, BrowseStep, Step } from './scenario.js';
import { printable } from './terminal.js';

const MAX_FIELD_LENGTH = 60;

function fieldsLine(fields: ReadonlyMap<string, string>): string {
  const shown = maskFields(fields).map(([name, value]) => `${name}=${value}`);
  return shown.map((pair) => printable(pair.length > MAX_FIELD_LENGTH ? `${pair.slice(0, MAX_FIELD_LENGTH)}…` : pair)).join(' ');
}

const asName = ({ as }: { readonly as?: string }): string => (as === undefined ? '' : ` as ${as}`);

function customerTitle(step: AuthenticateStep | BrowseStep): string {
  const title = 'browse' in step ? `browse ${step.browse}` : `authenticate${asName(step)}`;
  return step.do === undefined ? title : `${title}, ${step.do} at the bank`;
}

function titleOf(step: Step, path: StepRecord['path']): string {
  if (path[0] === 'given') return 'given';
  if ('send' in step) return `send ${step.send}${asName(step)}`;
  if ('raw' in step) return `raw ${step.method ?? 'POST'}${asName(step)}`;
  if ('run' in step) return `run ${step.run}`;
  if ('call' in step) return `call ${step.call}`;
  if ('browse' in step || 'authenticate' in step) return customerTitle(step);
  if ('together' in step) return 'together';
  if ('rule' in step) return `rule ${JSON.stringify(step.rule)}`;
  if ('advance' in step) return `advance ${step.advance}`;
  return 'remit' in step ? 'remit' : 'expect';
}

function failureLines(scenario: LoadedScenario, { path, expected, received }: StepFailure): string[] {
  const { line, column } = scenario.positionOf(path);
  return [
    `      ✗ expected ${printable(maskText(expected))}`,
    `        received ${printable(maskText(received))}`,
    `        at ${scenario.file}:${line}:${column}`,
  ];
}

/** The last lines of an output that are shown. */
const SHOWN_LINES = 20;

function outputLines(title: string, text: string): string[] {
  const lines = maskText(text.trim()).split('\n').slice(-SHOWN_LINES);
  return [`      ← ${title}`, ...lines.filter((line) => line !== '').map((line) => `        ${printable(line)}`)];
}

/** The variables that are shown of a request, of a form for RemoteMPI and of what a customer does at the bank. */
const SHOWN_VARIABLES = ['MONTANT', 'Amount', 'REFERENCE', 'IdSession', 'NUMTRANS', 'action'];

function requestLine(request: JournalRequest): string {
  const { operation, TYPE } = request;
  const sent = new Map(request.request);
  const address = sent.get('(address)');
  const details = SHOWN_VARIABLES.flatMap((name) => (sent.has(name) ? [`${name}=${sent.get(name)}`] : []));
  const parts = [operation || TYPE || 'no operation', ...(address === undefined ? [] : [address]), ...details];
  return `        ${printable(parts.join(' '))} → ${printable(answerTo(request))}`;
}

function receivedLines(requests: readonly JournalRequest[]): string[] {
  return ['      the gateway received', ...(requests.length > 0 ? requests.map(requestLine) : ['        nothing'])];
}

/** Values of an authentication that are shown beside its result. */
const SHOWN_VALUES = ['page', 'server', 'browser', 'first', 'check'];

function authenticationLines({ shop, fields }: NonNullable<StepRecord['authentication']>): string[] {
  const values = SHOWN_VALUES.flatMap((name) => (fields.has(name) ? [`${name}=${fields.get(name)}`] : []));
  const result = RESULT_ORDER.flatMap((name) => (fields.has(name) ? [[name, fields.get(name) ?? ''] as const] : []));
  return [`      → ${fieldsLine(new Map(Object.entries(shop.sent)))}`, `      ← ${values.join(' ')} ${fieldsLine(new Map(result))}`];
}

/** Returns `1` for the first step, and `1.2` for the second of its steps in `together`. */
function numberOf(path: StepRecord['path']): string {
  return path[0] === 'given' ? '' : path.flatMap((part) => (typeof part === 'number' ? [part + 1] : [])).join('.');
}

function stepLines(scenario: LoadedScenario, record: StepRecord): string[] {
  const { step, path, exchange, program, http, authentication, received, parts, failures } = record;
  const lines = [`  ${numberOf(path)}  ${maskText(titleOf(step, path))}`];
  if (exchange) {
    lines.push(`      → ${fieldsLine(exchange.sent)}`);
    lines.push(`      ← ${exchange.wire.status} ${fieldsLine(exchange.reply)}`);
  }
  if (program) lines.push(...outputLines(`status ${program.status}`, `${program.stdout}${program.stderr}`));
  if (http) lines.push(...outputLines(`HTTP ${http.status}`, withoutHead(http.body)));
  if (authentication) lines.push(...authenticationLines(authentication));
  if (received) lines.push(...receivedLines(received));
  const inner = (parts ?? []).flatMap((part) => stepLines(scenario, part).map((line) => `  ${line}`));
  const ownFailures = parts?.some((part) => part.failures.length > 0) ? [] : failures;
  return [...lines, ...inner, ...ownFailures.flatMap((failure) => failureLines(scenario, failure))];
}

/** Returns the steps of a case as text, masked, with each unmet expectation and its position in the file. */
export function timeline(scenario: LoadedScenario, record: CaseRecord): string {
  return record.steps.flatMap((step) => stepLines(scenario, step)).join('\n');
}

/** Returns the first unmet expectation of a failed case and its position, or undefined if the case did not fail. */
export function firstFailure(result: CaseResult): { message: string; file: string; line: number; column: number } | undefined {
  if (result.outcome !== 'failed') return undefined;
  const { scenario } = result.case;
  const failure = result.record.steps.flatMap(({ failures }) => failures)[0];
  if (!failure) return undefined;
  return {
    message: printable(maskText(`expected ${failure.expected}, received ${failure.received}`)),
    file: scenario.file,
    ...scenario.positionOf(failure.path),
  };
}
