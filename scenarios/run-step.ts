import { setTimeout as delay } from 'node:timers/promises';
import { isQuestion, operationOf } from '../contracts/index.js';
import { authenticate, BankError } from './browsing/authenticate.js';
import { browse } from './browsing/browse.js';
import { checkout } from './browsing/checkout.js';
import { BrowserError } from './browsing/customer-browser.js';
import { callsDelivered } from './browsing/delivered-calls.js';
import { ApplicationError, callApplication } from './call-application.js';
import type { CaseContext, StepRecord, StepResult } from './case-context.js';
import { checkExpectation, checksRequests } from './check-expectation.js';
import { ControlApiError } from './control.js';
import { defaultVariables, operationOfStep } from './default-variables.js';
import { NoReplyError, sendQuestion, sendRaw } from './exchange.js';
import type { Path, StepFailure } from './expectations.js';
import { ANSWER_IN_TIME, statementOf } from './explore/statement.js';
import { HeldReplies } from './held-replies.js';
import { InterpolationError, interpolateAll } from './interpolate.js';
import { keyScrubber } from './masking.js';
import { ProgramError, runProgram } from './program.js';
import type {
  ActionStep,
  AuthenticateStep,
  BrowseStep,
  CallStep,
  CheckoutStep,
  RawStep,
  RunStep,
  SendStep,
  Step,
  TogetherStep,
} from './scenario.js';
import { ACTION_KINDS } from './schema.js';

type StepOutcome = Omit<StepRecord, 'step' | 'path'>;

async function executeSend(step: SendStep, context: CaseContext): Promise<StepResult> {
  const { name, written, without } = interpolateAll(
    { name: step.send, written: step.with ?? {}, without: step.without ?? [] },
    context.names(),
  );
  const operation = operationOfStep({ send: name });
  const on = step.on === undefined ? undefined : context.earlierNamed(step.on);
  const defaults = operation ? defaultVariables(operation, on, context.unique) : {};
  const omitted = Object.fromEntries(without.map((variable) => [variable, undefined]));
  // A TYPE is sent as the step writes it, with or without leading zeros.
  const TYPE = operationOf(name) ? name : (operation?.TYPE ?? name);
  const exchange = await sendQuestion(context.endpoint, TYPE, { ...defaults, ...written, ...omitted }, step, context.now);
  return { exchange };
}

async function executeRaw(step: RawStep, context: CaseContext): Promise<StepResult> {
  const { body, message } = interpolateAll({ body: step.raw, message: step.message }, context.names());
  return { exchange: await sendRaw(context.endpoint, { ...step, raw: body, message }) };
}

/** How often the journal is read to see whether a program is to be killed. Milliseconds. The question has no reply yet, so nothing depends on it. */
const LOOK_EVERY = 10;

/** Resolves when the gateway has received a number of questions, or the signal fires. */
async function receives(count: number, since: number, context: CaseContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await context.requestsSince(since)).filter(isQuestion).length < count) await delay(LOOK_EVERY);
  if (signal.aborted) throw new Error('The program ended first.');
}

async function executeRun(step: RunStep, context: CaseContext): Promise<StepResult> {
  const interpolated = interpolateAll({ ...step, expect: {} }, context.names());
  const { kill } = step;
  if (kill === undefined) return { program: await runProgram(interpolated, context.endpoint) };
  const ended = new AbortController();
  const killed = receives(kill, await context.lastSeq(), context, ended.signal);
  try {
    return { program: await runProgram(interpolated, context.endpoint, killed) };
  } finally {
    ended.abort();
    await killed.catch(() => {});
  }
}

const executeCall = async (step: CallStep, context: CaseContext): Promise<StepResult> => ({
  http: await callApplication(interpolateAll({ ...step, expect: {} }, context.names())),
});

const executeBrowse = async (step: BrowseStep, context: CaseContext): Promise<StepResult> => ({
  http: await browse(interpolateAll({ ...step, expect: {} }, context.names()), context),
});

async function executeAuthenticate(step: AuthenticateStep, context: CaseContext): Promise<StepResult> {
  const shop = await authenticate(interpolateAll({ ...step, expect: {} }, context.names()), context);
  return { authentication: { shop, fields: await shop.fields() } };
}

async function executeCheckout(step: CheckoutStep, context: CaseContext): Promise<StepResult> {
  const since = context.arrivals.length;
  const shop = await checkout(interpolateAll({ ...step, expect: {} }, context.names()), context);
  return { checkout: { shop, fields: await shop.fields(), since } };
}

function executeAction(step: ActionStep, context: CaseContext): Promise<StepResult> {
  if ('send' in step) return executeSend(step, context);
  if ('raw' in step) return executeRaw(step, context);
  if ('authenticate' in step) return executeAuthenticate(step, context);
  if ('checkout' in step) return executeCheckout(step, context);
  if ('browse' in step) return executeBrowse(step, context);
  return 'run' in step ? executeRun(step, context) : executeCall(step, context);
}

function jsonFields(text: string): Record<string, string> {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, String(field)]));
  } catch {
    return {};
  }
}

/** Stores what later steps can refer to: the fields of a reply; of an output its `text`, its words and, if it is JSON, its fields. */
function remember(step: ActionStep, { exchange, program, http, authentication, checkout: paid }: StepResult, context: CaseContext): void {
  if (step.as === undefined) return;
  const visited = authentication ?? paid;
  if (visited) {
    context.rememberVisit(step.as, visited.shop, visited.fields);
    return;
  }
  if (exchange) {
    context.earlier.set(step.as, { sent: Object.fromEntries(exchange.sent), reply: Object.fromEntries(exchange.reply) });
    return;
  }
  const text = (program?.stdout ?? http?.body ?? '').trim();
  const words = Object.fromEntries(text.split(/\s+/).map((word, index) => [`word${index + 1}`, word]));
  context.earlier.set(step.as, {
    sent: {},
    reply: { text, ...words, ...(http?.url !== undefined && { url: http.url }), ...jsonFields(text) },
  });
}

