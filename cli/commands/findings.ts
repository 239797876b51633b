import type { Severity } from '../../simulator/index.js';
import type { CommandIo } from '../command-io.js';
import { fetchFindings, findingsText, hasSeverity } from '../findings-report.js';
import { messages } from '../messages/index.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim findings`. */
export interface FindingsOptions {
  readonly url: string;
  readonly failOn?: Severity;
  readonly json?: boolean;
  /** Whether `--fail-on` passes when no request was received. */
  readonly allowNone?: boolean;
}

/**
 * Prints the findings of all gateways of a running simulator, or of one session. Exit status 1 if one has at least the severity of `--fail-on`.
 *
 * @throws UserError when no simulator answers, or with `--fail-on` when no request was received
 */
export async function findings({ url, failOn, json = false, allowNone = false }: FindingsOptions, io: CommandIo): Promise<void> {
  if (!URL.canParse(url)) throw new UserError(messages().notUrl(url, 'http://127.0.0.1:8888'));
  const { requests, findings: found } = await fetchFindings(url);
  io.stdout.write(`${json ? JSON.stringify(found, null, 2) : findingsText(found)}\n`);
  if (failOn === undefined) return;
  if (requests === 0 && !allowNone) throw new UserError(messages().findings.nothingChecked(url));
  if (hasSeverity(found, failOn)) io.exitCode = 1;
}
