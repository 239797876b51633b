// FNV-1a, because it needs no library and is the same everywhere.
function hash(text: string, seed: number): number {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}

/**
 * Returns the items in an order that depends on the seed and their keys only.
 *
 * @param keyOf a text that differs between the items
 */
export function shuffled<Item>(items: readonly Item[], seed: number, keyOf: (item: Item) => string): Item[] {
  const keyed = items.map((item) => ({ item, place: hash(keyOf(item), seed) }));
  return keyed.sort((a, b) => a.place - b.place).map(({ item }) => item);
}
