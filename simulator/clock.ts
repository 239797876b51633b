import { addParisDuration, parisTime, readParisTime, remittanceOf } from './engine/calendar.js';

/** The clock of a gateway: real time, moved by as much as a test wants, or standing still. */
export interface ClockState {
  /** As Paris reads it. */
  readonly now: string;
  /** Milliseconds since the epoch. */
  readonly epochMilliseconds: number;
  readonly frozen: boolean;
}

interface Position {
  /** Ahead of real time by so many milliseconds; where the clock stands still, the instant it stands at. */
  readonly value: number;
  readonly frozen: boolean;
}

function explained<Value>(read: () => Value, text: string, expected: string): Value {
  try {
    return read();
  } catch (cause) {
    throw new RangeError(`${text} is no ${expected}: ${(cause as Error).message}.`, { cause });
  }
}

/** Drives the simulator's time. All times are read and shown in Europe/Paris unless they carry an offset. */
export class Clock {
  #position: Position;
  readonly #realNow: () => number;
  readonly #onChange: (saved: string) => void;

  /**
   * @param start where to begin, as {@link Clock.set} takes it; undefined: real time
   * @param onChange told how to find the clock again each time it was moved
   * @param realNow the machine's time in milliseconds
   * @throws RangeError when the start is no time
   */
  constructor(start?: string, onChange: (saved: string) => void = () => {}, realNow: () => number = Date.now) {
    this.#realNow = realNow;
    this.#onChange = () => {};
    this.#position = { value: 0, frozen: false };
    if (start !== undefined) this.set(start);
    this.#onChange = onChange;
  }

  /** The gateway's time in milliseconds since the epoch. */
  now(): number {
    return this.#position.frozen ? this.#position.value : this.#realNow() + this.#position.value;
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
  set(time: string | number, frozen = this.#position.frozen): void {
    const instant =
      typeof time === 'number'
        ? time
        : explained(() => readParisTime(time), time, 'ISO 8601 time (2026-03-28T12:00, in Paris, or with an offset)');
    this.#move(instant, frozen);
  }

  /**
   * Moves the time on (or back, with a negative duration) by the Paris calendar.
   *
   * @param duration ISO 8601: `P1D`, `P1M`, `PT90M`
   * @throws RangeError when it is no duration
   */
  advance(duration: string): void {
    const instant = explained(
      () => addParisDuration(this.now(), duration),
      duration,
      'ISO 8601 duration the calendar can take (P1D, P1M, PT90M)',
    );
    this.#move(instant, this.#position.frozen);
  }

  /** Stops the time where it is. */
  freeze(): void {
    this.#move(this.now(), true);
  }

  /** Lets a stopped time run on. */
  resume(): void {
    this.#move(this.now(), false);
  }

  /** Runs tonight's remittance: moves the time to just past it. */
  remit(): void {
    const now = this.now();
    this.#move(remittanceOf(now).at, this.#position.frozen);
  }

  /** Back to real time. */
  reset(): void {
    this.#position = { value: 0, frozen: false };
    this.#onChange(this.save());
  }

  /** How to find the clock again. */
  save(): string {
    return JSON.stringify(this.#position);
  }

  /** Puts the clock back as {@link Clock.save} described it; `onChange` is not told. */
  restore(saved: string): void {
    const { value, frozen } = JSON.parse(saved) as Position;
    this.#position = { value, frozen };
  }

  #move(instant: number, frozen: boolean): void {
    this.#position = frozen ? { value: instant, frozen } : { value: instant - this.#realNow(), frozen };
    this.#onChange(this.save());
  }
}
