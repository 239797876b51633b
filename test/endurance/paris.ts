/** Paris once more, by the platform's own time zones: no code of the simulator is used here. */

const FORMAT = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** An instant as clocks in Paris show it. */
export function parisClock(instant: number): { readonly date: string; readonly time: string } {
  const part = Object.fromEntries(FORMAT.formatToParts(instant).map(({ type, value }) => [type, value]));
  return { date: `${part.year}-${part.month}-${part.day}`, time: `${part.hour}:${part.minute}:${part.second}` };
}

/** A date so many days on. */
export function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** When clocks in Paris show this; undefined: they never do, since they are put forward over it. The first where they do twice. */
export function parisInstant(date: string, time: string): number | undefined {
  const asUtc = Date.parse(`${date}T${time}Z`);
  return [asUtc - 2 * HOUR, asUtc - HOUR].find((instant) => {
    const shown = parisClock(instant);
    return shown.date === date && shown.time.startsWith(time);
  });
}

/** The remittance of what was taken at an instant: 03:30 of the next night, DIFFERE days later. */
export function remittanceAfter(instant: number, differe: number): number {
  const { date, time } = parisClock(instant);
  const at = parisInstant(dateAfter(date, (time < '03:30' ? 0 : 1) + differe), '03:30');
  if (at === undefined) throw new Error('03:30 is there every day.');
  return at;
}
