import { readBody } from '../contracts/index.js';
import type { StepResult } from './case-context.js';
import { DEFAULT_SECONDS } from './program.js';
import type { CallStep } from './scenario.js';

/** An application did not respond in time. */
export class ApplicationError extends Error {
  override readonly name = 'ApplicationError';
}

/** Longest response that is read: 16 MiB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Sends an HTTP request to an application.
 *
 * @throws ApplicationError when the application does not respond in time, or with too much
 */
export async function callApplication({
  call,
  method,
  headers = {},
  json,
  body,
  within = DEFAULT_SECONDS,
}: CallStep): Promise<NonNullable<StepResult['http']>> {
  const sent = json === undefined ? body : JSON.stringify(json);
  const typed = json === undefined ? headers : { 'Content-Type': 'application/json', ...headers };
  try {
    const response = await fetch(call, {
      method: method ?? (sent === undefined ? 'GET' : 'POST'),
      headers: typed,
      signal: AbortSignal.timeout(within * 1000),
      ...(sent !== undefined && { body: sent }),
    });
    return { status: response.status, body: new TextDecoder().decode(await readBody(response, MAX_BODY_BYTES)) };
  } catch (cause) {
    const reason = (cause as { cause?: Error }).cause?.message ?? (cause as Error).message;
    throw new ApplicationError(`${call} did not answer: ${reason}`, { cause });
  }
}
