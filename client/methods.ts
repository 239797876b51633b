import { needsDirectPlus, OPERATIONS, type Operation } from '../contracts/index.js';
import type { Call, ClientContext } from './client-context.js';
import { MisuseError } from './errors/client-error.js';
import { execute, executeInquiry } from './execute.js';
import { CARD_DETAILS, type CallOptions, EXTRA_VARIABLES } from './options.js';
import type { InquiryOutcome, Outcome } from './outcome.js';
import type { AnyOperation, ParametersOf } from './parameters.js';
import type { WireVariables } from './question.js';
import { inquiryPlanOf } from './reconciliation/inquiry.js';
import { checkTimeout } from './settings.js';
import { toWire } from './to-wire.js';

/** The outcome type of an operation: {@link InquiryOutcome} for `exists` and `inquire`, {@link Outcome} for all others. */
export type OutcomeOf<O extends AnyOperation> = O['does'] extends 'find' | 'inquire' ? InquiryOutcome : Outcome;

/**
 * A method of the client: sends one operation and resolves with its outcome. A refusal is an outcome, not an error.
 *
 * Concurrent calls about the same payment run one after the other. So do concurrent calls that authorize, pay, credit or force the same
 * amount under the same reference. If these are also for the same card, they are one call: each resolves with the outcome of the first.
 *
 * If the reply is lost, the client inquires about the result and resolves with `approved` or `unknown`. One call sends its question
 * once; it sends it again, to the backup host, only if the main host cannot have processed it.
 *
 * @throws MisuseError if the parameters or options are not valid; nothing was sent
 * @throws ConnectionError if no host could be reached; nothing was carried out
 * @throws EchoMismatchError if the reply answers another question; the operation may have been carried out
 * @throws AbortedError if the signal fired; its `mayHaveBeenProcessed` says whether the operation may have been carried out
 * @example
 * const outcome = await client.inquire({ transaction: { numtrans: numTrans('0000000001') } }, { timeout: 10_000 });
 */
export type Method<O extends AnyOperation> = (parameters: ParametersOf<O>, options?: CallOptions) => Promise<OutcomeOf<O>>;

type Prefix = 'subscribers.';

/** One {@link Method} for each operation on a card or a transaction. */
export type Methods = { readonly [O in AnyOperation as O['name'] extends `${Prefix}${string}` ? never : O['name']]: Method<O> };

/** One {@link Method} for each operation on a subscriber (Direct Plus, version 00104). */
export type SubscriberMethods = { readonly [O in AnyOperation as O['name'] extends `${Prefix}${infer Name}` ? Name : never]: Method<O> };

function extraVariables(name: string, { ask = [], extra = {} }: CallOptions): WireVariables {
  const known: readonly string[] = EXTRA_VARIABLES;
  const unknown = Object.keys(extra).find((variable) => !known.includes(variable));
  if (unknown !== undefined) throw new MisuseError(`${name}: extra does not accept ${unknown}; it accepts ${known.join(', ')}.`);
  const details = ask.map((detail) => {
    if (!Object.hasOwn(CARD_DETAILS, detail)) throw new MisuseError(`${name}: ask accepts only ${Object.keys(CARD_DETAILS).join(', ')}.`);
    return [CARD_DETAILS[detail], ''] as const;
  });
  return { ...extra, ...Object.fromEntries(details) };
}

/** Adds the variables of the options to those of the parameters. ID3D can be given in both, but only once. */
function variablesOf(operation: Operation, parameters: unknown, options: CallOptions): WireVariables {
  const { name } = operation;
  const own = toWire(operation, parameters);
  const further = extraVariables(name, options);
  const twice = Object.keys(further).find((variable) => further[variable] !== undefined && Object.hasOwn(own, variable));
  if (twice !== undefined) throw new MisuseError(`${name}: ${twice} is given as a parameter and in extra; remove it from extra.`);
  return { ...own, ...further };
}

function callOf({ settings }: ClientContext, operation: Operation, parameters: unknown, options: CallOptions): Call {
  const { name } = operation;
  if (needsDirectPlus(operation) && settings.accountVariables.VERSION !== '00104')
    throw new MisuseError(`${name}: needs version 00104 (Direct Plus); set version in the options of createClient.`);
  const { signal, timeout = settings.timeout, retry = false } = options;
  checkTimeout(name, timeout);
  if (retry && inquiryPlanOf(operation)?.by !== 'reference')
    throw new MisuseError(`${name}: does not accept retry; authorize, pay, credit and force do.`);
  return {
    operation,
    variables: variablesOf(operation, parameters, options),
    limits: { signal, timeout },
    isRetry: retry,
  };
}

const isInquiry = ({ does }: Operation): boolean => does === 'find' || does === 'inquire';

function methodOf(context: ClientContext, operation: Operation) {
  const run = isInquiry(operation) ? executeInquiry : execute;
  return async (parameters: unknown, options: CallOptions = {}) => run(context, callOf(context, operation, parameters, options));
}

/** Makes a method for every operation of the table; those on subscribers are grouped under `subscribers`. */
export function makeMethods(context: ClientContext): Methods & { readonly subscribers: SubscriberMethods } {
  const methods: Record<string, unknown> = {};
  const subscribers: Record<string, unknown> = {};
  for (const operation of OPERATIONS) {
    const [first, second] = operation.name.split('.');
    if (second === undefined) methods[first ?? ''] = methodOf(context, operation);
    else subscribers[second] = methodOf(context, operation);
  }
  return { ...methods, subscribers: Object.freeze(subscribers) } as unknown as Methods & { readonly subscribers: SubscriberMethods };
}
