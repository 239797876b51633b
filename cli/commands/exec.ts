import type { Severity } from '../../simulator/index.js';
import { exchangeJson, exchangeLine } from '../exchange-line.js';
import { childEnvironment } from '../exec/child-environment.js';
import { type ChildEnd, runChild } from '../exec/run-child.js';
import { findingsText, foundAt, hasGrave } from '../found-findings.js';
import { readPlan, type StartOptions } from '../plan.js';
import { stagedMessage } from '../staged-message.js';
import { type Started, startSimulator } from '../start-simulator.js';

/** Options of `paybox-sim exec`. */
export interface ExecOptions extends Pick<StartOptions, 'config' | 'db' | 'clock' | 'scenario'> {
  readonly failOn?: Severity;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

const UNREACHED = [
  "The program put no question to the gateway. Did it get to its call? Does it call one of the gateway's own hosts?",
  'Does it pass over HTTPS_PROXY, or bring its own list of certificate authorities (paybox-sim ca trust)?',
].join(' ');

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

/**
 * Runs a program whose calls to the gateway's hosts come to a simulator of its own, and ends with the program's exit status.
 * Status 1 where the program ended well and there is a finding as grave as `--fail-on` says.
 *
 * @throws UserError when configuration or scenario cannot be what they say
 */
export async function exec(command: readonly string[], { failOn, quiet = false, json = false, ...options }: ExecOptions): Promise<void> {
  const line = json ? exchangeJson : exchangeLine;
  let requests = 0;
  const here = { port: 0, host: '127.0.0.1', https: true, proxy: true } as const;
  const started = await startSimulator(await readPlan({ ...options, ...here }), (...exchange) => {
    requests++;
    if (!quiet) print(line(...exchange));
  });
  const { simulator, url, staged } = started;
  try {
    const notice = simulator.certificateAuthority?.notice;
    if (notice !== undefined) print(notice);
    if (staged) print(json ? JSON.stringify({ event: 'staged', ...staged }) : stagedMessage(staged));
    const { status, failure } = await runIn(started, command);
    const found = await foundAt(url);
    process.exitCode = status === 0 && failOn !== undefined && hasGrave(found, failOn) ? 1 : status;
    const hint = failure ?? (requests === 0 ? UNREACHED : undefined);
    if (json) print(JSON.stringify({ event: 'ended', status, requests, findings: found, ...(hint !== undefined && { hint }) }));
    else print(hint ?? `\n${findingsText(found)}`);
  } finally {
    await simulator.close();
  }
}
