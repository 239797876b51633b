import type { OnExchange, Severity } from '../../simulator/index.js';
import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { childEnvironment } from '../exec/child-environment.js';
import { collectRequests, missedRequestsHint } from '../exec/missed-requests.js';
import { type ChildEnd, runChild } from '../exec/run-child.js';
import { type Found, findingsText, foundAt, hasGrave } from '../findings-report.js';
import { stagedMessage } from '../staged-message.js';
import { readStartOptions, type StartOptions } from '../start-options.js';
import { type Started, startSimulator } from '../start-simulator.js';

/** Options of `paybox-sim exec`. */
export interface ExecOptions extends Pick<StartOptions, 'config' | 'db' | 'clock' | 'scenario'> {
  readonly failOn?: Severity;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** A run as it ended. */
interface Outcome extends ChildEnd {
  /** How many questions came. */
  readonly requests: number;
  readonly found: readonly Found[];
  /** What the user is to know of why no question came. */
  readonly unreached: string | undefined;
}

// The program's output stays its own.
const print = (text: string): void => void process.stderr.write(`${text}\n`);

async function runIn({ simulator, url }: Started, [program = '', ...args]: readonly string[]): Promise<ChildEnd> {
  const authority = simulator.certificateAuthority;
  if (!authority) throw new Error('A simulator that speaks HTTPS has an authority.');
  const { env, remove } = childEnvironment(url, authority, process.env);
  try {
    return await runChild(program, args, env);
  } finally {
    remove();
  }
}

/** What is wrong though the program ended well. */
function complaint({ status, requests, found }: Outcome, failOn: Severity | undefined): 'grave' | 'nothing' | undefined {
  if (status !== 0 || failOn === undefined) return undefined;
  if (requests === 0) return 'nothing';
  return hasGrave(found, failOn) ? 'grave' : undefined;
}

function hintOf(outcome: Outcome, failOn: Severity | undefined): string | undefined {
  const { failure, unreached, requests } = outcome;
  if (failure !== undefined || requests > 0) return failure;
  const nothing = `No question came to the gateway that --fail-on ${failOn} could judge: the status is 1.`;
  return [unreached, complaint(outcome, failOn) === 'nothing' ? nothing : undefined].filter(Boolean).join('\n') || undefined;
}

/**
 * Runs a program whose calls to the gateway's hosts come to a simulator of its own, and ends with the program's exit status.
 * Status 1 where the program ended well and there is a finding as grave as `--fail-on` says, or no question that it could judge.
 *
 * @throws UserError when configuration or scenario cannot be what they say
 */
export async function exec(command: readonly string[], { failOn, quiet = false, json = false, ...options }: ExecOptions): Promise<void> {
  const line = json ? exchangeJson : exchangeLine;
  let requests = 0;
  let isTold = false;
  let isPrinted = false;
  const say = (text: string): void => {
    isPrinted = true;
    print(text);
  };
  const onRefused = (why: string): void => {
    isTold = true;
    say(json ? JSON.stringify({ event: 'refused', why }) : why);
  };
  const here = { port: 0, host: '127.0.0.1', https: true, proxy: true } as const;
  const onExchange: OnExchange = (...exchange) => {
    requests++;
    if (!quiet) say(line(...exchange));
  };
  const started = await startSimulator(await readStartOptions({ ...options, ...here }), onExchange, onRefused);
  const { simulator, url, staged } = started;
  const visited = collectRequests();
  try {
    const notice = simulator.certificateAuthority?.notice;
    if (notice !== undefined) say(notice);
    if (staged) say(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    const end = await runIn(started, command);
    const found = await foundAt(url);
    const unreached =
      requests > 0 ? undefined : missedRequestsHint({ visits: visited.visits, isInterrupted: end.isInterrupted === true, isTold });
    const outcome: Outcome = { ...end, requests, found, unreached };
    process.exitCode = complaint(outcome, failOn) === undefined ? end.status : 1;
    const hint = hintOf(outcome, failOn);
    if (json) print(JSON.stringify({ event: 'ended', status: end.status, requests, findings: found, ...(hint !== undefined && { hint }) }));
    else if (hint !== undefined) print(hint);
    else if (requests > 0) print(`${isPrinted ? '\n' : ''}${findingsText(found)}`);
  } finally {
    visited.end();
    await simulator.close();
  }
}
