/**
 * Does work for each item, several at a time, and returns the results in the order of the items.
 *
 * @param isStopped asked before each item; the rest is left out when it returns true. Default: it never is
 */
export async function forEachInOrder<Item, Result>(
  items: readonly Item[],
  jobs: number,
  work: (item: Item) => Promise<Result>,
  isStopped: () => boolean = () => false,
): Promise<Result[]> {
  const results: { readonly result: Result }[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length && !isStopped()) {
      const index = next++;
      results[index] = { result: await work(items[index] as Item) };
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, worker));
  return results.flatMap((done) => (done ? [done.result] : []));
}