/** Kinds of steps whose requests reach the gateway through an application. */
const OBSERVED = ['run', 'call', 'browse'] as const;

async function runAction(step: ActionStep, context: CaseContext, path: Path): Promise<StepOutcome> {
  const isObserved = context.endpoint.control !== undefined && OBSERVED.some((kind) => kind in step);
  const since = checksRequests(step.expect) || isObserved ? await context.lastSeq() : 0;
  const result = await executeAction(step, context);
  remember(step, result, context);
  const statement = statementOf({ step, ...result, failures: [] }, undefined, 'run' in step && step.kill !== undefined);
  if (statement) context.attempts.at(-1)?.statements.push(statement);
  const failures = step.expect ? await checkExpectation(step.expect, result, context, since, [...path, 'expect']) : [];
  // The requests of a failed program usually explain the failure.
  return failures.length > 0 && isObserved
    ? { ...result, failures, received: await context.requestsSince(since) }
    : { ...result, failures };
}

/** Resolves when a part of a `together` step may start: by its `after`. */
async function awaitStart(part: ActionStep, since: number, held: HeldReplies, context: CaseContext): Promise<void> {
  const after = 'after' in part ? (part.after ?? 0) : 0;
  while (after > 0 && !held.isLast && (await context.requestsSince(since)).filter(isQuestion).length < after) await delay(LOOK_EVERY);
}

async function runTogether(step: TogetherStep, context: CaseContext, path: Path): Promise<StepOutcome> {
  const isObserved = checksRequests(step.expect) || step.together.some((part) => 'after' in part);
  const since = isObserved ? await context.lastSeq() : 0;
  const held = new HeldReplies(context, step.together.length);
  const parts = await Promise.all(
    step.together.map(async (part, index) => {
      await awaitStart(part, since, held, context);
      return runStep(part, context, [...path, 'together', index]).finally(() => held.partEnded());
    }),
  );
  const failures = parts.flatMap((part) => part.failures);
  if (failures.length > 0 || !step.expect) return { parts, failures };
  return { parts, failures: await checkExpectation(step.expect, {}, context, since, [...path, 'expect']) };
}

const isAction = (step: Step): step is ActionStep => ACTION_KINDS.some((kind) => kind in step);

async function advance(by: string, context: CaseContext): Promise<void> {
  await context.clock('POST', '/clock/advance', { by: interpolateAll(by, context.names()) });
  // Late results of authentications may be due now.
  if (context.hasBrowsed) await callsDelivered(context.control());
}

async function runAnyStep(step: Step, context: CaseContext, path: Path): Promise<StepOutcome> {
  if ('together' in step) return runTogether(step, context, path);
  if (isAction(step)) return runAction(step, context, path);
  if ('expect' in step) return { failures: await checkExpectation(step.expect, {}, context, 0, [...path, 'expect']) };
  if ('rule' in step) await context.control().call('POST', '/rules', interpolateAll(step.rule, context.names()));
  else if ('advance' in step) await advance(step.advance, context);
  else await context.clock('POST', '/clock/remit');
  return { failures: [] };
}

/** What a step expects, by the error that shows it was not met. */
const EXPECTED_BY_ERROR: readonly (readonly [error: abstract new (...args: never[]) => Error, expected: string])[] = [
  [NoReplyError, 'a reply'],
  [ProgramError, ANSWER_IN_TIME],
  [ApplicationError, ANSWER_IN_TIME],
  [BrowserError, 'a page in time'],
  [BankError, 'the page of the bank'],
  [ControlApiError, 'the control API to accept this'],
  [InterpolationError, 'only names that exist'],
];

/**
 * Turns an error of a step into a failure of its scenario.
 *
 * @throws the error itself, if it is not caused by the scenario or the endpoint
 */
export function failureFromError(error: unknown, path: Path): StepFailure {
  const known = EXPECTED_BY_ERROR.find(([kind]) => error instanceof kind);
  if (!known) throw error;
  return { path, expected: known[1], received: (error as Error).message };
}

function scrubStep(step: Step, scrub: (text: string) => string): Step {
  if ('run' in step) return { ...step, run: scrub(step.run) };
  if ('call' in step) return { ...step, call: scrub(step.call) };
  return 'browse' in step ? { ...step, browse: scrub(step.browse) } : step;
}

/** Removes the keys of the account from what a report shows of a program or an application. */
function scrubRecord(record: StepRecord, context: CaseContext): StepRecord {
  const { step, program, http, failures } = record;
  const scrub = keyScrubber(context.endpoint.account);
  return {
    ...record,
    step: scrubStep(step, scrub),
    ...(program && { program: { ...program, stdout: scrub(program.stdout), stderr: scrub(program.stderr) } }),
    ...(http && { http: { ...http, body: scrub(http.body) } }),
    failures: failures.map((failure) => ({ ...failure, expected: scrub(failure.expected), received: scrub(failure.received) })),
  };
}

/** Runs a step and checks its expectations. The keys of the account are removed from its record. */
export async function runStep(step: Step, context: CaseContext, path: Path): Promise<StepRecord> {
  try {
    return scrubRecord({ step, path, ...(await runAnyStep(step, context, path)) }, context);
  } catch (error) {
    return scrubRecord({ step, path, failures: [failureFromError(error, path)] }, context);
  }
}
