/** A second implementation of the calendar of Paris, with the time zones of Intl. It uses no code of the simulator. */

const FORMAT = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Returns date and time in Paris at an instant. */
export function parisClock(instant: number): { readonly date: string; readonly time: string } {
  const part = Object.fromEntries(FORMAT.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { date: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}:${part.second}` };
}

/** Returns the date a number of days later. */
export function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Returns the instant of a local time in Paris: the first one if it exists twice, undefined if it does not exist (change of clocks). */
export function parisInstant(date: string, time: string): number | undefined {
  const asUtc = Date.parse(`${date}T${time}Z`);
  return [asUtc - 2 * HOUR, asUtc - HOUR].find((instant) => {
    const shown = parisClock(instant);
    return shown.date === date && shown.time.startsWith(time);
  });
}

/** Returns the instant of the remittance of a payment: 03:30 of the next night, DIFFERE days later. */
export function remittanceAfter(instant: number, differe: number): number {
  const { date, time } = parisClock(instant);
  const at = parisInstant(dateAfter(date, (time < '03:30' ? 0 : 1) + differe), '03:30');
  if (at === undefined) throw new Error('03:30 exists on every day.');
  return at;
}
