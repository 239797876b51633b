import type { Problem } from '../../contracts/validate.js';
import { RuleError } from '../gateway/configuration/check-rule.js';
import { ImportError } from '../gateway/import-payment.js';
import { SnapshotError } from '../gateway/snapshot.js';
import { StoreError } from '../store/store.js';
import { ListenError } from '../transport/node/open-port.js';

/** A request to the control API that cannot be carried out. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: 400 | 404;
  /** What is wrong where, for a body that does not fit its schema. */
  readonly problems: readonly Problem[];

  constructor(status: 400 | 404, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

const USER_ERRORS = [ImportError, ListenError, RuleError, SnapshotError, RangeError] as const;

/** How an error is answered. */
export function errorResponse(error: unknown): Response {
  if (error instanceof ControlError) {
    const problems = error.problems.map(({ path, message }) => ({ where: path.join('/') || '(body)', what: message }));
    return Response.json({ error: error.message, ...(problems.length > 0 && { problems }) }, { status: error.status });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (USER_ERRORS.some((known) => error instanceof known)) return Response.json({ error: message }, { status: 400 });
  if (error instanceof StoreError) return Response.json({ error: message }, { status: 503 });
  return Response.json({ error: `The simulator failed: ${message}. Please report it with the request that led here.` }, { status: 500 });
}
