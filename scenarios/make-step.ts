import { operationOf } from '../contracts/index.js';
import type { CaseContext, Made, StepRecord } from './case-context.js';
import { check, looksAtRequests } from './check.js';
import { StageError } from './control.js';
import { NoReplyError, sendQuestion, sendRaw } from './exchange.js';
import type { Failure } from './expectations.js';
import { InterpolationError, interpolateAll } from './interpolate.js';
import { callApplication, ProgramError, runProgram } from './program.js';
import type { AskingStep, CallStep, RawStep, RunStep, SendStep, Step, TogetherStep } from './scenario.js';
import { operationOfStep, usualVariables } from './usual-variables.js';

type Path = StepRecord['path'];

async function send(step: SendStep, context: CaseContext): Promise<Made> {
  const { name, written, without } = interpolateAll(
    { name: step.send, written: step.with ?? {}, without: step.without ?? [] },
    context.names(),
  );
  const operation = operationOfStep({ send: name });
  const on = step.on === undefined ? undefined : context.earlierNamed(step.on);
  const usual = operation ? usualVariables(operation, on, context.unique) : {};
  const left = Object.fromEntries(without.map((variable) => [variable, undefined]));
  // A TYPE is sent as the step writes it, padded or not.
  const TYPE = operationOf(name) ? name : (operation?.TYPE ?? name);
  const exchange = await sendQuestion(context.endpoint, TYPE, { ...usual, ...written, ...left }, step, context.now);
  return { exchange };
}

async function raw(step: RawStep, context: CaseContext): Promise<Made> {
  const { body, message } = interpolateAll({ body: step.raw, message: step.message }, context.names());
  return { exchange: await sendRaw(context.endpoint, { ...step, raw: body, message }) };
}

const run = async (step: RunStep, context: CaseContext): Promise<Made> => ({
  program: await runProgram(interpolateAll({ ...step, expect: {} }, context.names()), context.endpoint),
});

const call = async (step: CallStep, context: CaseContext): Promise<Made> => ({
  http: await callApplication(interpolateAll({ ...step, expect: {} }, context.names())),
});

function ask(step: AskingStep, context: CaseContext): Promise<Made> {
  if ('send' in step) return send(step, context);
  if ('raw' in step) return raw(step, context);
  return 'run' in step ? run(step, context) : call(step, context);
}

function fieldsOf(text: string): Record<string, string> {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, String(field)]));
  } catch {
    return {};
  }
}

/** What later steps may name of a step's result: the fields of a reply, or of the JSON that came back; `words` of what was printed. */
function remember(step: AskingStep, { exchange, program, http }: Made, context: CaseContext): void {
  if (step.as === undefined) return;
  if (exchange) {
    context.earlier.set(step.as, { sent: Object.fromEntries(exchange.sent), reply: Object.fromEntries(exchange.reply) });
    return;
  }
  const text = (program?.stdout ?? http?.body ?? '').trim();
  const words = Object.fromEntries(text.split(/\s+/).map((word, index) => [`word${index + 1}`, word]));
  context.earlier.set(step.as, { sent: {}, reply: { text, ...words, ...fieldsOf(text) } });
}

const startsSomething = (step: AskingStep): boolean => 'run' in step || 'call' in step;

async function asking(step: AskingStep, context: CaseContext, path: Path): Promise<Omit<StepRecord, 'step' | 'path'>> {
  const isWatched = context.endpoint.control !== undefined && startsSomething(step);
  const since = looksAtRequests(step.expect) || isWatched ? await context.lastSeq() : 0;
  const made = await ask(step, context);
  remember(step, made, context);
  const failures = step.expect ? await check(step.expect, made, context, since, [...path, 'expect']) : [];
  // A failed program is understood by what it asked the gateway.
  return failures.length > 0 && isWatched ? { ...made, failures, received: await context.requestsSince(since) } : { ...made, failures };
}

async function together(step: TogetherStep, context: CaseContext, path: Path): Promise<Omit<StepRecord, 'step' | 'path'>> {
  const since = looksAtRequests(step.expect) ? await context.lastSeq() : 0;
  const parts = await Promise.all(step.together.map((part, index) => makeStep(part, context, [...path, 'together', index])));
  const failures = parts.flatMap((part) => part.failures);
  if (failures.length > 0 || !step.expect) return { parts, failures };
  return { parts, failures: await check(step.expect, {}, context, since, [...path, 'expect']) };
}

async function make(step: Step, context: CaseContext, path: Path): Promise<Omit<StepRecord, 'step' | 'path'>> {
  if ('together' in step) return together(step, context, path);
  if ('send' in step || 'raw' in step || 'run' in step || 'call' in step) return asking(step, context, path);
  if ('expect' in step) return { failures: await check(step.expect, {}, context, 0, [...path, 'expect']) };
  if ('rule' in step) await context.control().call('POST', '/rules', interpolateAll(step.rule, context.names()));
  else if ('advance' in step) await context.control().call('POST', '/clock/advance', { by: interpolateAll(step.advance, context.names()) });
  else await context.control().call('POST', '/clock/remit');
  await context.readClock();
  return { failures: [] };
}

const EXPECTED_OF: readonly (readonly [error: abstract new (...args: never[]) => Error, expected: string])[] = [
  [NoReplyError, 'a reply'],
  [ProgramError, 'that it ends'],
  [StageError, 'that it can be staged'],
  [InterpolationError, 'that it names what there is'],
];

/** What goes wrong on the way, as a failure told where it stands. */
export function failureOf(error: unknown, path: Path): Failure {
  const known = EXPECTED_OF.find(([kind]) => error instanceof kind);
  if (!known) throw error;
  return { path, expected: known[1], received: (error as Error).message };
}

/** Makes a step and holds what came of it against its expectations. */
export async function makeStep(step: Step, context: CaseContext, path: Path): Promise<StepRecord> {
  try {
    return { step, path, ...(await make(step, context, path)) };
  } catch (error) {
    return { step, path, failures: [failureOf(error, path)] };
  }
}
