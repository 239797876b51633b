import { addParisDuration, nextParisMidnight, parisTime, readParisTime, remittanceOf } from '../engine/calendar.js';
import { isTime, TIME_RANGE, withinRange } from '../engine/clock-range.js';
import type { ClockStep } from '../engine/fault.js';

/** The time of a gateway. */
export interface ClockState {
  /** ISO 8601 in Europe/Paris. */
  readonly now: string;
  /** Milliseconds since the epoch. */
  readonly epochMilliseconds: number;
  /** Whether the clock is stopped. */
  readonly frozen: boolean;
}

/** The position of a clock relative to real time, as JSON can hold it. */
export interface ClockPosition {
  /** Offset from real time in milliseconds. For a frozen clock: the instant it shows, in milliseconds since the epoch. */
  readonly value: number;
  readonly frozen: boolean;
}

/** Computes the next position of a clock. Pure: it may be applied again to a position that another process committed. */
export type ClockMove = (from: ClockPosition) => ClockPosition;

/** Holds the position of a clock. */
export interface ClockSource {
  readonly position: ClockPosition;
  /** Applies a move to the position. */
  move(move: ClockMove): void;
}

/** The longest time that setTimeout takes, in milliseconds. */
const LONGEST_TIMER = 2_147_483_647;

/** A clock that shows real time. */
export const REAL_TIME: ClockPosition = { value: 0, frozen: false };

/** The instant a clock shows, in milliseconds since the epoch. A clock that runs stops at the last instant that it can show. */
export const instantOf = ({ value, frozen }: ClockPosition, realNow = Date.now()): number => withinRange(frozen ? value : realNow + value);

function positionAt(instant: number, frozen: boolean, realNow: number): ClockPosition {
  return { value: frozen ? instant : instant - realNow, frozen };
}

/** @throws RangeError when no clock can show the instant */
function checkRange(instant: number): number {
  const rounded = Math.round(instant);
  if (!isTime(rounded)) throw new RangeError(`The clock cannot show this time. ${TIME_RANGE}.`);
  return rounded;
}

function explained<Value>(read: () => Value, text: string, expected: string): Value {
  try {
    return read();
  } catch (cause) {
    throw new RangeError(`${text} is not an ${expected}: ${(cause as Error).message}.`, { cause });
  }
}

const readTime = (time: string): number =>
  explained(() => readParisTime(time), time, 'ISO 8601 time (2026-03-28T12:00, in Paris, or with an offset)');

/**
 * The position of a running clock that shows a time now.
 *
 * @param time as {@link Clock.set} takes it
 * @throws RangeError when it is not an ISO 8601 time
 */
export function runningFrom(time: string): ClockPosition {
  return positionAt(checkRange(readTime(time)), false, Date.now());
}

function localSource(): ClockSource {
  let position = REAL_TIME;
  return {
    get position() {
      return position;
    },
    move: (move) => {
      position = move(position);
    },
  };
}

/**
 * Drives the time of a gateway. Times are read and shown in Europe/Paris unless they carry an offset.
 */
export class Clock {
  readonly #source: ClockSource;
  readonly #realNow: () => number;
  readonly #onMove = new Set<() => void>();

  /**
   * @param source holds the position. Default: a new one that shows real time
   * @param realNow the machine's time in milliseconds since the epoch
   */
  constructor(source: ClockSource = localSource(), realNow: () => number = Date.now) {
    this.#source = source;
    this.#realNow = realNow;
  }

  /** The clock relative to real time, for a snapshot or the configuration. */
  get position(): ClockPosition {
    return this.#source.position;
  }

