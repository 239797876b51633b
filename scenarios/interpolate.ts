/** What `${…}` may name: values by name, and the fields of earlier replies by the name of their step. */
export interface Names {
  readonly values: Readonly<Record<string, string>>;
  readonly replies: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A `${…}` that names nothing. */
export class InterpolationError extends Error {
  override readonly name = 'InterpolationError';
}

const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function named(reference: string, { values, replies }: Names): string {
  const [name = '', ...parts] = reference.split('.');
  if (parts.length === 0) {
    const value = own(values, name);
    if (value !== undefined) return value;
    throw new InterpolationError(`\${${reference}} names no value; there are ${Object.keys(values).join(', ')}.`);
  }
  const reply = own(replies, name);
  if (!reply)
    throw new InterpolationError(
      `\${${reference}}: no earlier step is named ${name}; there are ${Object.keys(replies).join(', ') || 'none'}.`,
    );
  const field = parts.join('.');
  const value = own(reply, field);
  if (value === undefined)
    throw new InterpolationError(`\${${reference}}: the reply to ${name} has no ${field}; it has ${Object.keys(reply).join(', ')}.`);
  return value;
}

/**
 * Replaces `${name}` and `${step.FIELD}` by what they name; `$${` stands for `${` itself.
 *
 * @throws InterpolationError when one names nothing
 */
export function interpolate(text: string, names: Names): string {
  return text.replace(/\$?\$\{([^}]*)\}/g, (whole, reference: string) =>
    whole.startsWith('$$') ? whole.slice(1) : named(reference, names),
  );
}

/** {@link interpolate} on every text of a value, however deep. */
export function interpolateAll<Value>(value: Value, names: Names): Value {
  if (typeof value === 'string') return interpolate(value, names) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => interpolateAll(item, names)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, interpolateAll(item as unknown, names)])) as Value;
}
