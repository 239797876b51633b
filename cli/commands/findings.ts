import type { Severity } from '../../simulator/index.js';
import type { CommandIo } from '../command-io.js';
import { fetchFindings, findingsText, hasSeverity } from '../findings-report.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim findings`. */
export interface FindingsOptions {
  readonly url: string;
  readonly failOn?: Severity;
  readonly json?: boolean;
}

/**
 * Prints the findings of all gateways of a running simulator, or of one session. Exit status 1 if one has at least the severity of `--fail-on`.
 *
 * @throws UserError when no simulator answers
 */
export async function findings({ url, failOn, json = false }: FindingsOptions, io: CommandIo): Promise<void> {
  if (!URL.canParse(url)) throw new UserError(`${url} is not a valid URL. Example: http://127.0.0.1:8888`);
  const found = await fetchFindings(url);
  io.stdout.write(`${json ? JSON.stringify(found, null, 2) : findingsText(found)}\n`);
  if (failOn !== undefined && hasSeverity(found, failOn)) io.exitCode = 1;
}
