import { beforeEach, expect, test } from 'vitest';
import { NOON } from '../support/question.js';
import { openTestSimulator, type TestSimulator } from '../support/test-simulator.js';

let bench: TestSimulator;

beforeEach(() => {
  bench = openTestSimulator();
  bench.simulator.clock.set(NOON, true);
});

const put = async (body?: object) => (await bench.control('PUT', '/clock', body)).body;

test('reads, sets and freezes the clock, in Paris time unless the time has an offset', async () => {
  const noon = { now: '2026-06-10T12:00:00.000+02:00', epochMilliseconds: Date.parse('2026-06-10T10:00Z'), frozen: true };
  expect((await bench.control('GET', '/clock')).body).toEqual(noon);
  expect(await put({ now: '2026-12-24T18:00' })).toMatchObject({ now: '2026-12-24T18:00:00.000+01:00', frozen: true });
  expect(await put({ now: '2026-12-24T18:00:00Z', frozen: true })).toMatchObject({ now: '2026-12-24T19:00:00.000+01:00' });
  expect(await put({ now: '2027-01-01' })).toMatchObject({ now: '2027-01-01T00:00:00.000+01:00' });
});

test('returns to real time without now and frozen', async () => {
  const { now, frozen, epochMilliseconds } = await put();
  expect(frozen).toBe(false);
  expect(Math.abs(epochMilliseconds - Date.now())).toBeLessThan(60_000);
  expect(now).not.toContain('2026-06-10T12:00');
  await put({ now: NOON, frozen: true });
  expect(Math.abs((await put({})).epochMilliseconds - Date.now())).toBeLessThan(60_000);
});

test('resumes and freezes the clock at its present time', async () => {
  expect(await put({ frozen: false })).toMatchObject({ frozen: false, now: expect.stringContaining('2026-06-10T12:00') });
  const stopped = await put({ frozen: true });
  expect(stopped).toMatchObject({ frozen: true, now: expect.stringContaining('2026-06-10T12:00') });
  expect((await bench.control('GET', '/clock')).body).toEqual(stopped);
});

test.each([
  ['P1D', '2026-06-11T12:00:00.000+02:00'],
  ['P5M', '2026-11-10T12:00:00.000+01:00'],
  ['PT90M', '2026-06-10T13:30:00.000+02:00'],
  ['-P1D', '2026-06-09T12:00:00.000+02:00'],
])('advances by %s to %s', async (by, now) => {
  expect((await bench.control('POST', '/clock/advance', { by })).body.now).toBe(now);
});

test('each remittance advances the clock by one night', async () => {
  const nights = [];
  for (let night = 0; night < 3; night++) nights.push((await bench.control('POST', '/clock/remit')).body.now.slice(0, 16));
  expect(nights).toEqual(['2026-06-11T03:30', '2026-06-12T03:30', '2026-06-13T03:30']);
});

test.each<readonly [method: string, path: string, body: object, error: RegExp]>([
  ['PUT', '/clock', { now: 'tomorrow' }, /^tomorrow is not an ISO 8601 time \(2026-03-28T12:00, in Paris, or with an offset\)/],
  ['PUT', '/clock', { now: '2026-02-30T12:00' }, /^2026-02-30T12:00 is not an ISO 8601 time/],
  ['PUT', '/clock', { now: '' }, /is not an ISO 8601 time/],
  ['POST', '/clock/advance', { by: '1 day' }, /^1 day is not an ISO 8601 duration the calendar can take \(P1D, P1M, PT90M\)/],
  ['POST', '/clock/advance', { by: 'P999999Y' }, /^P999999Y is not an ISO 8601 duration the calendar can take/],
])('%s %s %j is answered 400 with the expected format, and does not move the clock', async (method, path, body, error) => {
  const answer = await bench.control(method, path, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error).toMatch(error);
  expect((await bench.control('GET', '/clock')).body).toMatchObject({ now: '2026-06-10T12:00:00.000+02:00', frozen: true });
});

test('advance without a duration is answered 400 and names the missing property', async () => {
  expect((await bench.control('POST', '/clock/advance', {})).body.problems).toEqual([{ where: '(body)', what: 'by is missing' }]);
});
