import { addParisDuration, parisTime, readParisTime, remittanceOf } from '../engine/calendar.js';

/** The clock of a gateway: real time, moved by as much as a test wants, or standing still. */
export interface ClockState {
  /** As Paris reads it. */
  readonly now: string;
  /** Milliseconds since the epoch. */
  readonly epochMilliseconds: number;
  readonly frozen: boolean;
}

/** Where a clock stands, in a form that can be kept. */
export interface ClockPosition {
  /** Ahead of real time by so many milliseconds; where the clock stands still, the instant it stands at. */
  readonly value: number;
  readonly frozen: boolean;
}

/** Takes a clock from where it stands to where it shall stand; what it depends on beside that was fixed when it was asked for. */
export type ClockMove = (from: ClockPosition) => ClockPosition;

/** A clock that shows real time. */
export const REAL_TIME: ClockPosition = { value: 0, frozen: false };

const instantOf = ({ value, frozen }: ClockPosition, realNow: number): number => (frozen ? value : realNow + value);

const positionAt = (instant: number, frozen: boolean, realNow: number): ClockPosition => ({
  value: frozen ? instant : instant - realNow,
  frozen,
});

function explained<Value>(read: () => Value, text: string, expected: string): Value {
  try {
    return read();
  } catch (cause) {
    throw new RangeError(`${text} is no ${expected}: ${(cause as Error).message}.`, { cause });
  }
}

/** Drives the simulator's time. All times are read and shown in Europe/Paris unless they carry an offset. */
export class Clock {
  #position = REAL_TIME;
  readonly #realNow: () => number;
  readonly #onMove: (move: ClockMove) => void;

  /**
   * @param start where to begin, as {@link Clock.set} takes it; undefined: real time
   * @param onMove told each time it was moved, and how
   * @param realNow the machine's time in milliseconds
   * @throws RangeError when the start is no time
   */
  constructor(start?: string, onMove: (move: ClockMove) => void = () => {}, realNow: () => number = Date.now) {
    this.#realNow = realNow;
    this.#onMove = () => {};
    if (start !== undefined) this.set(start);
    this.#onMove = onMove;
  }

  get position(): ClockPosition {
    return this.#position;
  }

  /** The gateway's time in milliseconds since the epoch. */
  now(): number {
    return instantOf(this.#position, this.#realNow());
  }

  state(): ClockState {
    const epochMilliseconds = this.now();
    return { now: parisTime(epochMilliseconds), epochMilliseconds, frozen: this.#position.frozen };
  }

  /**
   * Sets the time.
   *
   * @param time ISO 8601, `2026-03-28T12:00` (Paris), with an offset, or a date (its midnight)
   * @param frozen whether it stands still from then on; undefined: as before
   * @throws RangeError when it is no time
   */
  set(time: string | number, frozen?: boolean): void {
    const instant =
      typeof time === 'number'
        ? time
        : explained(() => readParisTime(time), time, 'ISO 8601 time (2026-03-28T12:00, in Paris, or with an offset)');
    this.#move((from, realNow) => positionAt(instant, frozen ?? from.frozen, realNow));
  }

  /**
   * Moves the time on (or back, with a negative duration) by the Paris calendar.
   *
   * @param duration ISO 8601: `P1D`, `P1M`, `PT90M`
   * @throws RangeError when it is no duration
   */
  advance(duration: string): void {
    const later = (instant: number): number =>
      explained(() => addParisDuration(instant, duration), duration, 'ISO 8601 duration the calendar can take (P1D, P1M, PT90M)');
    this.#move((from, realNow) => positionAt(later(instantOf(from, realNow)), from.frozen, realNow));
  }

  /** Stops the time where it is. */
  freeze(): void {
    this.#move((from, realNow) => positionAt(instantOf(from, realNow), true, realNow));
  }

  /** Lets a stopped time run on. */
  resume(): void {
    this.#move((from, realNow) => positionAt(instantOf(from, realNow), false, realNow));
  }

  /** Runs tonight's remittance: moves the time to just past it. */
  remit(): void {
    this.#move((from, realNow) => positionAt(remittanceOf(instantOf(from, realNow)).at, from.frozen, realNow));
  }

  /** Back to real time. */
  reset(): void {
    this.#move(() => REAL_TIME);
  }

  /** How to find the clock again. */
  save(): string {
    return JSON.stringify(this.#position);
  }

  /** Puts the clock back as {@link Clock.save} or {@link Clock.position} described it; `onMove` is not told. */
  restore(saved: string | ClockPosition): void {
    this.#position = typeof saved === 'string' ? (JSON.parse(saved) as ClockPosition) : saved;
  }

  // Whoever makes the move again means the instant at which it was asked for: a clock that was stopped must not stop a little later.
  #move(move: (from: ClockPosition, realNow: number) => ClockPosition): void {
    const realNow = this.#realNow();
    const moved: ClockMove = (from) => move(from, realNow);
    this.#position = moved(this.#position);
    this.#onMove(moved);
  }
}
