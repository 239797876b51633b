/** Something that keeps keys in the order they came. */
interface Kept {
  readonly size: number;
  keys(): Iterable<string>;
  delete(key: string): unknown;
}

/** Lets the oldest go where more than so many are kept. */
export function forgetOldest(kept: Kept, limit: number): void {
  if (kept.size <= limit) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}
