import { MAX_RESULT_TIMES, type ResultFault, type ResultOrder } from '../engine/authentication.js';
import { addParisDuration } from '../engine/calendar.js';
import type { ValueCheck } from './row-checks.js';
import { type Expected, FLAG, integerUpTo, type ObjectShape, oneOf, type ShapeOf } from './shape.js';

const ORDERS: Readonly<Record<ResultOrder, true>> = { 'server-first': true, 'browser-first': true, together: true };

/** The order in which the two results are sent. */
export const RESULT_ORDER = oneOf(Object.keys(ORDERS));

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

const DELAY: Expected = { isValid: isDelay, description: 'an ISO 8601 duration (PT2M)' };

const exactly = (text: string): Expected => ({ isValid: (value) => value === text, description: text });

/** What goes wrong with one result. */
export const RESULT_FAULT: ShapeOf<ResultFault> = {
  members: {},
  optional: {
    lost: FLAG,
    late: DELAY,
    times: integerUpTo(MAX_RESULT_TIMES, 1),
    check: exactly('wrong'),
    session: exactly('other'),
    charset: exactly('utf-8'),
  },
};

/** What goes wrong with the two results. */
export const faultsShape = (fault: ObjectShape): ObjectShape => ({ members: {}, optional: { server: fault, browser: fault } });
