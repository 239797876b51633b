import { describe, expect, test } from 'vitest';
import { Clock, type ClockMove, REAL_TIME } from '../../simulator/gateway/clock.js';

/** Creates a clock whose machine time is set by the test, and records its moves. */
function openClock(start?: string) {
  const machine = { now: Date.parse('2026-06-10T10:00:00Z') };
  const moves: ClockMove[] = [];
  const source = {
    position: REAL_TIME,
    move: (move: ClockMove) => {
      moves.push(move);
      source.position = move(source.position);
    },
  };
  const clock = new Clock(source, () => machine.now);
  if (start !== undefined) clock.set(start);
  moves.length = 0;
  return { clock, machine, moves, source };
}

const timeOf = ({ clock }: ReturnType<typeof openClock>): string => clock.state().now;

describe('a clock', () => {
  test('starts at the machine’s time, in Paris time', () => {
    expect(openClock().clock.state()).toEqual({
      now: '2026-06-10T12:00:00.000+02:00',
      epochMilliseconds: Date.parse('2026-06-10T10:00:00Z'),
      frozen: false,
    });
  });

  test.each([
    ['2026-01-01', '2026-01-01T00:00:00.000+01:00'],
    ['2026-03-28T12:00', '2026-03-28T12:00:00.000+01:00'],
    ['2026-03-28T12:00:00Z', '2026-03-28T13:00:00.000+01:00'],
    ['2026-03-28T12:00:00-05:00', '2026-03-28T18:00:00.000+01:00'],
    ['2026-07-01T12:00:01.234', '2026-07-01T12:00:01.234+02:00'],
    ['2026-03-29T02:30', '2026-03-29T03:30:00.000+02:00'],
  ])('set to %s shows %s', (time, shown) => {
    const opened = openClock();
    opened.clock.set(time, true);
    expect(timeOf(opened)).toBe(shown);
    expect(timeOf(openClock(time))).toBe(shown);
  });

  test.each(['yesterday', '', '2026-13-01', '2026-02-29', '12:00'])('cannot be set to "%s", and keeps its time', (time) => {
    const opened = openClock();
    expect(() => opened.clock.set(time)).toThrow(RangeError);
    expect(timeOf(opened)).toBe('2026-06-10T12:00:00.000+02:00');
  });

  test('advances with the machine after it was set, unless it is frozen', () => {
    const opened = openClock('2026-01-01T00:00');
    opened.machine.now += 90_000;
    expect(timeOf(opened)).toBe('2026-01-01T00:01:30.000+01:00');
    opened.clock.freeze();
    opened.machine.now += 90_000;
    expect(timeOf(opened)).toBe('2026-01-01T00:01:30.000+01:00');
    opened.clock.set('2026-02-01');
    opened.machine.now += 90_000;
    expect(timeOf(opened)).toBe('2026-02-01T00:00:00.000+01:00');
    opened.clock.resume();
    opened.machine.now += 30_000;
    expect(timeOf(opened)).toBe('2026-02-01T00:00:30.000+01:00');
  });

  test.each([
    ['2026-06-10T12:00', 'P1D', '2026-06-11T12:00:00.000+02:00'],
    ['2026-06-10T12:00', 'PT90M', '2026-06-10T13:30:00.000+02:00'],
    ['2026-06-10T12:00', '-P1W', '2026-06-03T12:00:00.000+02:00'],
    ['2026-01-31T12:00', 'P1M', '2026-02-28T12:00:00.000+01:00'],
    ['2028-01-31T12:00', 'P1M', '2028-02-29T12:00:00.000+01:00'],
    ['2026-12-31T23:59:59', 'PT1S', '2027-01-01T00:00:00.000+01:00'],
    ['2026-03-28T12:00', 'P1D', '2026-03-29T12:00:00.000+02:00'],
    ['2026-03-28T12:00', 'PT24H', '2026-03-29T13:00:00.000+02:00'],
    ['2026-10-24T12:00', 'P1D', '2026-10-25T12:00:00.000+01:00'],
    ['2026-10-24T12:00', 'PT24H', '2026-10-25T11:00:00.000+01:00'],
  ])('at %s advanced by %s shows %s', (start, by, shown) => {
    const opened = openClock(start);
    opened.clock.advance(by);
    expect(timeOf(opened)).toBe(shown);
  });

  test.each(['1 day', '', 'P', '3600'])('cannot be advanced by "%s"', (by) => {
    expect(() => openClock().clock.advance(by)).toThrow(RangeError);
  });

  test.each([
    ['2026-06-10T12:00', '2026-06-11T03:30:00.000+02:00'],
    ['2026-06-10T03:29', '2026-06-10T03:30:00.000+02:00'],
    ['2026-06-10T03:30', '2026-06-11T03:30:00.000+02:00'],
    ['2026-10-24T12:00', '2026-10-25T03:30:00.000+01:00'],
  ])('at %s is moved by remit() to %s', (start, shown) => {
    const opened = openClock(start);
    opened.clock.remit();
    expect(timeOf(opened)).toBe(shown);
  });

  test('returns to real time by reset()', () => {
    const opened = openClock('2020-01-01');
    opened.clock.freeze();
    opened.clock.reset();
    opened.machine.now += 60_000;
    expect(opened.clock.state()).toMatchObject({ now: '2026-06-10T12:01:00.000+02:00', frozen: false });
  });

  test('continues at a saved position, running or frozen', () => {
    const running = openClock('2020-01-01');
    const other = openClock();
    other.source.position = running.clock.position;
    other.machine.now += 1000;
    expect(timeOf(other)).toBe('2020-01-01T00:00:01.000+01:00');
    running.clock.freeze();
    other.source.position = running.clock.position;
    other.machine.now += 1000;
    expect(other.clock.state()).toMatchObject({ now: '2020-01-01T00:00:00.000+01:00', frozen: true });
  });

  test('passes each of its moves to its source, but not its start', () => {
    const { clock, moves } = openClock('2020-01-01');
    const { position } = clock;
    expect(moves).toEqual([]);
    clock.advance('P1D');
    clock.freeze();
    expect(moves).toHaveLength(2);
    expect(moves.reduce((at, move) => move(at), position)).toEqual(clock.position);
  });

  test('has moves that can be applied to another position', () => {
    const opened = openClock();
    opened.clock.advance('P1D');
    opened.clock.freeze();
    opened.machine.now += 5000;
    const otherPosition = openClock('2020-01-01').clock.position;
    opened.source.position = opened.moves.reduce((at, move) => move(at), otherPosition);
    expect(opened.clock.state()).toMatchObject({ now: '2020-01-02T00:00:00.000+01:00', frozen: true });
  });
});
