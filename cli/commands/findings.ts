import type { Severity } from '../../simulator/index.js';
import { findingsText, foundAt, hasGrave } from '../findings-report.js';
import { UserError } from '../user-error.js';

/** Options of `paybox-sim findings`. */
export interface FindingsOptions {
  readonly url: string;
  readonly failOn?: Severity;
  readonly json?: boolean;
}

/**
 * Prints the findings of a running simulator, of all its gateways. Exit status 1 when one is as grave as `--fail-on` says.
 *
 * @throws UserError when no simulator answers
 */
export async function findings({ url, failOn, json = false }: FindingsOptions): Promise<void> {
  if (!URL.canParse(url)) throw new UserError(`${url} is no URL: write http://127.0.0.1:8888.`);
  // The gateway's own URL will do too.
  const found = await foundAt(new URL(url).origin);
  process.stdout.write(`${json ? JSON.stringify(found, null, 2) : findingsText(found)}\n`);
  if (failOn !== undefined && hasGrave(found, failOn)) process.exitCode = 1;
}
