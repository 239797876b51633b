/** What `${…}` can refer to: values by name, and the fields of earlier replies by the name of their step. */
export interface Names {
  readonly values: Readonly<Record<string, string>>;
  readonly replies: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A `${…}` or an `on`, `of` refers to a name that does not exist. The message lists the names that do. */
export class InterpolationError extends Error {
  override readonly name = 'InterpolationError';
}

const own = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

function resolve(reference: string, { values, replies }: Names): string {
  const [name = '', ...parts] = reference.split('.');
  if (parts.length === 0) {
    const value = own(values, name);
    if (value !== undefined) return value;
    throw new InterpolationError(`\${${reference}}: unknown name; known names: ${Object.keys(values).join(', ')}.`);
  }
  const reply = own(replies, name);
  if (!reply)
    throw new InterpolationError(
      `\${${reference}}: no earlier step is named ${name}; named steps: ${Object.keys(replies).join(', ') || 'none'}.`,
    );
  const field = parts.join('.');
  const value = own(reply, field);
  if (value === undefined)
    throw new InterpolationError(`\${${reference}}: the reply to ${name} has no ${field}; it has ${Object.keys(reply).join(', ')}.`);
  return value;
}

/**
 * Replaces each `${name}` and `${step.FIELD}` by its value. `$${` becomes a literal `${`.
 *
 * @throws InterpolationError when a name does not exist
 */
export function interpolate(text: string, names: Names): string {
  return text.replace(/\$?\$\{([^}]*)\}/g, (whole, reference: string) =>
    whole.startsWith('$$') ? whole.slice(1) : resolve(reference, names),
  );
}

/** Applies {@link interpolate} to every string of a value, at every depth. */
export function interpolateAll<Value>(value: Value, names: Names): Value {
  if (typeof value === 'string') return interpolate(value, names) as Value;
  if (Array.isArray(value)) return value.map((item: unknown) => interpolateAll(item, names)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, interpolateAll(item as unknown, names)])) as Value;
}
