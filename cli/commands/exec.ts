import type { OnExchange, Severity } from '../../simulator/index.js';
import type { CommandIo } from '../command-io.js';
import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { childEnvironment } from '../exec/child-environment.js';
import { collectRequests, missedRequestsHint } from '../exec/missed-requests.js';
import { type ChildEnd, runChild } from '../exec/run-child.js';
import { fetchFindings, findingsText, hasSeverity, type LocatedFinding } from '../findings-report.js';
import { messages, translated } from '../messages/index.js';
import { stagedMessage } from '../start-message.js';
import { readStartOptions, type StartOptions } from '../start-options.js';
import { type StartedSimulator, startSimulator } from '../start-simulator.js';

/** Options of `paybox-sim exec`. */
export interface ExecOptions extends Pick<StartOptions, 'config' | 'db' | 'clock' | 'scenario' | 'signingKey'> {
  readonly failOn?: Severity;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** The end of a program, and what the gateway received from it. */
interface ExecResult extends ChildEnd {
  /** Number of questions that the gateway received. */
  readonly requests: number;
  readonly findings: readonly LocatedFinding[];
  /** Why no question was received, if none was and the reason was not printed before. */
  readonly missedHint: string | undefined;
}

function runRouted({ simulator, url }: StartedSimulator, [program = '', ...args]: readonly string[]): Promise<ChildEnd> {
  const authority = simulator.certificateAuthority;
  if (!authority) throw new Error('The simulator listens for HTTPS but has no certificate authority.');
  return runChild(program, args, () => childEnvironment(url, authority, process.env));
}

/** Whether `--fail-on` checked nothing, because no question was received from a program that ended successfully. */
const hasNoQuestion = ({ status, requests }: ExecResult, failOn: Severity | undefined): boolean =>
  status === 0 && failOn !== undefined && requests === 0;

function exitStatus(result: ExecResult, failOn: Severity | undefined): number {
  if (result.status !== 0 || failOn === undefined) return result.status;
  return hasNoQuestion(result, failOn) || hasSeverity(result.findings, failOn) ? 1 : 0;
}

function hintFor(result: ExecResult, failOn: Severity | undefined): string | undefined {
  const { failure, missedHint, requests } = result;
  if (failure !== undefined || requests > 0) return failure;
  return [missedHint, hasNoQuestion(result, failOn) ? messages().exec.nothingChecked : undefined].filter(Boolean).join('\n') || undefined;
}

/**
 * Runs a program whose requests to the gateway's hosts are routed to a simulator, and exits with the program's status.
 * With `--fail-on` the status is 1 if the program succeeded, but a finding has this severity or the gateway received no question.
 *
 * @throws UserError when the configuration or the scenario is not valid, or cannot be set up
 */
export async function exec(
  command: readonly string[],
  { failOn, quiet = false, json = false, ...options }: ExecOptions,
  io: CommandIo,
): Promise<void> {
  // Standard output belongs to the program.
  const print = (text: string): void => void io.stderr.write(`${text}\n`);
  const line = json ? exchangeJson : exchangeLine;
  let requests = 0;
  let isWarningPrinted = false;
  let isAnythingPrinted = false;
  const printEvent = (text: string): void => {
    isAnythingPrinted = true;
    print(text);
  };
  const onWarning = (message: string): void => {
    isWarningPrinted = true;
    printEvent(json ? JSON.stringify({ event: 'refused', why: message }) : translated('simulator', message));
  };
  const onExchange: OnExchange = (...exchange) => {
    const [{ operation, reply }] = exchange;
    // A request that met no route is not a question. The hint or the findings name it.
    if (operation === '' && reply.HTTP !== undefined) return;
    // The gateway made the call of a result itself.
    if (operation !== 'result') requests++;
    if (!quiet) printEvent(line(...exchange));
  };
  const address = { port: 0, host: '127.0.0.1', https: true, proxy: true } as const;
  const started = await startSimulator(await readStartOptions({ ...options, ...address }), onExchange, onWarning);
  const { simulator, url, staged } = started;
  const collected = collectRequests();
  try {
    const notice = simulator.certificateAuthority?.notice;
    if (notice !== undefined) printEvent(translated('simulator', notice));
    if (staged) printEvent(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    const end = await runRouted(started, command);
    const { findings } = await fetchFindings(url);
    const missedHint =
      requests > 0
        ? undefined
        : missedRequestsHint({ requests: collected.requests, isInterrupted: end.isInterrupted === true, isWarningPrinted });
    const result: ExecResult = { ...end, requests, findings, missedHint };
    io.exitCode = exitStatus(result, failOn);
    const hint = hintFor(result, failOn);
    if (json) print(JSON.stringify({ event: 'ended', status: end.status, requests, findings, ...(hint !== undefined && { hint }) }));
    else if (hint !== undefined) print(hint);
    else if (requests > 0) print(`${isAnythingPrinted ? '\n' : ''}${findingsText(findings)}`);
  } finally {
    collected.stop();
    await simulator.close();
  }
}
