import { maskText } from '../../contracts/index.js';
import type { Problem } from '../../contracts/validate.js';
import { RuleError } from '../gateway/configuration/check-rule.js';
import { ruleMessage } from '../gateway/configuration/rule-message.js';
import { ImportError } from '../gateway/import-payment.js';
import { SnapshotError } from '../gateway/snapshot-error.js';
import { StoreError } from '../store/store.js';
import { ListenError } from '../transport/node/open-port.js';
import type { ControlRefusal } from './access.js';

/** A request to the control API that is not valid (400) or names something that does not exist (404). */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: 400 | 404;
  /** Where the body does not match its schema; empty for other errors. */
  readonly problems: readonly Problem[];

  constructor(status: 400 | 404, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

const USER_ERRORS = [ImportError, ListenError, RuleError, RangeError] as const;

function withProblems({ message }: Error, problems: readonly Problem[], status: 400 | 404): Response {
  const listed = problems.map(({ path, message: what }) => ({ where: maskText(path.join('/')) || '(body)', what: maskText(what) }));
  return Response.json({ error: maskText(message), ...(listed.length > 0 && { problems: listed }) }, { status });
}

/** Returns the response that reports an error of a route: 400 or 404 for a wrong request, 503 if the store failed, 500 for a defect. */
export function errorResponse(error: unknown): Response {
  if (error instanceof ControlError) return withProblems(error, error.problems, error.status);
  if (error instanceof SnapshotError) return withProblems(error, error.problem ? [error.problem] : [], 400);
  const text = error instanceof RuleError ? ruleMessage(error) : String(error instanceof Error ? error.message : error);
  const message = maskText(text);
  if (USER_ERRORS.some((known) => error instanceof known)) return Response.json({ error: message }, { status: 400 });
  if (error instanceof StoreError) return Response.json({ error: message }, { status: 503 });
  return Response.json({ error: `The simulator failed: ${message}. Please report it with the request that caused it.` }, { status: 500 });
}

/** Returns the message of the control API for a request that the guard refused. */
export function refusalMessage(refusal: ControlRefusal): string {
  switch (refusal.reason) {
    case 'cross-site':
      return 'The control API does not accept requests from web pages of another site.';
    case 'remote-address':
      return `The control API accepts requests from this machine only, not from ${refusal.address}. Start with --control any to open it.`;
    case 'foreign-host':
      return 'The control API accepts requests to localhost and 127.0.0.1 only. Start with --control-host NAME to open it under another name.';
    case 'unlisted-host':
      return `The control API accepts requests to IP addresses and the names of this machine, not to ${refusal.host}. Start with --control-host ${refusal.host} to open it under this name.`;
  }
}
