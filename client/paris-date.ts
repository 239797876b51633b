const PARIS = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  hourCycle: 'h23',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** DATEQ of an instant: `DDMMYYYYHHMMSS` in Paris, where the gateway's days begin and end. Protocol sheet, section 2. */
export function parisDateq(instant: Date): string {
  const parts = new Map(PARIS.formatToParts(instant).map(({ type, value }) => [type, value]));
  return (['day', 'month', 'year', 'hour', 'minute', 'second'] as const).map((type) => parts.get(type) ?? '').join('');
}
