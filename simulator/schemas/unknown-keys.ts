/** As much of a JSON Schema as tells slips of the pen. */
export interface KeySchema {
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly items?: KeySchema;
  readonly enum?: readonly unknown[];
}

const at = (place: string, name: string): string => (place === '' ? name : `${place}.${name}`);

function checkChoice(allowed: readonly unknown[], value: unknown, place: string): string | undefined {
  if (allowed.includes(value)) return undefined;
  return `${place}: ${JSON.stringify(value)} is none of ${allowed.filter((one) => one !== '').join(', ')}`;
}

/**
 * What is misspelt in a value: a name that its schema does not know, or a choice that is none. Told at once and without the library that
 * holds a value against the whole schema, which takes a promise: in code, types say the rest.
 */
export function findUnknownKey(shape: KeySchema, value: unknown, place = ''): string | undefined {
  // Codes have a message of their own, which says where they are listed.
  if (shape.enum && value !== undefined && shape.enum.length < 40) return checkChoice(shape.enum, value, place);
  if (typeof value !== 'object' || value === null) return undefined;
  const { items, properties } = shape;
  if (items && Array.isArray(value)) return firstOf(value, (one, index) => findUnknownKey(items, one, `${place}[${index}]`));
  if (!properties || Array.isArray(value)) return undefined;
  return firstOf(Object.entries(value), ([name, part]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known) return findUnknownKey(known, part, at(place, name));
    return `${at(place, name)}: unknown name; known here: ${Object.keys(properties).join(', ')}`;
  });
}

function firstOf<Item>(items: readonly Item[], look: (item: Item, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const slip = look(item, index);
    if (slip !== undefined) return slip;
  }
  return undefined;
}
