import { AUTHENTICATION_OUTCOMES, type AuthenticationOutcome } from '../../contracts/index.js';
import { MAX_RESULT_TIMES, MAX_WRONG_CODES, type ResultFault, type ResultOrder } from '../engine/authentication.js';
import { addParisDuration } from '../engine/calendar.js';
import { isIntegerUpTo, type ValueCheck } from './row-checks.js';

/** `200` and the number that the gateway's sequence gave. */
const ID3D = /^200\d{10}$/;

/** Whether a value has the form of an ID3D of the gateway. */
export const isID3D: ValueCheck = (value) => typeof value === 'string' && ID3D.test(value);

/** Returns the number of the sequence that is in an ID3D, ten digits. */
export const numberInID3D = (id3d: string): string => id3d.slice(3);

/** How an authentication can end. */
export const OUTCOMES: readonly AuthenticationOutcome[] = AUTHENTICATION_OUTCOMES.map(({ outcome }) => outcome);

/** The orders in which the two results are sent. */
export const RESULT_ORDERS = Object.keys({ 'server-first': true, 'browser-first': true, together: true } satisfies Record<
  ResultOrder,
  true
>);

export const isConfirmation: ValueCheck = (value) => OUTCOMES.includes(value as AuthenticationOutcome);
export const isOutcome: ValueCheck = (value) => value === '' || isConfirmation(value);
export const isResultOrder: ValueCheck = (value) => RESULT_ORDERS.includes(value as string);
export const isWrongCodes = isIntegerUpTo(MAX_WRONG_CODES);

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const LATEST = Date.parse('9999-12-30T00:00:00Z');

/** Whether a text is an ISO 8601 duration that is not negative, and that the calendar can add to any time of a gateway. */
const isDelay: ValueCheck = (value) => {
  if (typeof value !== 'string' || !value.startsWith('P')) return false;
  try {
    return addParisDuration(LATEST, value) >= LATEST;
  } catch {
    return false;
  }
};

/** The checks of the parts of a fault, with what each must be. */
export const RESULT_FAULT: Readonly<Record<keyof ResultFault, { readonly isValid: ValueCheck; readonly description: string }>> = {
  lost: { isValid: (value) => typeof value === 'boolean', description: 'true or false' },
  late: { isValid: isDelay, description: 'an ISO 8601 duration (PT2M)' },
  times: {
    isValid: (value) => isIntegerUpTo(MAX_RESULT_TIMES)(value) && value !== 0,
    description: `an integer from 1 to ${MAX_RESULT_TIMES}`,
  },
  check: { isValid: (value) => value === 'wrong', description: 'wrong' },
  session: { isValid: (value) => value === 'other', description: 'other' },
  charset: { isValid: (value) => value === 'utf-8', description: 'utf-8' },
};

const isResultFault: ValueCheck = (value) =>
  isPlainObject(value) &&
  Object.entries(value).every(([name, part]) => Object.hasOwn(RESULT_FAULT, name) && RESULT_FAULT[name as keyof ResultFault].isValid(part));

/** Whether a value says what goes wrong with the results, as the gateway writes it. */
export const isResultFaults: ValueCheck = (value) =>
  isPlainObject(value) && [value.server, value.browser].every((fault) => fault === undefined || isResultFault(fault));
