import { currencyNumber, needsDirectPlus, OPERATIONS, type Operation } from '../contracts/index.js';
import type { Call, ClientContext } from './client-context.js';
import { MisuseError } from './errors/misuse-error.js';
import { execute, executeInquiry } from './execute.js';
import { CARD_DETAILS, type CallOptions, EXTRA_VARIABLES } from './options.js';
import type { InquiryOutcome, Outcome } from './outcome.js';
import type { AnyOperation, ParametersOf } from './parameters.js';
import { inquiryPlanOf } from './reconciliation/inquiry.js';
import { checkTimeout } from './settings.js';
import { toWire } from './to-wire.js';
import type { WireVariables } from './wire-variables.js';

/** What a method answers: operations that only ask find or do not find, the others are approved or not. */
export type OutcomeOf<O extends AnyOperation> = O['does'] extends 'find' | 'inquire' ? InquiryOutcome : Outcome;

/**
 * A method of the client.
 *
 * Calls that authorize, pay, credit or force the same amount under the same reference, and calls about the same payment, are carried
 * out one after the other where they come at the same time. Of the former, those by the same card are one call: each gets the outcome
 * of the first.
 *
 * @throws MisuseError where the parameters cannot mean anything: nothing was sent
 * @throws ConnectionError where no host could be reached: nothing was carried out
 * @throws EchoMismatchError where the reply answers another question
 * @throws AbortedError where the signal fired
 */
export type Method<O extends AnyOperation> = (parameters: ParametersOf<O>, options?: CallOptions) => Promise<OutcomeOf<O>>;

type Prefix = 'subscribers.';

/** A method for each operation on a card or a transaction. */
export type Methods = { readonly [O in AnyOperation as O['name'] extends `${Prefix}${string}` ? never : O['name']]: Method<O> };

/** A method for each operation on a subscriber (Direct Plus). */
export type SubscriberMethods = { readonly [O in AnyOperation as O['name'] extends `${Prefix}${infer Name}` ? Name : never]: Method<O> };

function extraVariables(name: string, { ask = [], extra = {} }: CallOptions): WireVariables {
  const known: readonly string[] = EXTRA_VARIABLES;
  const stranger = Object.keys(extra).find((variable) => !known.includes(variable));
  if (stranger !== undefined) throw new MisuseError(`${name}: extra takes no ${stranger}; it takes ${known.join(', ')}.`);
  const details = ask.map((detail) => {
    if (!Object.hasOwn(CARD_DETAILS, detail)) throw new MisuseError(`${name}: ask takes ${Object.keys(CARD_DETAILS).join(', ')}.`);
    return [CARD_DETAILS[detail], ''] as const;
  });
  return { ...extra, ...Object.fromEntries(details) };
}

function callOf({ settings }: ClientContext, operation: Operation, parameters: unknown, options: CallOptions): Call {
  const { name } = operation;
  if (needsDirectPlus(operation) && settings.head.VERSION !== '00104') throw new MisuseError(`${name}: needs version 00104 (Direct Plus).`);
  const { signal, timeout = settings.timeout, retry = false } = options;
  checkTimeout(name, timeout);
  if (retry && inquiryPlanOf(operation)?.by !== 'reference')
    throw new MisuseError(`${name}: retry is for authorize, pay, credit and force.`);
  return {
    operation,
    variables: { ...toWire(operation, parameters, currencyNumber), ...extraVariables(name, options) },
    limits: { signal, timeout },
    retry,
  };
}

const onlyAsks = ({ does }: Operation): boolean => does === 'find' || does === 'inquire';

function methodOf(context: ClientContext, operation: Operation) {
  const work = onlyAsks(operation) ? executeInquiry : execute;
  return async (parameters: unknown, options: CallOptions = {}) => work(context, callOf(context, operation, parameters, options));
}

/** A method for every operation of the table, those of subscribers under their own name. */
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
