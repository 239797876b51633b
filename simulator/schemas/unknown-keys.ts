/** The JSON Schema subset needed to detect misspelled keys. */
export interface KeySchema {
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly items?: KeySchema;
  readonly enum?: readonly unknown[];
}

// Longer lists are lists of response codes. The check of the code itself reports where they are listed.
const LONGEST_ENUM = 40;

const joinPath = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

function checkEnum(allowed: readonly unknown[], value: unknown, path: string): string | undefined {
  if (allowed.includes(value)) return undefined;
  return `${path}: ${JSON.stringify(value)} is not one of ${allowed.filter((choice) => choice !== '').join(', ')}`;
}

/**
 * Returns a message about the first key that the schema does not know, or the first value that is not one of its enum, with the path to it
 * (`fault.reply: …`). Returns undefined if there is none.
 *
 * It is synchronous and needs no library, unlike `validate()`. Code that is type-checked needs no more than this.
 */
export function findUnknownKey(schema: KeySchema, value: unknown, path = ''): string | undefined {
  if (schema.enum && value !== undefined && schema.enum.length < LONGEST_ENUM) return checkEnum(schema.enum, value, path);
  if (typeof value !== 'object' || value === null) return undefined;
  const { items, properties } = schema;
  if (items && Array.isArray(value)) return firstMessage(value, (item, index) => findUnknownKey(items, item, `${path}[${index}]`));
  if (!properties || Array.isArray(value)) return undefined;
  return firstMessage(Object.entries(value), ([name, part]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known) return findUnknownKey(known, part, joinPath(path, name));
    return `${joinPath(path, name)}: unknown name; known here: ${Object.keys(properties).join(', ')}`;
  });
}

function firstMessage<Item>(items: readonly Item[], check: (item: Item, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const message = check(item, index);
    if (message !== undefined) return message;
  }
  return undefined;
}