  /** The gateway's time in milliseconds since the epoch. */
  now(): number {
    return instantOf(this.#source.position, this.#realNow());
  }

  /** The gateway's time and whether it is stopped. */
  state(): ClockState {
    const epochMilliseconds = this.now();
    return { now: parisTime(epochMilliseconds), epochMilliseconds, frozen: this.#source.position.frozen };
  }

  /**
   * Sets the time.
   *
   * @param time milliseconds since the epoch, or ISO 8601: `2026-03-28T12:00` (Paris), a time with an offset, or a date (its midnight)
   * @param frozen whether the clock is stopped from then on. Default: unchanged
   * @throws RangeError when it is not a time, or not in the years 1 to 9999
   */
  set(time: string | number, frozen?: boolean): void {
    const instant = checkRange(typeof time === 'number' ? time : readTime(time));
    this.#move((from, realNow) => positionAt(instant, frozen ?? from.frozen, realNow));
  }

  /**
   * Moves the time forward (or back, with a negative duration) on the Paris calendar.
   *
   * @param duration ISO 8601: `P1D`, `P1M`, `PT90M`
   * @throws RangeError when it is not a duration, or no time in the years 1 to 9999 is so far away
   */
  advance(duration: string): void {
    const later = (instant: number): number =>
      explained(() => addParisDuration(instant, duration), duration, 'ISO 8601 duration the calendar can take (P1D, P1M, PT90M)');
    // Checked here and not in the move, which must not fail when it is applied again to another position.
    checkRange(later(this.now()));
    this.#move((from, realNow) => positionAt(withinRange(later(instantOf(from, realNow))), from.frozen, realNow));
  }

  /** Stops the clock. */
  freeze(): void {
    this.#move((from, realNow) => positionAt(instantOf(from, realNow), true, realNow));
  }

  /** Restarts a stopped clock. */
  resume(): void {
    this.#move((from, realNow) => positionAt(instantOf(from, realNow), false, realNow));
  }

  /**
   * Moves the time to just after tonight's remittance.
   *
   * @throws RangeError at the end of the year 9999
   */
  remit(): void {
    checkRange(remittanceOf(this.now()).at);
    this.#move((from, realNow) => positionAt(withinRange(remittanceOf(instantOf(from, realNow)).at), from.frozen, realNow));
  }

  /**
   * Moves the time to the next midnight in Paris.
   *
   * @throws RangeError at the end of the year 9999
   */
  midnight(): void {
    checkRange(nextParisMidnight(this.now()));
    this.#move((from, realNow) => positionAt(withinRange(nextParisMidnight(instantOf(from, realNow))), from.frozen, realNow));
  }

  /**
   * Moves the time as a rule says.
   *
   * @throws RangeError when the step is not a duration, or leads beyond the year 9999
   */
  step(step: ClockStep): void {
    if (step === 'remit') this.remit();
    else if (step === 'midnight') this.midnight();
    else this.advance(step);
  }

  /** Returns to real time. */
  reset(): void {
    this.#move(() => REAL_TIME);
  }

  /**
   * Resolves when the clock shows an instant or a later one: because time passes, or because this process moves the clock.
   *
   * @param instant milliseconds since the epoch
   * @param signal ends the wait
   * @returns whether the instant was reached; false if the signal fired first
   */
  reaches(instant: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const finish = (isReached: boolean): void => {
        clearTimeout(timer);
        this.#onMove.delete(check);
        signal.removeEventListener('abort', stop);
        resolve(isReached);
      };
      const stop = (): void => finish(false);
      const check = (): void => {
        clearTimeout(timer);
        const remaining = instant - this.now();
        if (remaining <= 0) {
          finish(true);
          return;
        }
        // A clock that is stopped reaches the instant only when it is moved.
        if (this.#source.position.frozen) return;
        timer = setTimeout(check, Math.min(remaining, LONGEST_TIMER));
        // Only Node.js has it: a process that has nothing else to do ends.
        (timer as { unref?: () => void }).unref?.();
      };
      if (signal.aborted) {
        resolve(false);
        return;
      }
      signal.addEventListener('abort', stop);
      this.#onMove.add(check);
      check();
    });
  }

  /** Calls a listener whenever this process moves the clock. */
  onMove(listener: () => void): void {
    this.#onMove.add(listener);
  }

  // The instant is fixed when the move is requested: a move that is applied later must not stop the clock a little later.
  #move(move: (from: ClockPosition, realNow: number) => ClockPosition): void {
    const realNow = this.#realNow();
    this.#source.move((from) => move(from, realNow));
    for (const onMove of this.#onMove) onMove();
  }
}
